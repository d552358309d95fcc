#!/usr/bin/env bash
# Looks at what Quarter needs on this machine and says how to mend what is missing. Changes nothing.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

faults=0
good() { printf '  ✔ %s\n' "$1"; }
bad() {
    printf '  ✘ %s\n      %s\n' "$1" "$2"
    faults=$((faults + 1))
}

echo 'Toolchain'
if words=$(Scripts/require-swift.sh 2>&1); then
    good "$(swift --version 2>/dev/null | grep --only-matching 'Swift version [0-9.]*') at $(command -v swift)"
else
    bad 'Swift 6.3' "${words//$'\n'/$'\n'      }"
fi
for tool in make git; do
    if command -v "$tool" >/dev/null; then good "$tool"; else bad "$tool" "apt-get install $tool"; fi
done

echo 'Libraries (Scripts/apt-packages.txt)'
if command -v dpkg-query >/dev/null; then
    missing=$(Scripts/list-packages.sh --missing)
    for package in $(Scripts/list-packages.sh); do
        if grep --quiet --line-regexp --fixed-strings "$package" <<<"$missing"; then
            bad "$package" "make deps, or: apt-get install $package"
        else
            good "$package $(dpkg-query --show --showformat='${Version}' "$package")"
        fi
    done
else
    bad 'dpkg' "this is no Debian; install the libraries that Scripts/apt-packages.txt names"
fi

echo 'Room'
# A debug and a release build with all packages took 2.4 GB; twice that leaves room for tests.
free=$(df --output=avail --block-size=1M . | tail -n 1 | tr -d ' ')
if ((free >= 5000)); then
    good "$((free / 1000)) GB free for .build"
else
    bad "$free MB free" 'a debug and a release build need 5 GB in this folder: make clean, or another disk'
fi

echo 'Kiosk address'
if (exec 3<>/dev/tcp/127.0.0.1/8315) 2>/dev/null; then
    good '127.0.0.1:8315 is taken: by your quarterd, or start with make run KIOSK=127.0.0.1:8316'
else
    good '127.0.0.1:8315 is free'
fi

echo
if ((faults > 0)); then
    echo "$faults thing(s) to mend."
    exit 1
fi
echo 'All there. Next: make test, make run.'
