#!/usr/bin/env bash
# Every public declaration of the SDK says since which version it is there, and none is from a version to come: an
# author reads there which kit a module needs. Usage: kit-since.sh FOLDER
set -euo pipefail
cd "$1"

kit=Plugins/ServiceTypeKit/Sources
header=$kit/CQuarterABI/include/quarter_abi.h
epoch=$(sed -nE 's/^#define QUARTER_KIT_EPOCH ([0-9]+)$/\1/p' "$header")
minor=$(sed -nE 's/^#define QUARTER_KIT_MINOR ([0-9]+)$/\1/p' "$header")

out=$(mktemp --directory)
trap 'rm -rf "$out"' EXIT
for module in DirectoryModel ServiceTypeKit; do
    mapfile -t files < <(find "$kit/$module" -name '*.swift' | LC_ALL=C sort)
    swiftc -emit-module -enable-library-evolution -swift-version 6 -module-name "$module" -I "$out" \
        -emit-symbol-graph -emit-symbol-graph-dir "$out" -symbol-graph-minimum-access-level public \
        -emit-module-path "$out/$module.swiftmodule" "${files[@]}"
done

# What the compiler adds itself has no location, or is marked as synthesised.
jq --raw-output --argjson epoch "$epoch" --argjson minor "$minor" '
    .symbols[] | select(.location and (.identifier.precise | contains("SYNTHESIZED") | not))
    | ([.docComment.lines[]?.text | capture("^Since: (?<epoch>[0-9]+)\\.(?<minor>[0-9]+)$")] | first) as $since
    | "\(.location.uri | sub(".*/"; "")):\(.location.position.line + 1): \(.pathComponents | join("."))" as $name
    | if $since == null then "\($name) says no Since:"
      elif [($since.epoch | tonumber), ($since.minor | tonumber)] > [$epoch, $minor] then
          "\($name) is since \($since.epoch).\($since.minor), and the kit is \($epoch).\($minor)"
      else "ok" end' "$out"/*.symbols.json >"$out/words"
if grep --invert-match --quiet '^ok$' "$out/words"; then
    grep --invert-match '^ok$' "$out/words"
    echo "Write “/// Since: $epoch.$minor” as the last line of the doc comment of what is new."
    exit 1
fi
echo "$(wc -l <"$out/words") public declarations say since when they are there"
