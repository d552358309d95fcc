#!/usr/bin/env bash
# Makes a Python with Playwright and axe-core under .build, once, and prints its path: what drives the browser of
# Tests/BrowserTests. The browser is the system's own; nothing else is fetched. Prints why on the error output, and
# fails, where there is no venv, pip or index.
set -euo pipefail
cd "$(dirname "$0")/.."

playwright=1.65.2
axe=0.1.8
folder=$PWD/.build/browser-$playwright-$axe
if [[ ! -x $folder/bin/python3 ]] ||
    ! "$folder/bin/python3" -c 'import playwright, axe_playwright_python' 2>/dev/null; then
    rm -rf "$folder"
    for tool in venv ensurepip; do
        if ! python3 -c "import $tool" 2>/dev/null; then
            echo "no python3 with $tool (Debian: python3-venv): the browser tests are left out" >&2
            exit 1
        fi
    done
    mkdir -p .build
    # Some 50 MB: in three minutes there is an index or there is none.
    if ! python3 -m venv "$folder" >&2 ||
        ! timeout 180 "$folder/bin/pip" install --quiet --disable-pip-version-check --retries 1 --timeout 15 \
            "playwright==$playwright" "axe-playwright-python==$axe" >&2; then
        rm -rf "$folder"
        echo "playwright $playwright or axe-playwright-python $axe is not to be had here: the browser tests are left out" >&2
        exit 1
    fi
fi
echo "$folder/bin/python3"
