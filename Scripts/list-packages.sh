#!/usr/bin/env bash
# Prints the Debian packages of a list (Scripts/apt-packages.txt unless another is named); with --missing only those
# that are not installed. Usage: list-packages.sh [--missing] [LIST]
set -euo pipefail
cd "$(dirname "$0")/.."

only_missing=no
if [[ ${1:-} == --missing ]]; then
    only_missing=yes
    shift
fi
list=${1:-Scripts/apt-packages.txt}

while read -r name _; do
    if [[ -z $name || $name == \#* ]]; then continue; fi
    if [[ $only_missing == yes ]]; then
        # dpkg says so in its exit code for unknown names and in the status for removed ones.
        status=$(dpkg-query --show --showformat='${db:Status-Status}' "$name" 2>/dev/null || true)
        if [[ $status == installed ]]; then continue; fi
    fi
    echo "$name"
done <"$list"
