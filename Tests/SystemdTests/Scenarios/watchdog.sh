#!/usr/bin/env bash
# Real hangs: of the engine (the lock of its names is held for good), of the store (SQLite does not come back) and of a module (an
# endless loop). Each is seen by the watchdog within its interval, named in the journal, and mended by a restart. A
# healthy daemon lives on, idle and under load.
# shellcheck source=Tests/SystemdTests/Scenarios/lib.sh
source "$(dirname "$0")/lib.sh"
interval=3    # seconds
install_package "$DEB"
install_trap_module
install -D --mode=644 "$FIXTURES/libHangingCalls.so" /usr/lib/quarter-test/libHangingCalls.so
mkdir -p /run/quarter-test
drop_in test <<END
[Service]
WatchdogSec=${interval}s
Environment=LD_PRELOAD=/usr/lib/quarter-test/libHangingCalls.so
END
import_town
expect 'the module of the test' loaded "$(module_state trapping)"
grep --quiet libHangingCalls "/proc/$(main_process)/maps" || fail 'libHangingCalls' 'loaded' 'not'

say 'a healthy daemon, idle'
healthy=$(main_process)
mark=$(journal_mark)
end=$((SECONDS + 3 * interval))
# Time itself is what is waited for here: nothing may happen in it.
while ((SECONDS < end)); do
    expect 'the process of an idle daemon' "$healthy" "$(main_process)"
    sleep 0.5
done

say 'a healthy daemon, under load'
steady_start load 200
end=$((SECONDS + 3 * interval))
while ((SECONDS < end)); do
    expect 'the process of a busy daemon' "$healthy" "$(main_process)"
    sleep 0.5
done
steady_stop load
expect_unbroken load
expect 'watchdog events of a healthy daemon' '[]' "$(events "$mark" watchdog)"

# Waits for the end of the process that hangs, and looks at what the journal says.
expect_watchdog() { # CAUSE
    local cause=$1 old=$process began=$2 gone back
    wait_until $((interval * 4)) "the watchdog ends a hang of the $cause" has_ended "$old"
    gone=$(milliseconds)
    # This connects while nobody serves: it waits in the socket, and is answered.
    http_is 200 "$public" GET "$reach"
    back=$(milliseconds)
    expect_event "$mark" watchdog
    say "$cause: ended after $((gone - began)) ms, answered $((back - gone)) ms later: $(field MESSAGE)"
    expect_at_most "milliseconds from the hang of the $cause to the end" $((2 * interval * 1000)) $((gone - began))
    expect 'QUARTER_CAUSE' "$cause" "$(field QUARTER_CAUSE)"
    expect 'the process that wrote it' "$old" "$(field _PID)"
    expect 'its PRIORITY' 2 "$(field PRIORITY)"
    expect 'watchdog events' 1 "$(events "$mark" watchdog | jq length)"
    expect "systemd's own word about the $cause" true \
        "$(entries "$mark" '.MESSAGE | strings | test("Watchdog (timeout|request)")' | jq 'length > 0')"
}

for cause in engine store; do
    say "hang of the $cause"
    wait_until 10 'the daemon serves' serves
    process=$(main_process)
    mark=$(journal_mark)
    printf '%s' "$process" >"/run/quarter-test/hang-$cause"
    expect_watchdog "$cause" "$(milliseconds)"
done

say 'hang of a module'
wait_until 10 'the daemon serves' serves
process=$(main_process)
mark=$(journal_mark)
put_place x trap_shop loop &
expect_watchdog module "$(milliseconds)"
expect 'QUARTER_MODULE' trapping "$(field QUARTER_MODULE)"
expect_event "$mark" module_ended
expect 'QUARTER_MODULE of the end' trapping "$(field QUARTER_MODULE)"
http_is 404 "$public" GET /v1/places/x
expect 'automatic restarts' 3 "$(restarts)"

say 'alive afterwards'
process=$(main_process)
end=$((SECONDS + 2 * interval))
while ((SECONDS < end)); do
    expect 'the process afterwards' "$process" "$(main_process)"
    sleep 0.5
done
say 'passed'
