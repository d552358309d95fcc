#!/usr/bin/env bash
# No answer asks for memory more often than it may: counted in the debug build, and in the release build where there is
# one of the present sources. A file allocations.txt in the folder is held instead of the program's own, if there is
# one. Usage: allocations.sh FOLDER
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
allowed=$root/Tests/Fixtures/AllocationCounter/allocations.txt
if [[ -e $1/allocations.txt ]]; then allowed=$(cd "$1" && pwd)/allocations.txt; fi
cd "$root"

if ! made=$(Scripts/build.sh --product AllocationCounter 2>&1); then
    tail -n 20 <<<"$made"
    exit 1
fi
words=$(.build/debug/AllocationCounter etc/quarter/types.d "$allowed") || {
    echo "$words"
    exit 1
}
optimised=.build/release/AllocationCounter
if [[ ! -e $optimised ]]; then
    words+="; there is no release build"
elif [[ -n $(find Sources Plugins Tests/Fixtures -name '*.swift' -newer "$optimised" -print -quit) ]]; then
    words+="; the release build is older than its sources and was left out"
else
    more=$("$optimised" etc/quarter/types.d "$allowed") || {
        echo "$more"
        exit 1
    }
    words+="; $more"
fi
echo "$words"
