#!/usr/bin/env bash
# Makes a Python with a package of the benches under .build, once, and prints its path: osmium, which makes the large
# map, or pandana, which is asked beside Quarter. Prints why on the error output, and fails, where there is no venv, pip
# or index.
# Usage: bench-python.sh osmium|pandana
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1:-} in
osmium) version=4.3.2 ;;
pandana) version=0.8 ;;
*)
    echo "usage: $0 osmium|pandana" >&2
    exit 64
    ;;
esac
folder=$PWD/.build/bench-$1-$version
if [[ ! -x $folder/bin/python3 ]] || ! "$folder/bin/python3" -c "import $1" 2>/dev/null; then
    rm -rf "$folder"
    for tool in venv ensurepip; do
        if ! python3 -c "import $tool" 2>/dev/null; then
            echo "no python3 with $tool (Debian: python3-venv)" >&2
            exit 1
        fi
    done
    mkdir -p .build
    # pandana comes with some 200 MB: in three minutes there is an index or there is none.
    if ! python3 -m venv "$folder" >&2 ||
        ! timeout 180 "$folder/bin/pip" install --quiet --disable-pip-version-check --retries 1 --timeout 15 \
            "$1==$version" >&2; then
        rm -rf "$folder"
        echo "$1 $version is not to be had here" >&2
        exit 1
    fi
fi
echo "$folder/bin/python3"
