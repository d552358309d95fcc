#!/usr/bin/env bash
# Runs one scenario of Tests/SystemdTests/Scenarios on a freshly booted Debian 12, and ends with its status.
#
#   run-scenario.sh NAME WORK DEB DEB_NEXT BUILD
#     NAME       a script of Scenarios, without .sh
#     WORK       folder for what is kept between runs (the Debian root) and for scratch
#     DEB        the package; DEB_NEXT the same one with a higher version
#     BUILD      SwiftPM's folder of products: quarterctl and the fixtures
#
# Exit status: 0 passed; 124 over its time limit; 125 nothing could be booted; anything else failed. The journal of
# the run is WORK/NAME.journal, one JSON object a line.
set -euo pipefail

if (($# != 5)); then
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
tools=$(cd "$(dirname "$0")" && pwd)
name=$1
mkdir -p "$2"
work=$(realpath "$2")
deb=$(realpath "$3")
deb_next=$(realpath "$4")
build=$(realpath "$5")
scenario=$tools/../Scenarios/$name.sh
if [[ ! -f $scenario ]]; then
    echo "run-scenario: no scenario is called $name" >&2
    exit 2
fi

# One at a time: they are about time, and all use one root.
exec 9>"$work/lock"
flock 9

"$tools/debian-root.sh" "$work/debian-root" "$deb"

# What the scenario needs of this machine, in a folder that is bound into the booted system.
hand=$work/handed-over
rm -rf --one-file-system "$hand" "$work/scratch"
mkdir -p "$hand/fixtures" "$work/scratch"
trap 'rm -rf --one-file-system "$hand" "$work/scratch"' EXIT
cp "$tools"/../Scenarios/*.sh "$hand/"
cp "$deb" "$hand/quarter.deb"
cp "$deb_next" "$hand/quarter-next.deb"
cp "$build"/{SteadyClient,SandboxProbe,libHangingCalls.so,libTrappingFixture.so} "$hand/fixtures/"
"$build/quarterctl" demo "$hand/demo" >/dev/null

outside=
if [[ $name == outside ]]; then
    outside=$hand/outside
    "$tools/outside-module.sh" "$build/quarterctl" "$deb" "$work/outside-module" "$outside"
fi

# Seconds that a scenario may take, booting included: some five times what it takes on two cores.
case $name in
    steady | watchdog | quarantine | outside) limit=300 ;;
    *) limit=180 ;;
esac

result=0
TMPDIR=$work/scratch "$tools/with-systemd.sh" -r "$work/debian-root" -b "$hand" -t "$limit" -j "$work/$name.journal" \
    -- env --unset=TMPDIR DEB="$hand/quarter.deb" DEB_NEXT="$hand/quarter-next.deb" FIXTURES="$hand/fixtures" DEMO="$hand/demo" \
    OUTSIDE="$outside" LANG=C.UTF-8 bash "$hand/$name.sh" 9>&- || result=$?
if ((result == 124)); then echo "run-scenario: $name took over $limit s"; fi
exit "$result"
