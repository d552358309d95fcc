#!/usr/bin/env bash
# Every import under Sources/ and Plugins/ against the layer table of docs/architecture.md: the table between
# the comments "layers" and "/layers" is the rule. Each module also says what it may import in a comment at the
# top of a file, and a comment that is a plain list must be the table's. Usage: layers.sh FOLDER
set -euo pipefail
cd "$1"

table=docs/architecture.md
if [[ ! -e $table ]]; then
    echo "$table is missing: it holds the layer table"
    exit 1
fi
mapfile -t files < <(find Sources Plugins -path '*/.build' -prune -o -name '*.swift' -print 2>/dev/null | sort)

awk '
    function trim(text) { gsub(/^[ \t`]+|[ \t`]+$/, "", text); return text }
    function fault(words) { print words; faults++ }
    # The module that a file belongs to, by its path; empty for tests and manifests.
    function owner(path, part) {
        split(path, part, "/")
        if (part[1] == "Sources") return (part[2] in module_in) ? module_in[part[2]] : part[2]
        if (part[1] == "Plugins" && part[3] == "Sources")
            return (part[2] ~ /Kit$/) ? part[4] : "Plugins/*"
        return ""
    }
    # A list of names as one text, sorted, to compare.
    function sorted(text, entry, amount, i, j, swap) {
        gsub(/[ \t]/, "", text)
        amount = split(text, entry, ",")
        for (i = 2; i <= amount; i++)
            for (j = i; j > 1 && entry[j - 1] > entry[j]; j--) {
                swap = entry[j]; entry[j] = entry[j - 1]; entry[j - 1] = swap
            }
        text = ""
        # The C shim of a module goes without saying.
        for (i = 1; i <= amount; i++) if (entry[i] !~ /^C[A-Z]/) text = text entry[i] ","
        return text
    }
    BEGIN {
        # What comes with the toolchain or the system may be imported everywhere.
        split("Swift Foundation FoundationEssentials Glibc Musl Dispatch Synchronization Testing", word, " ")
        for (i in word) system_module[word[i]] = 1
    }
    FILENAME == table {
        if ($0 ~ /<!-- layers -->/) { inside = 1; next }
        if ($0 ~ /<!-- \/layers -->/) { inside = 0; next }
        if (!inside || $0 !~ /^\|/) next
        count = split($0, cell, "|")
        name = trim(cell[3])
        # "Name (Folder)" where the folder is called otherwise.
        if (match(name, / \([A-Za-z]+\)$/)) {
            folder = substr(name, RSTART + 2, RLENGTH - 3)
            name = substr(name, 1, RSTART - 1)
            module_in[folder] = name
        }
        if (name == "module" || name ~ /^-+$/ || name == "") next
        if (count != 7) { fault(table ":" FNR ": a row of " (count - 2) " cells, 5 are needed"); next }
        known[name] = 1
        ours[name] = sorted(trim(cell[5]))
        sources = trim(cell[5])
        everything[name] = (sources == "all")
        amount = split(sources, entry, ",")
        for (i = 1; i <= amount; i++) may[name, trim(entry[i])] = 1
        amount = split(trim(cell[6]), entry, ",")
        for (i = 1; i <= amount; i++) may[name, trim(entry[i])] = 1
        next
    }
    {
        if (FNR == 1) {
            module = owner(FILENAME)
            if (module != "") {
                seen[module] = 1
                if (!(module in known)) fault(FILENAME ": " module " has no row in " table)
            }
        }
        if (module == "") next
        if ($0 ~ /^\/\/ May import[: ]/) {
            says[module] = 1
            comment = $0
            sub(/^\/\/ May import:? */, "", comment)
            listing = 1
        } else if (listing && $0 ~ /^\/\/ /) comment = comment " " substr($0, 4)
        else listing = 0
        if (listing && comment ~ /\./) {
            listing = 0
            sub(/\..*$/, "", comment)
            if (comment ~ /^[A-Z][A-Za-z]*(, *[A-Z][A-Za-z]*)*$/ && sorted(comment) != ours[module])
                fault(FILENAME ":" FNR ": the comment says " comment ", the table otherwise")
        }
        line = $0
        sub(/^[ \t]*/, "", line)
        if (line !~ /^(@[A-Za-z_]+(\([^)]*\))? +)*((public|package|internal|fileprivate|private) +)?import +/) next
        sub(/^.*import +/, "", line)
        sub(/^(struct|class|enum|protocol|typealias|func|let|var) +/, "", line)
        sub(/[^A-Za-z0-9_].*$/, "", line)
        imported++
        if ((line in system_module) || line == module || (module, line) in may) next
        if (everything[module] && (line in known)) next
        fault(FILENAME ":" FNR ": " module " may not import " line)
    }
    END {
        for (name in known) {
            if (name ~ /^C[A-Z]/) continue
            if (!(name in seen)) fault(table ": the row " name " has no folder")
            else if (!(name in says) && name != "Plugins/*")
                fault(name ": no file says \"// May import: …\" at its top")
        }
        if (faults) exit 1
        print imported " imports keep to the table"
    }' table="$table" "$table" "${files[@]}"
