#!/usr/bin/env bash
# A service-type module imports the kit and nothing else: not even Foundation, which costs 6 ms at start and a
# copy of anything more. Usage: module-imports.sh FOLDER
set -euo pipefail
cd "$1"

found=0
count=0
while IFS= read -r -d '' file; do
    count=$((count + 1))
    while IFS=: read -r line text; do
        echo "$file:$line: a module may import ServiceTypeKit, DirectoryModel and CQuarterABI only: $text"
        found=1
    done < <(
        grep --line-number --extended-regexp '^ *(@[A-Za-z_]+(\([^)]*\))? +)*([a-z]+ +)?import +' "$file" |
            grep --invert-match --extended-regexp \
                'import +((struct|class|enum|protocol|typealias|func|let|var) +)?(ServiceTypeKit|DirectoryModel|CQuarterABI)(\.[A-Za-z]+)?$' ||
            true
    )
done < <(find Plugins -path '*/.build' -prune -o -path '*/Sources/*' -name '*.swift' \
    -not -path 'Plugins/ServiceTypeKit/*' -not -path 'Plugins/ServiceTypeTestKit/*' -print0 | sort --zero-terminated)
if ((count == 0)); then
    echo 'no module has any source: is this the right folder?'
    exit 1
fi
if ((found)); then exit 1; fi
echo "$count files of modules import the kit only"
