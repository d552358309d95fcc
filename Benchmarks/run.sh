#!/usr/bin/env bash
# Measures Quarter: opening times and names, service types, the bounded search against a C++ yardstick, the answer in one process,
# and the daemon from outside, on the demo town and, where they are, on real maps. Prints a report, and keeps it.
# Usage: run.sh [CPU]   everything that is timed runs pinned to that core (default 0).
set -euo pipefail
cd "$(dirname "$0")/.."
cpu=${1:-0}
bin=.build/release
work=.build/bench
maps=../shared/data/osm
tile=../shared/tools/tile.py
mkdir -p "$work"

swift build -c release --product quarter-bench
g++ -O3 -std=c++17 -o "$work/bounded" Benchmarks/yardstick/bounded.cpp

pinned() { taskset --cpu-list "$cpu" "$@"; }

# state NAME MAP: a state folder with the map imported, made once; with what the demo town's office knows, too.
state() {
    if [[ -e $work/$1/network.qnet ]]; then return; fi
    mkdir -p "$work/$1"
    "$bin/quarterctl" --state "$work/$1" import osm "$2" >"$work/$1.import.txt"
    if [[ $1 == demo ]]; then
        "$bin/quarterctl" --state "$work/$1" import communities "$work/demo-town/demo-communities.geojson" \
            >>"$work/$1.import.txt"
        "$bin/quarterctl" --state "$work/$1" import records "$work/demo-town/demo-records.json" >>"$work/$1.import.txt"
    fi
}

# measure NAME MAP: the search, the answer, the daemon.
measure() {
    local folder=$work/$1
    state "$1" "$2"
    echo
    echo "## $1"
    echo
    "$bin/quarter-bench" dump "$2" "$folder/network.qnet" "$folder/dump.txt"
    # Turn about, so that whatever else the machine does falls on both.
    for _ in 1 2 3; do
        pinned "$work/bounded" "$folder/network.qnet" "$folder/dump.txt"
        pinned "$bin/quarter-bench" search "$folder/network.qnet" "$folder/dump.txt"
    done
    pinned "$bin/quarter-bench" labels "$folder/network.qnet" "$folder/dump.txt"
    pinned "$bin/quarter-bench" reach "$folder"
    pinned "$bin/quarter-bench" modules "$folder"
    pinned "$bin/quarter-bench" daemon "$folder" "$bin/quarterd"
}

# The yardstick of opening times in the same run, where it is to be had: QUARTER_ORACLE_PYTHON, or what tests made.
compare_opening() {
    local python=${QUARTER_ORACLE_PYTHON:-}
    if [[ -z $python ]] && ! python=$(Scripts/oracle-python.sh 2>/dev/null); then
        echo '(opening-hours-py is not here and was not measured)'
        return
    fi
    pinned "$python" Benchmarks/yardstick/opening.py
}

report=$work/report.md
{
    echo "# Benchmarks of $(git describe --always --dirty 2>/dev/null || echo 'an unversioned tree')"
    echo
    echo "- $(grep --max-count=1 'model name' /proc/cpuinfo | cut -d: -f2- | xargs), $(nproc) cores, core $cpu"
    echo "- load $(cut -d' ' -f1-3 /proc/loadavg), $(swift --version 2>/dev/null | head -n 1)"
    echo "- client and daemon on one core; 15 minutes at 1.11 m/s, 1,000 seeded origins, 50 places"
    echo
    echo '## opening times'
    echo
    pinned "$bin/quarter-bench" opening etc/quarter/calendars
    compare_opening
    echo
    echo '## registers'
    echo
    rm -rf "$work/registers" && mkdir -p "$work/registers"
    # Reading and writing share the work: on all cores.
    "$bin/quarter-bench" registers "$work/registers" 100000
    echo
    echo '## names'
    echo
    pinned "$bin/quarter-bench" names ../shared/data/text
    "$bin/quarterctl" demo "$work/demo-town" >/dev/null
    measure demo "$work/demo-town/demo-town.osm.pbf"
    for map in nanjing-xinjiekou malta; do
        if [[ -e $maps/$map.osm.pbf ]]; then
            measure "$map" "$maps/$map.osm.pbf"
        else
            echo
            echo "($map is not here and was left out)"
        fi
    done
    big=$work/big.osm.pbf
    if [[ ! -e $big && -e $tile ]] && command -v osmium >/dev/null && python3 -c 'import osmium' 2>/dev/null; then
        python3 "$tile" "$maps/wuhan-streets.osm.pbf" "$big" 4 --npois 50000 --seed 1 \
            --pois "$maps/nanjing-xinjiekou.osm.pbf,$maps/beijing-wudaokou.osm.pbf" >/dev/null
    fi
    if [[ -e $big ]]; then
        measure big "$big"
    else
        echo
        echo '(the network of a million nodes is left out: it needs tile.py, osmium-tool and pip install osmium)'
    fi
} | tee "$report"
echo
echo "kept in $report"
