#!/usr/bin/env bash
# Prints the Debian packages of Scripts/apt-packages.txt; with --missing only those that are not installed.
set -euo pipefail
cd "$(dirname "$0")/.."

while read -r name _; do
    if [[ -z $name || $name == \#* ]]; then continue; fi
    if [[ ${1:-} == --missing ]]; then
        # dpkg says so in its exit code for unknown names and in the status for removed ones.
        status=$(dpkg-query --show --showformat='${db:Status-Status}' "$name" 2>/dev/null || true)
        if [[ $status == installed ]]; then continue; fi
    fi
    echo "$name"
done <Scripts/apt-packages.txt
