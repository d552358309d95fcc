#!/usr/bin/env bash
# Builds, brings the demo town into an empty state folder, and runs the daemon in the foreground.
# Usage: run.sh STATE-FOLDER KIOSK-ADDRESS DEMO(yes|no)
set -euo pipefail
cd "$(dirname "$0")/.."
state=$1
kiosk=$2
demo=$3

Scripts/build.sh -c release
bin=.build/release
mkdir -p "$state"

# Only an empty folder gets the demo: a city of your own stays alone in its folder. The town is written and taken
# in each time, so that it is that of this version; what has not changed costs a moment and changes nothing.
if [[ $demo == yes ]] && { [[ -e $state/demo ]] || ! compgen -G "$state/*.sqlite" >/dev/null; }; then
    "$bin/quarterctl" demo "$state/demo" >/dev/null
    # The map first: the kiosks of the second file name the buildings that they stand in. The reports are for
    # who brings in a register; here the progress on stderr is enough.
    "$bin/quarterctl" --state "$state" import osm "$state/demo/demo-town.osm.pbf" --json >/dev/null
    "$bin/quarterctl" --state "$state" import communities "$state/demo/demo-communities.geojson" --json >/dev/null
    "$bin/quarterctl" --state "$state" import records "$state/demo/demo-records.json" --json >/dev/null
fi

"$bin/quarterd" --state "$state" --kiosk "$kiosk" &
daemon=$!
# A shell without job control starts its background commands deaf to Ctrl-C, so that is passed on as well.
trap 'kill -TERM "$daemon" 2>/dev/null || true' INT TERM HUP

for _ in {1..100}; do
    if ! kill -0 "$daemon" 2>/dev/null; then wait "$daemon"; fi
    if "$bin/quarterctl" --socket "$state/public.sock" status >/dev/null 2>&1; then break; fi
    sleep 0.1
done

ctl="$bin/quarterctl"
# ./.run is where quarterctl looks by itself.
if [[ $state != .run ]]; then ctl+=" --state $state"; fi
cat <<HINT

quarterd is up: $state/public.sock, $state/admin.sock, http://$kiosk/v1/health (Ctrl-C stops it).
Three commands to try, in another terminal in this folder:

HINT
if [[ -e $state/demo ]]; then
    cat <<HINT
  $ctl reach --origin kiosk-demo-1 --type canteen --profile elder --open 2026-11-25T11:30+08:00
  $ctl route --origin kiosk-demo-1 --to osm-w900000000602 --profile elder --lang en
  $ctl reach --origin kiosk-demo-14 --type wet_market --type library --type elder_care --open 2026-11-25T09:30+08:00

And the kiosk's page, in a browser: http://$kiosk/kiosk/?origin=kiosk-demo-1
HINT
else
    cat <<HINT
  $ctl import osm ~/Downloads/CITY.osm.pbf
  $ctl status
  $ctl reach --lat LATITUDE --lon LONGITUDE
HINT
fi
echo

# The trap above interrupts a wait, which then has to be taken up again until the daemon is gone.
status=0
while :; do
    wait "$daemon" && status=0 || status=$?
    if ! kill -0 "$daemon" 2>/dev/null; then break; fi
done
exit "$status"
