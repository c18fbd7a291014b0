#!/usr/bin/env bash
# Installs what runs OpenCL kernels without a GPU: PoCL (on the processor), oclgrind (an interpreter that finds faults), and the loader under the name
# that ILGPU asks for (libOpenCL.so, which only the development package has). Needs apt, and root unless all is installed. Prints little.
set -euo pipefail

packages=(ocl-icd-libopencl1 ocl-icd-opencl-dev pocl-opencl-icd oclgrind)

fail() {
    echo "install-opencl: $*" >&2
    exit 1
}

command -v dpkg-query >/dev/null || fail "only Debian and its kin are served"
missing=()
for package in "${packages[@]}"; do
    [[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" == installed ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
    echo "install-opencl: all installed"
    exit 0
fi

[[ "$(id -u)" == 0 ]] || fail "root is needed to install ${missing[*]}"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get -q update && apt-get -q install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -20 "$log" >&2
    fail "could not install ${missing[*]}"
fi
echo "install-opencl: installed ${missing[*]}"
