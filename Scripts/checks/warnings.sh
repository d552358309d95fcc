#!/usr/bin/env bash
# No warning in a build of Quarter's own code. A build log named build.log in the folder is looked at instead,
# if there is one. Usage: warnings.sh FOLDER
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$1"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if [[ -e build.log ]]; then
    cp build.log "$log"
else
    # A compiler warns only about what it compiles: make all of our own newer than what was built of it.
    mapfile -t paths < <("$root/Scripts/swift-folders.sh" | grep --invert-match Benchmarks)
    find "${paths[@]}" -name .build -prune -o \( -name '*.swift' -o -name '*.cpp' -o -name '*.c' \) \
        -exec touch {} +
    if ! "$root/Scripts/build.sh" --build-tests >"$log" 2>&1; then
        tail -n 40 "$log"
        exit 1
    fi
fi
# Those of fetched packages are their authors'.
if grep --extended-regexp '(^|[^a-z])warning:' "$log" | grep --invert-match '/\.build/checkouts/' | sort --unique; then
    echo 'the build warns'
    exit 1
fi
echo 'the build is silent'
