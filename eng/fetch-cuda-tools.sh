#!/usr/bin/env bash
# Puts NVIDIA's ptxas, cuobjdump and nvdisasm, with libdevice and libnvvm, into a folder: CUDA 12.4 as Debian 13 packages it, extracted and not installed.
# They need no GPU and no driver, only glibc, so they run on Debian 12 too. Downloaded (about 95 MB) and never committed: the licence is NVIDIA's.
# Usage: eng/fetch-cuda-tools.sh DIR, then KERNELGEN_CUDA_TOOLS=DIR for the tests. Needs apt and a Debian mirror that it is configured for; not root.
set -euo pipefail

suite=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
packages=(nvidia-cuda-toolkit libnvvm4)
wanted=(usr/bin/ptxas usr/bin/cuobjdump usr/bin/nvdisasm)

fail() {
    echo "fetch-cuda-tools: $*" >&2
    exit 1
}

[[ $# == 1 ]] || fail "usage: $0 DIR"
mkdir -p "$1"
dir="$(cd "$1" && pwd)"

# The mark is written last, so a fetch that was cut short is done again.
mark="$dir/.complete-$suite"
if [[ -e "$mark" ]]; then
    echo "fetch-cuda-tools: $dir is complete"
    exit 0
fi

[[ "$(uname -s)-$(uname -m)" == Linux-x86_64 ]] || fail "only Linux on x86-64 is served"
for tool in apt-get dpkg-deb awk tar; do
    command -v "$tool" >/dev/null || fail "$tool is needed"
done
[[ -r "$keyring" ]] || fail "$keyring is needed (package debian-archive-keyring)"

# Addresses of the archives that apt is configured for, of either format of its files. Security archives lack the package.
archives() {
    local files=()
    shopt -s nullglob
    files=(/etc/apt/sources.list.d/*.sources)
    ((${#files[@]} == 0)) || awk '/^URIs:/ { for (i = 2; i <= NF; i++) print $i }' "${files[@]}"
    files=(/etc/apt/sources.list /etc/apt/sources.list.d/*.list)
    for file in "${files[@]}"; do
        [[ ! -r "$file" ]] || sed -nE 's/^deb +(\[[^]]*\] +)?([^ ]+) .*/\2/p' "$file"
    done
    shopt -u nullglob
}

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/debs" "$work/files"
: > "$work/status"

# A state of its own: the machine's package lists are neither read nor changed.
own_apt() {
    apt-get -qq -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" \
        -o Dir::State::status="$work/status" -o APT::Sandbox::User=root -o Acquire::Retries=3 -o Acquire::Languages=none "$@"
}

fetched=
while IFS= read -r archive; do
    [[ "$archive" != *security* ]] || continue
    echo "deb [arch=amd64 signed-by=$keyring] $archive $suite main contrib non-free" > "$work/sources.list"
    if own_apt update >"$work/log" 2>&1 && (cd "$work/debs" && own_apt download "${packages[@]}") >>"$work/log" 2>&1; then
        fetched=1
        break
    fi
done < <(archives | awk '!seen[$0]++')

if [[ -z "$fetched" ]]; then
    [[ ! -s "$work/log" ]] || tail -5 "$work/log" >&2
    fail "no archive that apt is configured for serves ${packages[*]} of Debian $suite"
fi

for package in "$work"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$work/files"
done
for path in "${wanted[@]}"; do
    [[ -x "$work/files/$path" ]] || fail "the packages hold no $path"
    install -D -m 755 "$work/files/$path" "$dir/$path"
done
for path in usr/lib/nvidia-cuda-toolkit/libdevice usr/lib/x86_64-linux-gnu; do
    mkdir -p "$dir/$path"
    find "$work/files/$path" -mindepth 1 -maxdepth 1 \( -name 'libdevice*' -o -name 'libnvvm*' \) -exec cp -a {} "$dir/$path/" \;
done
"$dir/usr/bin/ptxas" --version | tail -1
touch "$mark"
