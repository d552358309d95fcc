#!/usr/bin/env bash
# A module that traps twice, or hangs, is quarantined at the third start: the rest goes on, everything that tells an
# administrator says so, and a release brings it back.
# shellcheck source=Tests/SystemdTests/Scenarios/lib.sh
source "$(dirname "$0")/lib.sh"
install_package "$DEB"
install_trap_module
import_town
expect 'the module of the test' loaded "$(module_state trapping)"

# A write that ends the daemon; the next process answers.
end_in_module() { # NAME-OF-THE-PLACE EVENTS-EXPECTED
    local old
    old=$(main_process)
    mark=$(journal_mark)
    put_place x trap_shop "$1"
    expect "an answer to a place called “$1”" 000 "$status"
    wait_until 15 'another process serves' serves_as_another_than "$old"
    expect_event "$mark" module_ended
    expect 'QUARTER_MODULE of module_ended' trapping "$(field QUARTER_MODULE)"
    expect 'entries of module_ended' 1 "$(events "$mark" module_ended | jq length)"
}
expect_quarantined() {
    expect 'the state of the module' quarantined "$(module_state trapping)"
    expect_event "$mark" module_quarantined
    expect 'QUARTER_MODULE of module_quarantined' trapping "$(field QUARTER_MODULE)"
    wait_until 3 'STATUS names the module' status_has trapping
    expect_match 'STATUS' 'quarantined' "$(status_text)"
    http_is 200 "$public" GET /v1/health
    expect 'the state of health' degraded "$(of .state)"
    expect_match 'problems of health' 'trapping|libTrapModule' "$(of '.problems | join("; ")')"
    expect_match 'systemctl status' 'trapping' "$(systemctl status --no-pager --lines=0 quarterd.service)"
}
expect_rest_serves() {
    http_is 200 "$public" GET '/v1/reach?origin=kiosk-demo-1&type=canteen&profile=elder'
    expect 'highlights of another module' true "$(of '[.places[].highlights | length > 0] | all and length > 0')"
    put_place rest convenience_store '小店'
    expect 'a write of another type' 200 "$status"
    expect 'modules that are not loaded' '["trapping"]' \
        "$(quarterctl modules --json | jq --compact-output '[.modules[] | select(.state != "loaded").id]')"
}

say 'the first trap'
end_in_module trap
expect 'the state after one trap' loaded "$(module_state trapping)"
expect 'events of module_quarantined' '[]' "$(events "$mark" module_quarantined)"

say 'the second trap'
end_in_module trap
expect_quarantined
expect_rest_serves
say "STATUS: $(status_text)"

say 'it stays so through a restart'
systemctl restart quarterd.service
expect 'the state after a restart' quarantined "$(module_state trapping)"

say 'release'
mark=$(journal_mark)
quarterctl modules release trapping >/dev/null
expect 'the state after a release' loaded "$(module_state trapping)"
expect_event "$mark" module_released
expect 'QUARTER_MODULE of module_released' trapping "$(field QUARTER_MODULE)"
put_place x trap_shop sound
expect 'a write of its type' 200 "$status"

say 'a hang and a trap count together'
drop_in test <<'END'
[Service]
WatchdogSec=3s
END
systemctl restart quarterd.service
end_in_module loop
expect 'the state after a hang' loaded "$(module_state trapping)"
end_in_module trap
expect_quarantined
expect_rest_serves
quarterctl modules release trapping >/dev/null
expect 'the state after a release' loaded "$(module_state trapping)"
say 'passed'
