#!/usr/bin/env bash
# No file names a path of the machine that it was made on: this folder, the one around it, the home folder, the
# toolchain's, or anybody's under /home and /Users. Usage: machine-paths.sh FOLDER
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$1"

paths=("$root")
around=$(dirname "$root")
# A folder right under / is a machine's own choice; /usr, /tmp and their like are everybody's.
case $around in / | /usr | /tmp | /var | /srv | /opt | /home) ;; *) paths+=("$around") ;; esac
if [[ -n ${HOME:-} && $HOME != / ]]; then paths+=("$HOME"); fi
if swift=$(command -v swift); then
    toolchain=$(dirname "$(dirname "$(dirname "$(readlink -f "$swift")")")")
    case $toolchain in / | /usr) ;; *) paths+=("$toolchain") ;; esac
fi
pattern=$(printf '%s\n' "${paths[@]}" | sed 's/[][\.*^$+?(){}|]/\\&/g' | paste --serial --delimiters='|')
pattern="(^|[^A-Za-z0-9._/-])(($pattern)(/|[^A-Za-z0-9._-]|\$)|/(home|Users)/[a-z]+/)"

list() {
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git ls-files --cached --others --exclude-standard -z
    else
        find . -type f -print0
    fi
}
count=0
found=0
while IFS= read -r -d '' file; do
    if [[ ! -f $file || $file == Scripts/checks/fixtures/* ]]; then continue; fi
    count=$((count + 1))
    if grep --with-filename --line-number --binary-files=without-match --extended-regexp "$pattern" "$file"; then
        found=1
    fi
done < <(list)
if ((count == 0)); then
    echo 'no file at all: is this the right folder?'
    exit 1
fi
if ((found)); then
    echo 'a path of this machine stands in the files above'
    exit 1
fi
echo "$count files name no path of this machine"
