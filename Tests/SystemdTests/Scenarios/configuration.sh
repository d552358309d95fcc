#!/usr/bin/env bash
# A wrong configuration, at the first start, at a later start and at a reload: no restart loop, no refused connection,
# and the line is named. A right one is in effect when `systemctl reload` returns.
# shellcheck source=Tests/SystemdTests/Scenarios/lib.sh
source "$(dirname "$0")/lib.sh"
install_package "$DEB"
types=/etc/quarter/types.d

good() { # PROFILE
    printf '[walking]\ndefault_profile = "%s"\n' "$1" >"$configuration"
}
# Wrong in its fourth line.
bad() { printf '[walking]\ndefault_profile = "frail"\n# “minute” is no key\ndefault_minute = 10\n' >"$configuration"; }
profile() { http_is 200 "$public" GET /v1/profiles && of '.profiles[] | select(.default).id'; }
expect_status_names_line() {
    wait_until 3 'STATUS names file and line' status_has 'quarter.toml:4'
    expect_match 'systemctl status' 'quarter\.toml:4' "$(systemctl status --no-pager --lines=0 quarterd.service)"
}

say '1. wrong at the first start'
bad
mark=$(journal_mark)
# The daemon answers 503 meanwhile: that is an answer, and no refusal.
steady_start first 100 /v1/health
for socket in "$public" "$admin" "$kiosk"; do
    http "$socket" GET "$reach"
    expect "the answer on $socket" '503 configuration_invalid' "$status $(of .code)"
    expect_match "the location on $socket" 'quarter\.toml:4' "$(of .location)"
done
expect 'the unit' active "$(systemctl is-active quarterd.service)"
expect_status_names_line
expect_event "$mark" not_serving
expect_match 'the message of not_serving' 'quarter\.toml:4' "$(field MESSAGE)"
expect 'QUARTER_CODE of not_serving' configuration_invalid "$(field QUARTER_CODE)"
process=$(main_process)
# A restart loop would show within this time, with RestartSec at a tenth of a second.
end=$((SECONDS + 3))
while ((SECONDS < end)); do
    expect 'the process' "$process" "$(main_process)"
    sleep 0.2
done
expect 'automatic restarts' 0 "$(restarts)"
systemctl reload quarterd.service && fail 'systemctl reload with the wrong file' 'another exit status than 0' 0
expect 'the unit after a failed reload' active "$(systemctl is-active quarterd.service)"

good elder
systemctl reload quarterd.service || fail 'systemctl reload with a right file' 'exit status 0' "$?"
expect 'the process after the reload' "$process" "$(main_process)"
expect 'the default profile' elder "$(profile)"
import_town
steady_stop first
expect_none_refused first
expect 'client first: failed' 0 "$(steady first .failed)"
expect 'client first: statuses besides 200' '["503"]' "$(steady first '.other_status | keys | tojson')"
if [[ $(status_text) == *quarter.toml* ]]; then fail 'STATUS once mended' 'nothing of quarter.toml' "$(status_text)"; fi

say '2. wrong at a later start: the last valid one serves'
steady_start later 100
bad
mark=$(journal_mark)
systemctl restart quarterd.service
expect 'the default profile' elder "$(profile)"
expect_status_names_line
expect_event "$mark" configuration_fallback
expect_match 'the message of configuration_fallback' 'quarter\.toml:4' "$(field MESSAGE)"
http_is 200 "$public" GET /v1/health
expect 'the state of health' degraded "$(of .state)"
expect_match 'problems of health' 'quarter\.toml:4' "$(of '.problems | join("; ")')"
say "STATUS: $(status_text)"
# A declared type that is wrong, too: the last valid types serve.
good elder
systemctl reload quarterd.service
if [[ $(status_text) == *quarter.toml* ]]; then fail 'STATUS once mended' 'nothing of quarter.toml' "$(status_text)"; fi
http_is 200 "$public" GET /v1/types/bakery
cp "$types/bakery.toml" "$work/bakery.toml"
printf 'id = "bakery"\nnonsense = 1\n' >"$types/bakery.toml"
mark=$(journal_mark)
systemctl restart quarterd.service
http_is 200 "$public" GET /v1/types/bakery
expect_event "$mark" configuration_fallback
expect_match 'the message of configuration_fallback' 'bakery\.toml:[0-9]' "$(field MESSAGE)"
wait_until 3 'STATUS names the file of the type' status_has 'bakery.toml'
cp "$work/bakery.toml" "$types/bakery.toml"
systemctl reload quarterd.service

say '3. wrong at a reload: nothing changes'
process=$(main_process)
bad
mark=$(journal_mark)
systemctl reload quarterd.service && fail 'systemctl reload with the wrong file' 'another exit status than 0' 0
expect 'the default profile' elder "$(profile)"
expect_event "$mark" reload_failed
expect_match 'the message of reload_failed' 'quarter\.toml:4' "$(field MESSAGE)"
expect_status_names_line
expect 'the process' "$process" "$(main_process)"
expect 'the unit' active "$(systemctl is-active quarterd.service)"

say '4. right at a reload: in effect when it returns'
for wanted in wheelchair standard pushchair; do
    good "$wanted"
    systemctl reload quarterd.service
    expect 'the default profile right after the reload' "$wanted" "$(profile)"
done
if [[ $(status_text) == *quarter.toml* ]]; then fail 'STATUS once mended' 'nothing of quarter.toml' "$(status_text)"; fi
sed 's/^id = .*/id = "test_bakery"/; /^\[\[osm\]\]/,$d' "$work/bakery.toml" >"$types/test_bakery.toml"
mark=$(journal_mark)
systemctl reload quarterd.service
http_is 200 "$public" GET /v1/types/test_bakery
expect_event "$mark" reloaded
printf '\n[admin]\ngroup = "quarter"\n' >>"$configuration"
mark=$(journal_mark)
systemctl reload quarterd.service
expect_event "$mark" restart_needed
expect_match 'the message of restart_needed' 'admin\.group' "$(field MESSAGE)"
expect 'the process' "$process" "$(main_process)"
expect 'automatic restarts' 0 "$(restarts)"
steady_stop later
expect_unbroken later
say 'passed'
