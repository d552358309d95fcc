#!/usr/bin/env bash
# SwiftPM does not rebuild dependants when only a C header of another package changes: host and modules would
# keep the old ABI stamp. So when the header's text differs from that of the last build, its importers are
# made newer than their objects. Usage: touch-abi-dependants.sh SCRATCH-FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$1

header=Plugins/ServiceTypeKit/Sources/CQuarterABI/include/quarter_abi.h
note=$scratch/quarter_abi.sha256
sum=$(sha256sum <"$header")
if [[ -e $note && $(<"$note") == "$sum" ]]; then exit 0; fi
if [[ -d $scratch ]]; then
    mapfile -t importers < <(
        grep --recursive --files-with-matches --extended-regexp --include='*.swift' \
            '^([a-z@]+ )*import CQuarterABI' Sources Plugins Tests Benchmarks 2>/dev/null || true
    )
    if ((${#importers[@]} > 0)); then touch "${importers[@]}"; fi
fi
mkdir -p "$scratch"
echo "$sum" >"$note"
