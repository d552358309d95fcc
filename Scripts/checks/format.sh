#!/usr/bin/env bash
# swift format's lint, strict, by .swift-format. Usage: format.sh FOLDER
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$1"

paths=()
for path in Package.swift Sources Plugins Tests Benchmarks; do
    if [[ -e $path ]]; then paths+=("$path"); fi
done
# Lists the files itself: a package's .build folder may lie below these paths.
mapfile -t files < <(find "${paths[@]}" -name .build -prune -o -name '*.swift' -print | sort)
if ((${#files[@]} == 0)); then
    echo 'no Swift file: is this the right folder?'
    exit 1
fi
swift format lint --strict --parallel --configuration "$root/.swift-format" "${files[@]}"
echo "${#files[@]} files are formatted"
