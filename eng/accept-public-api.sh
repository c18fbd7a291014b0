#!/usr/bin/env bash
# Writes the public API as it is now to PublicAPI.Unshipped.txt of each library: what is new is added, what is gone is dropped.
set -euo pipefail

if [[ "${CI:-}" == "true" ]]; then
    echo "The public API is accepted by a person, never by a build." >&2
    exit 1
fi

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
for library in KernelGen KernelGen.Gpu; do
    project="$root/src/$library/$library.csproj"
    unshipped="$root/src/$library/PublicAPI.Unshipped.txt"

    dotnet restore "$project" -v quiet
    printf '#nullable enable\n' > "$unshipped"
    dotnet format analyzers "$project" --no-restore --severity warn --diagnostics RS0016 RS0017
    dotnet build "$project" -v quiet --no-restore
    git -C "$root" diff --stat -- "$unshipped"
done
