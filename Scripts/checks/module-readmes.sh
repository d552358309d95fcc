#!/usr/bin/env bash
# Every module's README.md has the same headings, in the same order, each with something under it.
# Usage: module-readmes.sh FOLDER
set -euo pipefail
cd "$1"

headings='What it lists|Attributes and units|Opening rules|Filters|Highlights|Data and licence|Limits'
found=0
count=0
for folder in Plugins/*/; do
    name=$(basename "$folder")
    if [[ $name == ServiceTypeKit || $name == ServiceTypeTestKit ]]; then continue; fi
    count=$((count + 1))
    readme=${folder}README.md
    if [[ ! -e $readme ]]; then
        echo "$readme is missing"
        found=1
        continue
    fi
    awk -v headings="$headings" '
        BEGIN { wanted = split(headings, heading, "|"); next_one = 1 }
        function close_section() {
            if (open != "" && !text) { print FILENAME ": nothing stands under \"" open "\""; faults++ }
        }
        /^## / {
            close_section()
            open = substr($0, 4); text = 0
            if (next_one <= wanted && open == heading[next_one]) next_one++
            else { print FILENAME ":" FNR ": \"" open "\" stands here instead of \"" heading[next_one] "\""; faults++ }
            next
        }
        /[^ \t]/ { text = 1 }
        END {
            close_section()
            for (; next_one <= wanted; next_one++) {
                print FILENAME ": the heading \"" heading[next_one] "\" is missing"; faults++
            }
            exit faults > 0
        }' "$readme" || found=1
done
if ((count == 0)); then
    echo 'Plugins/ holds no module: is this the right folder?'
    exit 1
fi
if ((found)); then exit 1; fi
echo "$count READMEs of modules have their headings"
