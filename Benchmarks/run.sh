#!/usr/bin/env bash
# Measures Quarter: opening times and names, service types, the bounded search against a C++ yardstick, labels against the
# bounded search, answers in one process, the daemon from outside, and Quarter beside its peers (Benchmarks/peers), on the
# demo town and, where they are, on real maps. Prints a report, and keeps it.
# Usage: run.sh [CPU [NETWORK …]]   what is timed runs pinned to that core (default 0); only these networks, without the rest.
set -euo pipefail
cd "$(dirname "$0")/.."
cpu=${1:-0}
only=("${@:2}")
bin=.build/release
work=.build/bench
maps=../shared/data/osm
tile=../shared/tools/tile.py
mkdir -p "$work/states" "$work/maps"

swift build -c release --product quarter-bench
for yardstick in bounded load; do
    g++ -O3 -std=c++17 -o "$work/$yardstick" "Benchmarks/yardstick/$yardstick.cpp"
done

pinned() { taskset --cpu-list "$cpu" "$@"; }

# A Python for Benchmarks/maps, where it is to be had.
mapper=
wants_mapper() {
    [[ -n $mapper ]] || mapper=$(Scripts/bench-python.sh osmium 2>/dev/null)
}

# with_hours NAME: a real map, its places with opening times, made once; the map as it is where that cannot be made.
with_hours() {
    local made=$work/maps/$1.osm.pbf
    if [[ ! -e $made ]]; then
        if wants_mapper; then
            "$mapper" Benchmarks/maps/hours.py "$maps/$1.osm.pbf" "$work/maps/new.osm.pbf" >&2
            mv "$work/maps/new.osm.pbf" "$made"
        else
            made=$maps/$1.osm.pbf
        fi
    fi
    echo "$made"
}

# large_map: a network of a million nodes with 50,000 places that are listed: less than half of what lies about is.
large_map() {
    local made=$work/maps/large.osm.pbf
    if [[ ! -e $made && -e $tile ]] && command -v osmium >/dev/null && wants_mapper; then
        "$mapper" "$tile" "$maps/wuhan-streets.osm.pbf" "$work/maps/tiled.osm.pbf" 4 --npois 117600 --seed 1 \
            --pois "$maps/nanjing-xinjiekou.osm.pbf,$maps/beijing-wudaokou.osm.pbf" >&2
        "$mapper" Benchmarks/maps/hours.py "$work/maps/tiled.osm.pbf" "$work/maps/new.osm.pbf" >&2
        mv "$work/maps/new.osm.pbf" "$made"
        rm "$work/maps/tiled.osm.pbf"
    fi
    [[ -e $made ]] && echo "$made"
}

# state NAME MAP: a state folder with the map imported, made once; with what the demo town's office knows, too.
state() {
    local folder=$work/states/$1
    if [[ -e $folder/network.qnet ]]; then return; fi
    mkdir -p "$folder"
    "$bin/quarterctl" --state "$folder" import osm "$2" >"$folder.import.txt"
    if [[ $1 == demo ]]; then
        "$bin/quarterctl" --state "$folder" import communities "$work/demo-town/demo-communities.geojson" \
            >>"$folder.import.txt"
        "$bin/quarterctl" --state "$folder" import records "$work/demo-town/demo-records.json" >>"$folder.import.txt"
    fi
}

# measure NAME MAP: the search, the answer, the daemon, the peers.
measure() {
    local folder=$work/states/$1
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
    # Labels are made on all cores.
    "$bin/quarter-bench" labels "$folder/network.qnet" "$folder/dump.txt"
    "$bin/quarter-bench" verify "$folder/network.qnet" 100000
    pinned "$bin/quarter-bench" reach "$folder"
    pinned "$bin/quarter-bench" answers "$folder"
    pinned "$bin/quarter-bench" modules "$folder"
    pinned "$bin/quarter-bench" daemon "$folder" "$bin/quarterd"
    # Those of a test, which has no core to itself: how soon is it there?
    "$bin/quarter-bench" daemon "$folder" "$bin/quarterd" | head -n 1
    if command -v python3 >/dev/null; then
        echo
        mkdir -p "$folder.peers"
        cp "$work/bounded" "$work/load" "$folder.peers/"
        "$bin/quarter-bench" peers "$folder" "$folder.peers"
        PYTHONDONTWRITEBYTECODE=1 python3 Benchmarks/peers "$folder" "$folder.peers" "$bin" "$cpu"
    else
        echo '(the peers are left out: there is no python3)'
    fi
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

# What needs no network, or makes its own.
measure_parts() {
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
    echo
    echo '## cost against size'
    echo
    pinned "$bin/quarter-bench" sizes | tee "$work/sizes.csv"
    if command -v python3 >/dev/null; then
        python3 Benchmarks/plot.py "$work/sizes.csv" "$work/cost-by-size.svg"
        echo "drawn in $work/cost-by-size.svg"
    fi
}

report=$work/report.md
{
    echo "# Benchmarks of $(git describe --always --dirty 2>/dev/null || echo 'an unversioned tree')"
    echo
    echo "- $(grep --max-count=1 'model name' /proc/cpuinfo | cut -d: -f2- | xargs), $(nproc) cores, core $cpu"
    echo "- $(date --utc '+%Y-%m-%d %H:%M UTC'), load $(cut -d' ' -f1-3 /proc/loadavg), $(swift --version 2>/dev/null | head -n 1)"
    echo "- clients and servers on one core; 15 minutes at 1.11 m/s, 1,000 seeded origins, 50 places"
    if ((${#only[@]} == 0)); then
        measure_parts
        only=(demo nanjing-xinjiekou helsinki-center malta large)
    fi
    "$bin/quarterctl" demo "$work/demo-town" >/dev/null
    for name in "${only[@]}"; do
        if [[ $name == demo ]]; then
            measure demo "$work/demo-town/demo-town.osm.pbf"
        elif [[ $name == large ]]; then
            if map=$(large_map); then
                measure large "$map"
            else
                echo
                echo '(the network of a million nodes is left out: it needs tile.py, osmium-tool and osmium from PyPI)'
            fi
        elif [[ -e $maps/$name.osm.pbf ]]; then
            measure "$name" "$(with_hours "$name")"
        else
            echo
            echo "($name is not here and was left out)"
        fi
    done
} | tee "$report"
echo
echo "kept in $report"
