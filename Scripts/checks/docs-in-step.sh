#!/usr/bin/env bash
# The generated files are those that the code generates now. Usage: docs-in-step.sh FOLDER
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$1"

fresh=$(mktemp --directory)
trap 'rm -rf "$fresh"' EXIT
"$root/Scripts/docs.sh" "$fresh" >/dev/null
count=0
found=0
while IFS= read -r name; do
    count=$((count + 1))
    if ! diff --unified=1 --new-file --label "$name" --label 'generated now' "$name" "$fresh/$name"; then
        found=1
    fi
done < <(cd "$fresh" && find . -type f | sed 's|^\./||' | sort)
if ((count == 0)); then
    echo 'nothing was generated'
    exit 1
fi
if ((found)); then
    echo 'these files are behind the code: run make docs'
    exit 1
fi
echo "$count generated files are in step"
