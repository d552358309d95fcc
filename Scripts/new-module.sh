#!/usr/bin/env bash
# Starts a service-type module: Plugins/NAME/ from Scripts/module-template/, and its entry in Package.swift.
# Usage: Scripts/new-module.sh NAME
set -euo pipefail
cd "$(dirname "$0")/.."

# Exit codes as in sysexits.h: 64 for a name that cannot be, 73 for one that is taken.
refuse() {
    echo "new-module: $2" >&2
    exit "$1"
}

name=${1:-}
if [[ -z $name ]]; then refuse 64 'which name? Say make new-module NAME=Laundry'; fi
if [[ ! $name =~ ^[A-Z][A-Za-z0-9]{1,39}$ ]]; then
    refuse 64 "“$name” cannot be a module's name: take 2 to 40 letters and digits, a capital first, such as ShoeRepair"
fi
if [[ $name =~ (Module|Tests|Kit)$ ]]; then
    refuse 64 "“$name” ends in ${BASH_REMATCH[1]}, which is kept for the build's own names: leave it out"
fi
case $name in
    Swift | Foundation | Testing | Glibc | Dispatch | Synchronization | DirectoryModel)
        refuse 64 "“$name” is the name of a library that modules or tests import: take another"
        ;;
esac

# Folders are told apart without regard to case, because some file systems do not.
for folder in Plugins Sources Tests; do
    for entry in "$folder"/*/; do
        entry=$(basename "$entry")
        if [[ ${entry,,} == "${name,,}" ]]; then refuse 73 "$folder/$entry is there already: take another name"; fi
    done
done
if [[ $(grep --count '^let modules = \[' Package.swift) != 1 ]]; then
    refuse 73 'Package.swift has no single line “let modules = [”: add the module there by hand, or mend the line'
fi
if grep --quiet "\"$name\"" Package.swift; then
    refuse 73 "Package.swift names “$name” already: take another name, or remove that entry"
fi

# ShoeRepair: words "shoe repair", id shoe_repair.
words=$(sed --regexp-extended 's/([a-z0-9])([A-Z])/\1 \2/g; s/([A-Z]+)([A-Z][a-z])/\1 \2/g' <<<"$name")
id=${words// /_}
id=${id,,}

# Prints the file that describes the service type $1, if any.
describes() {
    grep --files-with-matches --no-messages "^id *= *\"$1\"" etc/quarter/types.d/*.toml ||
        grep --files-with-matches --no-messages --recursive --include='*.swift' --fixed-strings \
            "ServiceTypeID(unchecked: \"$1\")" Plugins/*/Sources || true
}

if grep --quiet --no-messages --recursive --include='*.swift' --fixed-strings \
    "ModuleID(unchecked: \"$id\")" Plugins/*/Sources; then
    refuse 73 "another module has the id “$id”: take another name"
fi
type=$id
owner=$(describes "$type" | head --lines=1)
note=
if [[ $owner == *.toml ]]; then
    # A declared type may be joined, or later taken over, by code of its own.
    type=${id}_service
    note="$owner declares the type $id, so this module describes $type. To take $id over, delete that file and change
the id in the module's source; places keep their type's id."
    owner=$(describes "$type" | head --lines=1)
fi
if [[ -n $owner ]]; then refuse 73 "$owner describes the type “$type” already: take another name"; fi

# All or nothing: the folder is made beside its place, and moved there when Package.swift is ready, too.
work=$(mktemp --directory Plugins/.new-module.XXXXXX)
trap 'rm -rf "$work"' EXIT
cp --recursive Scripts/module-template "$work/$name"
while IFS= read -r -d '' file; do
    sed --in-place "s/__NAME__/$name/g; s/__TITLE__/$words/g; s/__WORDS__/${words,,}/g
        s/__MODULE_ID__/$id/g; s/__TYPE_ID__/$type/g" "$file"
    target=${file//__NAME__/$name}
    if [[ $file != "$target" ]]; then mv "$file" "$target"; fi
done < <(find "$work/$name" -type f -print0)

# One line while it is short enough for the formatter, one name a line behind that.
awk -v name="$name" '
    /^let modules = \[/ { inside = 1 }
    inside && /^let modules = \[.*\]$/ {
        line = $0
        sub(/\]$/, (line ~ /\[\]$/ ? "" : ", ") "\"" name "\"]", line)
        if (length(line) > 110) {
            sub(/^let modules = \[/, "let modules = [\n    ", line)
            gsub(/, /, ",\n    ", line)
            sub(/\]$/, ",\n]", line)
        }
        print line
        inside = 0
        next
    }
    inside && /^\]/ { print "    \"" name "\","; inside = 0 }
    { print }
' Package.swift >"$work/Package.swift"
if ! grep --quiet "\"$name\"" "$work/Package.swift"; then
    refuse 73 'Package.swift could not be changed: its list “let modules” has an unknown shape'
fi
mv "$work/$name" "Plugins/$name"
cat "$work/Package.swift" >Package.swift

cat <<TEXT
Plugins/$name is there: module $id, service type $type; Package.swift lists it.
${note:+
$note
}
It builds and loads, and fails only these conformance checks until they are filled in:

  manifest_filled_in      names, attributes, selector and source in Plugins/$name/Sources
  search_words_present    searchWords in the same file
  readme_filled_in        each part of Plugins/$name/README.md

Next: make test FILTER=$name    (docs/modules.md explains the rest)
TEXT
