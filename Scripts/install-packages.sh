#!/usr/bin/env bash
# Installs the Debian packages that are missing; does nothing, and asks for nothing, when none is.
# Usage: install-packages.sh [LIST]   LIST is Scripts/apt-packages.txt unless another is named.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    # Not a Debian: the build itself will tell what is missing; the list says what it is called in Debian.
    {
        echo 'There is no apt here, so nothing is installed. Quarter is built with these libraries,'
        echo 'by the names of their Debian packages:'
        Scripts/list-packages.sh "$@" | sed 's/^/  /'
    } >&2
    exit 0
fi

mapfile -t missing < <(Scripts/list-packages.sh --missing "$@")
if ((${#missing[@]} == 0)); then exit 0; fi

as_root=()
if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
        echo "These Debian packages are missing, and there is no sudo: ${missing[*]}" >&2
        echo "Run as root: apt-get install ${missing[*]}" >&2
        exit 77
    fi
    as_root=(sudo)
fi
echo "Installing from apt: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update --quiet=2
"${as_root[@]}" apt-get install --yes --quiet=2 --no-install-recommends "${missing[@]}"
