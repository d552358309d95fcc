#!/usr/bin/env bash
# The unit's STATUS: what the directory holds, kept current, and that it is stopping. How long a street with thousands
# of places takes to start is printed, and not judged: that is the benchmarks' work.
# shellcheck source=Tests/SystemdTests/Scenarios/lib.sh
source "$(dirname "$0")/lib.sh"
install_package "$DEB"
import_town
shape='^3 communities, [0-9,]+ places, [0-9]+ types, [0-9]+ modules, revision [0-9]+'

say 'what it says'
wait_until 3 'STATUS has the revision' status_has "revision $(revision)"
expect_match 'STATUS' "$shape" "$(status_text)"
say "$(status_text)"
expect_match 'systemctl status' 'Status: "3 communities' "$(systemctl status --no-pager --lines=0 quarterd.service)"

say 'kept current'
for number in 1 2 3 4 5; do
    put_place "status-$number" convenience_store '一家'
    expect "write $number" 200 "$status"
    wanted="revision $(of .revision)"
    wrote=$(milliseconds)
    wait_until 5 "STATUS has $wanted" status_has "$wanted"
    took=$(($(milliseconds) - wrote))
    expect_at_most "milliseconds until STATUS has $wanted" 2100 "$took"
    # Not in step with the daemon's own clock.
    sleep "0.$((number * 3))"
done

say 'STOPPING'
# An upload that takes its time keeps the daemon from ending at once.
mkfifo "$work/slow"
curl --silent --max-time 60 --unix-socket "$admin" --request POST --header 'Content-Type: application/geo+json' \
    --header 'Expect:' --upload-file - 'http://localhost/v1/registers?format=communities' --output /dev/null \
    --write-out '%{http_code}' <"$work/slow" >"$work/slow.status" &
upload=$!
exec 4>"$work/slow"
half=$(($(stat --format=%s "$DEMO/demo-communities.geojson") / 2))
head --bytes="$half" "$DEMO/demo-communities.geojson" >&4
old=$(main_process)
# The daemon has read the beginning of it once its spool holds a file.
has_spooled() { [[ -n $(find /var/spool/quarter -type f -size +0) ]]; }
wait_until 5 'the upload has begun' has_spooled
# Not by systemctl: that the unit is deactivating is then the daemon's own word.
kill -TERM "$old"
is_stopping() { [[ $(property quarterd.service ActiveState) == deactivating ]]; }
wait_until 5 'STOPPING was told' is_stopping
say "STATUS while it stops: $(status_text)"
expect_match 'STATUS while it stops' 'finish|stop' "$(status_text)"
has_ended "$old" && fail 'the daemon while a request is under way' 'waits for it' 'has ended'
tail --bytes="+$((half + 1))" "$DEMO/demo-communities.geojson" >&4
exec 4>&-
wait "$upload" || fail 'the upload that was under way' 'exit status 0' "$?"
expect 'the answer to the upload that was under way' 200 "$(<"$work/slow.status")"
wait_until 20 'another process serves' serves_as_another_than "$old"

say 'start of a street'
for number in {1..10}; do
    http "$admin" PUT "/v1/communities/street-$number" "{\"name\":\"社区$number\"}"
    if [[ $status != 200 ]]; then say "community $number: $status $body"; fi
done
# Five thousand places along the street, in one connection.
for number in {1..5000}; do
    printf 'url = "http://localhost/v1/places/street-%d"\nrequest = PUT\noutput = "/dev/null"\nwrite-out = "%%{http_code}\\n"\n' "$number"
    printf 'unix-socket = "%s"\nsilent\nheader = "Content-Type: application/json"\n' "$admin"
    printf 'data-binary = "{\\"type\\":\\"convenience_store\\",\\"name\\":\\"店%d\\",\\"location\\":{\\"lat\\":32.00%d,\\"lon\\":118.69%d}}"\nnext\n' \
        "$number" $((1000 + number % 4000)) $((1000 + number * 7 % 4000))
done | sed '$d' >"$work/places"
curl --config "$work/places" | sort | uniq --count >"$work/written"
expect 'answers to five thousand writes' '5000 200' "$(sed 's/^ *//' "$work/written")"
times=()
for _ in 1 2 3 4 5; do
    systemctl restart quarterd.service
    times+=($(($(property quarterd.service ActiveEnterTimestampMonotonic) - $(property quarterd.service ExecMainStartTimestampMonotonic))))
done
say "$(status_text)"
say "from the program's start to READY, microseconds: ${times[*]}"
say 'passed'
