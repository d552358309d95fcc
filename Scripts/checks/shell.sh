#!/usr/bin/env bash
# Every script through shellcheck, where it is installed; a syntax check by bash everywhere. Usage: shell.sh FOLDER
set -euo pipefail
cd "$1"

mapfile -t scripts < <(
    find . \( -name .build -o -name fixtures -o -name .git -o -name .run \) -prune -o -type f \
        \( -name '*.sh' -o -path './.ci/run' \) -print | sort
)
if ((${#scripts[@]} == 0)); then
    echo 'no script: is this the right folder?'
    exit 1
fi
for script in "${scripts[@]}"; do
    # Its words count, not only its status: bash 5.2 ends with 0 after some errors.
    if ! words=$(bash -n "$script" 2>&1) || [[ -n $words ]]; then
        echo "${words:-$script cannot be read by bash}"
        exit 1
    fi
done
if command -v shellcheck >/dev/null; then
    # SC1111: “these quotes” in a message are meant.
    shellcheck --shell=bash --exclude=SC1111 "${scripts[@]}"
    echo "${#scripts[@]} scripts pass shellcheck"
else
    # Debian's package is called shellcheck; without it only the syntax is known to be right.
    echo "${#scripts[@]} scripts have no syntax error (shellcheck is not installed)"
fi
