#!/usr/bin/env bash
# Every `package` declaration has a doc comment. swift-format looks at public ones only.
# Usage: package-docs.sh FOLDER
set -euo pipefail
cd "$1"

mapfile -t files < <(find Sources Plugins -path '*/.build' -prune -o -name '*.swift' -print | sort)
if ((${#files[@]} == 0)); then
    echo 'no Swift file: is this the right folder?'
    exit 1
fi
awk '
    FNR == 1 { documented = 0 }
    /^[ \t]*\/\/\// { documented = 1; next }
    /\*\/[ \t]*$/ { documented = 1; next }
    # Attributes and conditions may stand between a comment and its declaration.
    /^[ \t]*@[A-Za-z_]+(\([^)]*\))?[ \t]*$/ || /^[ \t]*#/ { next }
    {
        line = $0
        sub(/^[ \t]*/, "", line)
        while (line ~ /^@[A-Za-z_]+(\([^)]*\))?[ \t]+/) sub(/^@[A-Za-z_]+(\([^)]*\))?[ \t]+/, "", line)
        if (line ~ /(^|^[a-z() ]* )package +[a-z]/ && line !~ /import / && line !~ /^(let|var|case|return|\/\/)/) {
            if (documented) count++
            else { print FILENAME ":" FNR ": no doc comment: " line; faults++ }
        }
        documented = 0
    }
    END {
        if (faults) exit 1
        print count " package declarations have doc comments"
    }' "${files[@]}"
