#!/usr/bin/env bash
# Prints a manual page of this folder with what stands in the programs and in the error table filled in.
# Usage: render.sh PAGE.in BUILD-FOLDER VERSION SECONDS-SINCE-1970
#
# Lines of the page that are one word between @ are replaced: @SYNOPSIS@, @OPTIONS@ and @COMMANDS@ by what the
# program says of itself, @EXIT_STATUS@ by docs/errors.md, which is made from the code.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
page=$1
build=$2
version=$3
# mdoc's way of writing a day, whatever the locale.
day=$(LC_ALL=C date --utc --date="@$4" '+%B %-d, %Y')
program=$(basename "$page" | cut --delimiter=. --fields=1)

part() { "$build/$program" --experimental-dump-help | jq --raw-output --arg part "$1" --from-file "$here/manual.jq"; }

# One item a status, with the meanings of all errors that end with it: | `code` | HTTP | exit | meaning |
exit_statuses() {
    awk -F ' *[|] *' '/^[|] `/ {
        gsub(/`/, "", $2); gsub(/`/, "", $5); gsub(/\\/, "\\e", $5); gsub(/[.] /, ".\n", $5); gsub(/\n/, "\036", $5)
        print $4 "\t.It " $4 "\t" $2 ": " $5
    }' "$here/../../docs/errors.md" | sort --numeric-sort --stable --key=1,1 |
        awk -F '\t' '{ gsub(/\036/, "\n") } $2 != last { print $2; last = $2; print $3; next } { print ".br\n" $3 }'
}

while IFS= read -r line; do
    case $line in
        @SYNOPSIS@ | @OPTIONS@ | @COMMANDS@) part "$(tr -d @ <<<"${line,,}")" ;;
        @EXIT_STATUS@) exit_statuses ;;
        *)
            line=${line//@DATE@/$day}
            printf '%s\n' "${line//@VERSION@/$version}"
            ;;
    esac
done <"$page"
