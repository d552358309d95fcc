#!/usr/bin/env bash
# The backup timer's service, beside a busy daemon; the state destroyed; restore: the same revision and the same
# answers. A damaged backup is refused, and changes nothing.
# shellcheck source=Tests/SystemdTests/Scenarios/lib.sh
source "$(dirname "$0")/lib.sh"
backups=/var/backups/quarter
install_package "$DEB"
import_town

newest() { find "$1" -mindepth 1 -maxdepth 1 -type d -name '*-r[0-9]*' | sort --version-sort | tail -n 1; }
revision_of() { echo "${1##*-r}"; }
# Answers of every kind, one after the other.
answers_of_all_kinds() {
    local path
    for path in "$reach" '/v1/reach?origin=kiosk-demo-14&profile=elder&limit=500' '/v1/places?limit=500' \
        '/v1/origins?limit=500' /v1/communities /v1/communities/demo-nanmen /v1/types /v1/profiles \
        '/v1/route?origin=kiosk-demo-1&to=osm-w900000000602' '/v1/isochrone?origin=kiosk-demo-1' /v1/health; do
        http_is 200 "$public" GET "$path"
        printf '%s\n%s\n' "$path" "$body"
    done
}
# Every file below a folder with its content; not the lock's and the crash marker's, which each process writes anew.
content() { (cd "$1" && find . -type f ! -name lock ! -name module-marker -exec sha256sum {} + | sort --key=2); }
stop_all() {
    systemctl stop quarterd.socket quarterd-admin.socket quarterd-kiosk.socket quarterd-varlink.socket quarterd.service
    wait_until 15 'quarterd stops' is_inactive quarterd.service
}
start_sockets() { systemctl start quarterd.socket quarterd-admin.socket quarterd-kiosk.socket quarterd-varlink.socket; }

say 'the timer'
expect 'the timer' 'enabled active' "$(systemctl is-enabled quarter-backup.timer) $(systemctl is-active quarter-backup.timer)"
expect_match 'its next run' '[0-9]' "$(property quarter-backup.timer NextElapseUSecRealtime)"
expect_match 'what it starts' 'quarter-backup\.service' "$(systemctl list-timers --no-legend quarter-backup.timer)"

say 'a backup beside a busy daemon'
steady_start busy 100
writes_until() { # FILE: writes until the file is gone, and counts what was not acknowledged
    local number=0 lost=0
    while [[ -e $1 ]]; do
        number=$((number + 1))
        put_place "busy-$((number % 50))" convenience_store "小店 $number"
        if [[ $status != 200 ]]; then lost=$((lost + 1)); fi
    done
    echo "$number $lost" >"$work/writes"
}
before=$(revision)
touch "$work/writing"
writes_until "$work/writing" &
writer=$!
for _ in 1 2 3; do
    systemctl start quarter-backup.service || fail 'the backup service' 'exit status 0' "$?"
    made=$(newest "$backups")
    seen=$(revision_of "$made")
    now=$(revision)
    if ((seen < before || seen > now)); then fail 'the revision of a backup' "between $before and $now" "$seen"; fi
    before=$seen
done
rm "$work/writing"
wait "$writer"
read -r written lost <"$work/writes"
say "$written writes beside three backups"
expect 'writes that were not acknowledged' 0 "$lost"
if ((written < 10)); then fail 'writes beside the backups' 'at least 10' "$written"; fi
steady_stop busy
expect_unbroken busy

say 'a quiet backup'
mark=$(journal_mark)
systemctl start quarter-backup.service
made=$(newest "$backups")
expect_event "$mark" backup_made
expect 'QUARTER_REVISION of backup_made' "$(revision)" "$(field QUARTER_REVISION)"
expect 'QUARTER_FOLDER of backup_made' "$made" "$(field QUARTER_FOLDER)"
expect 'the revision in its name' "$(revision)" "$(revision_of "$made")"
expect 'owners of the backup' quarter "$(find "$made" -printf '%u\n' | sort -u)"
expect 'what others may read of it' '' "$(find "$made" -perm /007)"
revision_before=$(revision)
answers_of_all_kinds >"$work/before"

say 'everything destroyed, and restored'
stop_all
find "$state" -mindepth 1 -delete
quarterctl restore "$made" || fail 'quarterctl restore' 'exit status 0' "$?"
expect 'owner and group of the restored files' 'quarter quarter' "$(find "$state" -printf '%u %g\n' | sort -u)"
expect 'mode and owner of the state folder' '750 quarter quarter' "$(stat --format='%a %U %G' "$state")"
start_sockets
expect 'the revision' "$revision_before" "$(revision)"
answers_of_all_kinds >"$work/after"
cmp "$work/before" "$work/after" >&3 2>&3 || fail 'answers after the restore' 'the same bytes as before' \
    "$(diff "$work/before" "$work/after" | cut -c1-300 | head -n 6)"
put_place after-restore convenience_store '恢复之后'
expect 'a write after the restore' 200 "$status"
expect 'the revision after it' $((revision_before + 1)) "$(revision)"

say 'not under a running daemon'
mark=$(content "$state")
quarterctl restore "$made" >"$work/words" 2>&1 && fail 'restore beside a running daemon' 'a refusal' "$(<"$work/words")"
expect 'the state' "$mark" "$(content "$state")"

say 'a damaged backup'
stop_all
held=$(content "$state")
while IFS= read -r file; do
    rm -rf "$work/damaged"
    cp --archive "$made" "$work/damaged"
    target=$work/damaged/${file#"$made/"}
    # One byte in the middle, turned over.
    middle=$(($(stat --format=%s "$target") / 2))
    byte=$(od --address-radix=n --format=u1 --skip-bytes=$middle --read-bytes=1 "$target" | tr -d ' ')
    printf '%b' "\\x$(printf %x $((byte ^ 255)))" | dd of="$target" bs=1 seek=$middle conv=notrunc status=none
    quarterctl restore "$work/damaged" >"$work/words" 2>&1 &&
        fail "restore of a backup with a damaged ${file##*/}" 'a refusal' "$(<"$work/words")"
    expect "the state after refusing a damaged ${file##*/}" "$held" "$(content "$state")"
    say "refused: $(head -n 1 "$work/words")"
done < <(find "$made" -type f -size +0)
start_sockets
expect 'the revision' $((revision_before + 1)) "$(revision)"

say '--keep'
mkdir "$work/kept"
for number in 1 2 3 4; do
    put_place "kept-$number" convenience_store '一家'
    expect "write $number" 200 "$status"
    quarterctl backup --state "$state" --to "$work/kept" --keep 2 >/dev/null
done
now=$(revision)
expect 'backups that are kept' "$((now - 1)) $now" "$(find "$work/kept" -mindepth 1 -maxdepth 1 | sort | sed 's/.*-r//' | paste --serial --delimiters=' ')"
say 'passed'
