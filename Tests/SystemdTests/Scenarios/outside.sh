#!/usr/bin/env bash
# A module from a package outside the repository (quarterctl module new): put in place by its own `make install`, its
# type asked; a version that traps is quarantined, released, and replaced by the sound one. The other modules go on.
# shellcheck source=Tests/SystemdTests/Scenarios/lib.sh
source "$(dirname "$0")/lib.sh"
: "${OUTSIDE:?}"
install_package "$DEB"
import_town
expect 'the module before it is installed' '' "$(module_state piano_room)"

# The recipe of the module's `make install`, run where its package lies.
install_outside() { # VARIANT
    local old
    old=$(main_process)
    (cd "$OUTSIDE/$1" && sh -eu install.sh) >"$work/install.log" 2>&1 ||
        fail "make install of the $1 module" 'exit status 0' "$(<"$work/install.log")"
    wait_until 15 'the daemon was restarted' serves_as_another_than "$old"
    expect "the state of the $1 module" loaded "$(module_state piano_room)"
    expect 'what the install left beside it' 0 \
        "$(find /usr/lib/quarter/modules -name '.*' -type f | wc -l)"
}
# A write that ends the daemon; the next process answers.
end_in_module() {
    local old
    old=$(main_process)
    mark=$(journal_mark)
    put_place x piano_room trap
    expect 'an answer to a place called “trap”' 000 "$status"
    wait_until 15 'another process serves' serves_as_another_than "$old"
    expect_event "$mark" module_ended
    expect 'QUARTER_MODULE of module_ended' piano_room "$(field QUARTER_MODULE)"
}
expect_rest_serves() {
    http_is 200 "$public" GET '/v1/reach?origin=kiosk-demo-1&type=canteen&profile=elder'
    expect 'highlights of another module' true "$(of '[.places[].highlights | length > 0] | all and length > 0')"
    expect 'modules that are not loaded' '["piano_room"]' \
        "$(quarterctl modules --json | jq --compact-output '[.modules[] | select(.state != "loaded").id]')"
}

say 'the sound module'
install_outside sound
expect_match 'quarterctl modules' 'piano_room +1\.0\.0 +loaded' "$(quarterctl modules)"
http_is 200 "$public" GET /v1/types/piano_room
expect 'the name of its type' 琴房 "$(of '.names.zh // .name')"
put_place room piano_room '金龙琴房'
expect 'a write of its type' 200 "$status"
http_is 200 "$public" GET "/v1/reach?$(jq --raw-output '"lat=\(.lat)&lon=\(.lon)"' <<<"$location")&type=piano_room"
expect 'its places within reach' '["room"]' "$(of '[.places[].id] | tojson')"

say 'a version that traps'
install_outside trapping
http_is 200 "$public" GET /v1/places/room
end_in_module
expect 'the state after one trap' loaded "$(module_state piano_room)"
end_in_module
expect 'the state after two' quarantined "$(module_state piano_room)"
expect_event "$mark" module_quarantined
wait_until 3 'STATUS names the module' status_has piano_room
expect_rest_serves

say 'release'
mark=$(journal_mark)
quarterctl module release piano_room >/dev/null
expect 'the state after a release' loaded "$(module_state piano_room)"
expect_event "$mark" module_released
put_place x piano_room '又一间琴房'
expect 'a write of its type' 200 "$status"

say 'the sound version again'
install_outside sound
put_place x piano_room trap
expect 'a place called “trap”' 200 "$status"
say 'passed'
