#!/usr/bin/env bash
# Runs every test of the root package and of the packages nested in it; ends with one line for all of them.
# Usage: test.sh [WORDS]   WORDS are given to `swift test --filter`.
set -euo pipefail
cd "$(dirname "$0")/.."

filter=()
if [[ -n ${1:-} ]]; then filter=(--filter "$1"); fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
runs=0

# Each package builds in a folder of its own under .build, so that the root's build is not disturbed.
run_package() {
    local folder=$1 scratch=$2
    Scripts/touch-abi-dependants.sh "$scratch"
    runs=$((runs + 1))
    if ! swift test --package-path "$folder" --scratch-path "$scratch" --disable-xctest "${@:3}" \
        </dev/null 2>&1 | tee -a "$log"; then
        echo "✘ tests of $folder failed" | tee -a "$log"
        failed=1
    fi
}

# Where nobody is asked, what tests compare with is there before the first of them runs.
if [[ -n ${CI:-} ]]; then
    Scripts/install-packages.sh Scripts/apt-packages-test.txt ||
        echo '(some packages of Scripts/apt-packages-test.txt are not to be had: tests that need them are skipped by name)'
fi

# Opening times and datums are compared with independent readers, and Varlink is asked by a client of others, where they
# are to be had; else those tests are skipped by name.
if [[ -z ${QUARTER_ORACLE_PYTHON:-} && (-z ${1:-} || $1 == *Opening* || $1 == *Datums* || $1 == *Oracle* || $1 == *Varlink*) ]] &&
    python=$(Scripts/oracle-python.sh); then
    export QUARTER_ORACLE_PYTHON=$python
fi

run_package . .build "${filter[@]}"
for manifest in Plugins/*/Package.swift; do
    folder=$(dirname "$manifest")
    if compgen -G "$folder/Tests/*" >/dev/null; then
        run_package "$folder" ".build/nested/$(basename "$folder")" "${filter[@]}"
    fi
done

# The pages are tried in a real browser where there is one, and what drives it; above, and elsewhere, those tests are
# skipped by name. They run alone: pages are about time.
if [[ -z ${1:-} || $1 == *Browser* ]] && python=${QUARTER_BROWSER_PYTHON:-$(Scripts/browser-python.sh)}; then
    export QUARTER_BROWSER_PYTHON=$python
    run_package . .build --filter '^IntegrationTests\.BrowserTests'
    unset QUARTER_BROWSER_PYTHON
fi

# SystemdTests boot a Debian and install Quarter's package in it: that takes root, a Debian that packages are made on,
# and a release build; above, and elsewhere, they are skipped by name. They run alone: they are about time.
make_package() {
    local package next
    Scripts/install-packages.sh Scripts/apt-packages-test.txt &&
        package=$PWD/$(Scripts/deb.sh | tail -n 1) &&
        next=${package%.deb}.next.deb &&
        Tests/SystemdTests/Tools/next-package.sh "$package" "$next" &&
        export QUARTER_DEB=$package QUARTER_DEB_NEXT=$next
}
if [[ -z ${1:-} || $1 == *Systemd* ]] && command -v apt-get dpkg-deb >/dev/null &&
    [[ $(dpkg --print-architecture) == amd64 ]] && Tests/SystemdTests/Tools/can-boot.sh >/dev/null; then
    if make_package; then
        run_package . .build --filter '^SystemdTests\.'
    else
        echo '✘ the Debian package could not be made' | tee -a "$log"
        failed=1
    fi
fi

# The lines of Swift Testing: "✔ Test run with 12 tests in 3 suites passed after 0.1 seconds."
awk -v runs="$runs" -v failed="$failed" -v filtered="${#filter[@]}" '
    /Test run with [0-9]+ tests? / {
        match($0, /with [0-9]+ tests?/)
        split(substr($0, RSTART, RLENGTH), word, " "); tests += word[2]
        if (match($0, /in [0-9]+ suites?/)) {
            split(substr($0, RSTART, RLENGTH), word, " "); suites += word[2]
        }
        if (match($0, /after [0-9.]+ seconds/)) {
            split(substr($0, RSTART, RLENGTH), word, " "); seconds += word[2]
        }
        seen++
    }
    END {
        if (!failed && (filtered ? seen < 1 : seen < runs)) {
            print "✘ a package reported no test run at all"
            failed = 1
        }
        if (runs > 1 || failed)
            printf "%s Test run with %d tests in %d suites %s after %.3f seconds.\n",
                failed ? "✘" : "✔", tests, suites, failed ? "failed" : "passed", seconds
        exit failed
    }' "$log"
