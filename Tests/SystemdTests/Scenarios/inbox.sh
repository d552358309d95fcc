#!/usr/bin/env bash
# A drop folder, set up as docs/inbox.md says: a clerk drops a table and takes the answer, nobody else's clerk sees
# either, what cannot be read comes back with its reason, and while the daemon is away nothing is lost.
# shellcheck source=Tests/SystemdTests/Scenarios/lib.sh
source "$(dirname "$0")/lib.sh"
spool=/var/spool/quarter
install_package "$DEB"
import_town

say 'what the package brings'
expect 'the timer' 'enabled active' "$(systemctl is-enabled quarter-inbox.timer) $(systemctl is-active quarter-inbox.timer)"
modes() { stat --format='%a %U %G %n' "$@"; }
expect 'modes and owners' "751 quarter quarter $spool
751 root quarter-bridge $spool/inbox
750 quarter-bridge quarter-bridge $spool/archive" "$(modes "$spool" "$spool/inbox" "$spool/archive")"
expect_match 'quarterctl inbox' 'no drop folder' "$(quarterctl inbox)"

say 'two drop folders, each with a group of its own'
drop_folder() { # SOURCE
    groupadd --system "quarter-$1"
    usermod --append --groups "quarter-$1" quarter-bridge
    install -d --owner=quarter-bridge --group="quarter-$1" --mode=2770 "$spool/inbox/$1"
    systemctl enable --quiet --now "quarter-inbox@$1.path"
}
drop_folder canteens
drop_folder libraries
printf 'type = "canteen"\ndatum = "wgs84"\n' >"$spool/inbox/canteens/source.toml"
chmod 644 "$spool/inbox/canteens/source.toml"
group_number() { getent group "$1" | cut --delimiter=: --fields=3; }
clerk() { setpriv --reuid=3901 --regid=3901 --groups "$(group_number quarter-canteens)" "$@"; }
librarian() { setpriv --reuid=3902 --regid=3902 --groups "$(group_number quarter-libraries)" "$@"; }
table() { # FIRST
    printf '编号,名称,经度,纬度\nC%d,食堂%d,118.6925%d,32.0043%d\n' "$1" "$1" "$1" "$1"
}

say 'a clerk drops a table'
cd "$spool/inbox/canteens"
mark=$(journal_mark)
began=$(milliseconds)
table 101 | clerk tee 台账.csv >/dev/null
wait_until 45 'the answer' clerk test -s answers/台账.answer.csv
say "answered after $(($(milliseconds) - began)) ms, of which the file had to lie still for 10,000"
expect_match 'the answer' '食堂101' "$(clerk cat answers/台账.answer.csv)"
wait_until 10 'the table is out of the drop folder' test ! -e 台账.csv
day=$(ls "$spool/archive/canteens")
(cd "$spool/archive/canteens/$day" && sha256sum --check --strict 台账.csv.sha256 >/dev/null) ||
    fail 'what was kept' 'as its digest says' "$(ls -la "$spool/archive/canteens/$day")"
http_is 200 "$public" GET '/v1/places?type=canteen&limit=500'
expect 'the place' 1 "$(of '[.places[] | select(.name == "食堂101")] | length')"
is_noted() { [[ $(entries "$mark" ".SYSLOG_IDENTIFIER == \"quarter-bridge\" and (.MESSAGE | contains(\"$1\"))") != '[]' ]]; }
wait_until 5 'the journal tells of it' is_noted 'took canteens/台账.csv: place: 1 created'
expect 'who did it' quarter-bridge "$(property quarter-inbox.service User)"
clerk rm answers/台账.answer.csv

say 'nobody else sees it'
for path in "$spool/inbox" "$spool/inbox/canteens" "$spool/archive" "$spool/archive/canteens"; do
    if librarian ls "$path" >/dev/null 2>&1; then fail "another source's clerk in $path" 'denied' 'allowed'; fi
done
if clerk ls "$spool/archive" >/dev/null 2>&1; then fail 'the clerk in the archive' 'denied' 'allowed'; fi

say 'nothing runs when nothing comes'
systemctl stop quarter-inbox.timer
wait_until 30 'the service rests' is_inactive quarter-inbox.service
sleep 1
started=$(property quarter-inbox.service ExecMainStartTimestampMonotonic)
sleep 4
expect 'the last start' "$started" "$(property quarter-inbox.service ExecMainStartTimestampMonotonic)"

say 'what cannot be read'
(umask 077 && table 102 | clerk tee 私.csv >/dev/null)
clerk ln --symbolic "$state/directory.sqlite" 链接.csv
echo 'no workbook' | clerk tee 坏.xlsx >/dev/null
clerk mkdir 文件夹
wait_until 45 'the reasons' clerk test -s failed/坏.xlsx.reason.txt -a -s failed/链接.csv.reason.txt \
    -a -s failed/文件夹.reason.txt -a -s failed/私.csv.reason.txt
expect_match 'the reason' '文件内容无法识别.*then move the file back' "$(clerk cat failed/坏.xlsx.reason.txt)"
expect_match 'quarterctl inbox' 'canteens +[01] +[34] +1 ' "$(quarterctl inbox)"
clerk chmod 640 failed/私.csv
clerk mv failed/私.csv .
wait_until 45 'the answer to what was mended' clerk test -s answers/私.answer.csv

say 'the daemon is away'
systemctl stop quarterd.socket quarterd-admin.socket quarterd-kiosk.socket quarterd-varlink.socket quarterd.service
mark=$(journal_mark)
table 103 | clerk tee 新.csv >/dev/null
wait_until 45 'the journal says why it stays' is_noted 'all files stay for the next run'
expect 'the file' 新.csv "$(clerk ls | grep 新)"
expect 'failed units' '' "$(systemctl list-units --failed --plain --no-legend)"
systemctl start quarterd.socket quarterd-admin.socket quarterd-kiosk.socket quarterd-varlink.socket quarter-inbox.timer
wait_until 90 'the answer, by the timer' clerk test -s answers/新.answer.csv

say 'kill -9 in a run'
http_is 200 "$admin" GET '/v1/imports?limit=100'
before=$(of '.imports | length')
for number in 104 105 106; do
    table "$number" | clerk tee "第$number.csv" >/dev/null
done
# While it waits for them to lie still, and again when it takes them.
wait_until 15 'a run' test "$(property quarter-inbox.service ActiveState)" != inactive
for _ in 1 2 3 4 5 6 7 8; do
    systemctl kill --signal=SIGKILL quarter-inbox.service 2>/dev/null || true
    sleep 0.3
    systemctl reset-failed quarter-inbox.service 2>/dev/null || true
    systemctl start --no-block quarter-inbox.service
    sleep 1.4
done
for number in 104 105 106; do
    wait_until 90 "the answer to $number" clerk test -s "answers/第$number.answer.csv" -a ! -e "第$number.csv"
done
http_is 200 "$admin" GET '/v1/imports?limit=100'
expect 'imports, each once' $((before + 3)) "$(of '.imports | length')"
cd /

say 'remove keeps what clerks dropped, and stops the watching'
dpkg --remove quarter >"$work/dpkg.log" 2>&1 || fail 'dpkg --remove' 'exit status 0' "$(<"$work/dpkg.log")"
expect 'units after remove' '' "$(systemctl list-units --all --plain --no-legend 'quarter*' | grep --invert-match not-found || true)"
dpkg --purge quarter >"$work/dpkg.log" 2>&1 || fail 'dpkg --purge' 'exit status 0' "$(<"$work/dpkg.log")"
if [[ ! -s $spool/archive/canteens/$day/台账.csv ]]; then fail 'what was taken, after purge' 'kept' 'gone'; fi
say 'passed'
