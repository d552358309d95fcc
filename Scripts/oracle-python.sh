#!/usr/bin/env bash
# Makes a Python with opening-hours-py, coord-convert and varlink under .build, once, and prints its path: the independent
# readers that OpeningTimesTests and DatumsTests compare with, and the Varlink client that IntegrationTests let ask. Prints
# why on the error output, and fails, where there is no venv, pip or index.
set -euo pipefail
cd "$(dirname "$0")/.."

version=2.1.4
# Installed without what it depends on: only its command needs that.
convert=0.2.1
varlink=31.0.0
what='the oracles of opening times and datums, and the client of Varlink,'
folder=$PWD/.build/oracle-$version-$convert-$varlink
if [[ ! -x $folder/bin/python3 ]] ||
    ! "$folder/bin/python3" -c 'import opening_hours, coord_convert.transform, varlink' 2>/dev/null; then
    rm -rf "$folder"
    # Continuous integration begins on a bare machine; elsewhere nothing is installed for this alone.
    if [[ -n ${CI:-} ]] && ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
        Scripts/install-packages.sh Scripts/apt-packages-test.txt >&2 || true
    fi
    for tool in venv ensurepip; do
        if ! python3 -c "import $tool" 2>/dev/null; then
            echo "no python3 with $tool (Debian: python3-venv): $what are left out" >&2
            exit 1
        fi
    done
    mkdir -p .build
    # In a minute there is an index or there is none.
    if ! python3 -m venv "$folder" >&2 ||
        ! timeout 60 "$folder/bin/pip" install --quiet --disable-pip-version-check --retries 1 --timeout 15 \
            "opening-hours-py==$version" "varlink==$varlink" >&2 ||
        ! timeout 60 "$folder/bin/pip" install --quiet --disable-pip-version-check --retries 1 --timeout 15 \
            --no-deps "coord-convert==$convert" >&2; then
        rm -rf "$folder"
        echo "opening-hours-py $version, varlink $varlink or coord-convert $convert is not to be had here:" \
            "$what are left out" >&2
        exit 1
    fi
fi
echo "$folder/bin/python3"
