#!/usr/bin/env bash
# Runs the snapshot tests, takes what they received as verified, and deletes verified files that nothing produces any more.
set -euo pipefail

if [[ "${CI:-}" == "true" ]]; then
    echo "Snapshots are accepted by a person, never by a build." >&2
    exit 1
fi

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
project="$root/tests/KernelGen.Generator.Tests"
snapshots="$project/Snapshots"
filter="FullyQualifiedName~Snapshots.TileProgramTests|FullyQualifiedName~Snapshots.EmittedFileTests"

# With no verified file in place every test leaves what it received: the new set is complete, and nothing stale survives it.
find "$snapshots" -name '*.received.*' -delete
dotnet build "$project" -c Release -v quiet
find "$snapshots" -name '*.verified.*' -delete
dotnet test "$project" -c Release --no-build --filter "$filter" >/dev/null 2>&1 || true

find "$snapshots" -name '*.received.*' | while IFS= read -r received; do
    mv "$received" "${received/.received./.verified.}"
done

dotnet test "$project" -c Release --no-build --filter "$filter"
git -C "$root" status --short -- "$snapshots"
