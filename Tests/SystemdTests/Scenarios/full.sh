#!/usr/bin/env bash
# The disk of the state folder is full: writes fail with a clear error, reading goes on, a restart makes no loop and
# refuses nobody; when there is room again, everything goes on by itself and nothing is damaged.
# shellcheck source=Tests/SystemdTests/Scenarios/lib.sh
source "$(dirname "$0")/lib.sh"
install_package "$DEB"
stop_service
# Room for the demo town and little more.
mkdir -p "$state"
mount -t tmpfs -o "size=12m,mode=750,uid=$(id -u quarter),gid=$(id -g quarter)" full "$state"
import_town
ballast=$state/ballast
fill() { dd if=/dev/zero of="$ballast" bs=4k status=none 2>/dev/null || true; }
free() { df --output=avail --block-size=1 "$state" | tail -n 1 | tr -d ' '; }

say 'full'
before=$(revision)
steady_start reader 100
fill
expect 'bytes left' 0 "$(free)"
number=0
# The first writes may fit into pages that the store has already.
until put_place "full-$number" convenience_store "第 $number 家" && [[ $status != 200 ]]; do
    number=$((number + 1))
    if ((number > 2000)); then fail 'a write on a full disk' 503 "$number writes were taken"; fi
    fill
done
say "$number writes fitted in"
expect 'the answer to a write' '503 store_unwritable' "$status $(of .code)"
expect_match 'its advice' '[a-z]{4}' "$(of '.advice // ""')"
say "advice: $(of .advice)"
held=$(revision)
expect 'the revision: acknowledged writes count, the refused one does not' $((before + number)) "$held"
http_is 404 "$public" GET "/v1/places/full-$number"
for _ in {1..20}; do serves || fail 'reading on a full disk' 200 "$status: $body"; done

say 'a restart on the full disk'
fill
restarts_before=$(restarts)
steady_stop reader
expect_unbroken reader
steady_start patient 100
systemctl restart quarterd.service || say 'systemctl restart ended with another status than 0'
expect 'the unit' active "$(systemctl is-active quarterd.service)"
process=$(main_process)
http "$public" GET "$reach"
case $status in
    200) ;;
    503) expect_match 'the code of a 503' '^store_unwritable$' "$(of .code)" ;;
    *) fail 'an answer on a full disk' '200 or 503' "$status" ;;
esac
say "it answers $status; STATUS: $(status_text)"
# A restart loop would show within this time.
end=$((SECONDS + 3))
while ((SECONDS < end)); do
    expect 'the process' "$process" "$(main_process)"
    sleep 0.2
done
expect 'automatic restarts on a full disk' "$restarts_before" "$(restarts)"

say 'room again'
rm "$ballast"
freed=$(milliseconds)
can_write() { serves && put_place after convenience_store '又能写了' && [[ $status == 200 ]]; }
wait_until 15 'writes are taken again' can_write
say "a write was taken $(($(milliseconds) - freed)) ms after there was room"
expect 'automatic restarts' "$restarts_before" "$(restarts)"
held=$(revision)
http_is 200 "$public" GET /v1/places/after
http_is 200 "$public" GET /v1/health
expect 'the state of health' ok "$(of .state)"
expect_match 'quarterctl status' ': ok' "$(quarterctl status)"
steady_stop patient
expect_none_refused patient
expect 'client patient: failed' 0 "$(steady patient .failed)"
expect 'client patient: statuses besides 200 and 503' '[]' "$(steady patient '[.other_status | keys[] | select(. != "503")] | tojson')"

say 'nothing is damaged'
systemctl restart quarterd.service
expect 'the revision after a restart' "$held" "$(revision)"
for index in 0 $((number / 2)) $((number - 1)); do
    if ((index >= 0 && index < number)); then http_is 200 "$public" GET "/v1/places/full-$index"; fi
done
stop_service
words=$(setpriv --reuid=quarter --regid=quarter --init-groups quarterd --check --state "$state" 2>&1) ||
    fail 'quarterd --check' 'exit status 0' "$words"
say 'passed'
