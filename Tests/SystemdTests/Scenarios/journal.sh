#!/usr/bin/env bash
# What the journal holds: native fields for every kind of event, catalog texts, and nothing of what people asked.
# shellcheck source=Tests/SystemdTests/Scenarios/lib.sh
source "$(dirname "$0")/lib.sh"
install_package "$DEB"
install_trap_module
start=$(journal_mark)
import_town

say 'a write, by root and by a member of quarter-admin'
mark=$(journal_mark)
put_place journal-1 convenience_store '小店'
expect 'the write' 200 "$status"
written=$(of .revision)
expect_event "$mark" record_written
expect 'QUARTER_REVISION' "$written" "$(field QUARTER_REVISION)"
expect 'QUARTER_PEER_UID' 0 "$(field QUARTER_PEER_UID)"
expect 'QUARTER_COMMUNITY' demo-cuizhuyuan "$(field QUARTER_COMMUNITY)"
expect 'PRIORITY' 6 "$(field PRIORITY)"
expect 'SYSLOG_IDENTIFIER' quarterd "$(field SYSLOG_IDENTIFIER)"
expect '_SYSTEMD_UNIT' quarterd.service "$(field _SYSTEMD_UNIT)"
mark=$(journal_mark)
useradd --uid 3998 --groups quarter-admin keeper
expect 'a write by a member' 200 "$(setpriv --reuid=3998 --regid=3998 --init-groups curl --silent --unix-socket "$admin" \
    --output /dev/null --write-out '%{http_code}' --request PUT --header 'Content-Type: application/json' \
    --data-binary "{\"type\":\"convenience_store\",\"name\":\"小店\",\"location\":$location}" \
    http://localhost/v1/places/journal-2)"
expect_event "$mark" record_written
expect 'QUARTER_PEER_UID' 3998 "$(field QUARTER_PEER_UID)"

say 'refusals'
mark=$(journal_mark)
http_is 403 "$public" PUT /v1/places/journal-3 "{\"type\":\"convenience_store\",\"name\":\"x\",\"location\":$location}"
expect_event "$mark" caller_refused
expect 'QUARTER_CODE' forbidden "$(field QUARTER_CODE)"
expect 'QUARTER_SOCKET' public "$(field QUARTER_SOCKET)"
mark=$(journal_mark)
http_is 421 "$kiosk" GET /v1/health '' --header 'Host: elsewhere.example'
expect_event "$mark" caller_refused
expect 'QUARTER_CODE' foreign_host "$(field QUARTER_CODE)"
expect 'QUARTER_SOCKET' kiosk "$(field QUARTER_SOCKET)"

say 'reload, failed reload, module, stop, start, backup'
mark=$(journal_mark)
printf '[walking]\ndefault_minutes = 10\n' >"$configuration"
systemctl reload quarterd.service
expect_event "$mark" reloaded
expect 'QUARTER_REVISION of reloaded' "$(revision)" "$(field QUARTER_REVISION)"
printf '[walking]\ndefault_minutes = 10\nnonsense = 1\n' >"$configuration"
systemctl reload quarterd.service && fail 'systemctl reload with a wrong file' 'another exit status than 0' 0
expect_event "$mark" reload_failed
expect 'PRIORITY of reload_failed' 3 "$(field PRIORITY)"
failed_id=$(field MESSAGE_ID)
printf '[walking]\ndefault_minutes = 10\n' >"$configuration"
old=$(main_process)
put_place journal-4 trap_shop trap
wait_until 15 'another process serves' serves_as_another_than "$old"
expect_event "$mark" module_ended
expect 'QUARTER_MODULE of module_ended' trapping "$(field QUARTER_MODULE)"
systemctl restart quarterd.service
expect_event "$mark" stopped
expect_event "$mark" ready
expect 'QUARTER_REVISION of ready' "$(revision)" "$(field QUARTER_REVISION)"
systemctl start quarter-backup.service
expect_event "$mark" backup_made
expect_event "$start" register_taken
expect 'QUARTER_PEER_UID of register_taken' 0 "$(field QUARTER_PEER_UID)"

say 'every event is whole'
events=$(entries "$start" .QUARTER_EVENT)
say "$(jq 'length' <<<"$events") events: $(jq --raw-output '[.[].QUARTER_EVENT] | unique | join(" ")' <<<"$events")"
bad=$(jq --compact-output '[.[] | select(
    (.MESSAGE_ID // "" | test("^[0-9a-f]{32}$") | not) or
    (.CODE_FILE // "/" | test("^/|(^|/)\\.\\.(/|$)")) or (.CODE_LINE // "" | test("^[1-9][0-9]*$") | not)
    ) | {QUARTER_EVENT, MESSAGE_ID, CODE_FILE, CODE_LINE}] | .[:3]' <<<"$events")
expect 'events without MESSAGE_ID, CODE_FILE below the tree, and CODE_LINE' '[]' "$bad"
expect 'kinds of event with more than one MESSAGE_ID' '[]' \
    "$(jq --compact-output 'group_by(.QUARTER_EVENT) | map(select(map(.MESSAGE_ID) | unique | length > 1)[0].QUARTER_EVENT)' <<<"$events")"
absolute=$(entries "$start" '.SYSLOG_IDENTIFIER == "quarterd" or .SYSLOG_IDENTIFIER == "quarterctl"' |
    jq --raw-output '.[].CODE_FILE // "" | select(startswith("/"))' | sort -u)
expect 'CODE_FILE of any entry of ours with the path of a build machine' '' "$absolute"

say 'the catalog'
journalctl --dump-catalog >"$work/catalog" 2>/dev/null
while IFS= read -r id; do
    grep --quiet "^-- $id" "$work/catalog" || fail "the catalog" "a text for MESSAGE_ID $id" 'none'
done < <(jq --raw-output '.[].MESSAGE_ID' <<<"$events" | sort -u)
explained=$(journalctl --quiet --no-pager --catalog MESSAGE_ID="$failed_id")
expect_match 'journalctl -x of reload_failed' 'systemctl reload quarterd' "$explained"
expect_match 'journalctl -x of reload_failed' 'Defined-By: Quarter' "$explained"
expect 'fields of the catalog that no entry filled' '' \
    "$(journalctl --quiet --no-pager --catalog --unit=quarterd.service | grep --extended-regexp '@[A-Z_]+@' || true)"

say 'nothing of what people asked'
for path in '/v1/reach?origin=kiosk-demo-1&q=geheimwort' '/v1/reach?lat=32.0043217&lon=118.6924689' \
    '/v1/search?q=geheimwort' '/v1/reach?origin=geheimwort' '/v1/places/geheimwort' '/geheimwort' \
    '/v1/reach?lat=geheimwort&lon=1' '/v1/route?origin=kiosk-demo-1&to=geheimwort' \
    '/v1/reach?origin=kiosk-demo-1&where=geheimwort:eq:1'; do
    for socket in "$public" "$admin" "$kiosk"; do http "$socket" GET "$path"; done
done
# Through to the journal, and past whatever waits to be written.
systemctl restart quarterd.service
serves
journalctl --sync
leaked=$(journalctl --quiet --no-pager --output=export --all --after-cursor="$start" |
    grep --text --extended-regexp 'geheimwort|32\.00432|118\.69246' || true)
expect 'words of questions in the journal' '' "$leaked"
say 'passed'
