#!/usr/bin/env bash
# Two clients ask 200 times a second, one with a connection for each request and one that keeps its connections, and
# a third one the kiosk's port, through restarts, reloads and an upgrade: every request is answered. Then through five
# kill -9: only what was under way at that very moment is lost.
# shellcheck source=Tests/SystemdTests/Scenarios/lib.sh
source "$(dirname "$0")/lib.sh"
install_package "$DEB"
import_town

say 'restart, reload, upgrade'
steady_start each 200
steady_start kept 200 "$reach" keepalive
steady_socket=$kiosk steady_start kiosk 50
for _ in 1 2 3; do
    old=$(main_process)
    systemctl restart quarterd.service
    if [[ $(main_process) == "$old" ]]; then fail 'systemctl restart' 'another process' "$old"; fi
    wait_until 5 'answers after a restart' serves
done
for _ in 1 2 3; do
    old=$(main_process)
    systemctl reload quarterd.service
    expect 'the process after a reload' "$old" "$(main_process)"
    wait_until 5 'answers after a reload' serves
done
old=$(main_process)
install_package "$DEB_NEXT"
expect 'the version after the upgrade' "$(dpkg-deb --field "$DEB_NEXT" Version)" \
    "$(dpkg-query --show --showformat '${Version}' quarter)"
wait_until 10 'another process serves after the upgrade' serves_as_another_than "$old"
program=$(readlink "/proc/$(main_process)/exe")
expect 'the program after the upgrade' /usr/sbin/quarterd "$program"
for _ in {1..50}; do serves || fail 'a question after all of that' 200 "$status"; done
steady_stop each
steady_stop kept
steady_stop kiosk
for client in each kept kiosk; do expect_unbroken "$client"; done
if (($(steady kept .reused) < 100)); then fail 'the keepalive client' 'reused connections' "$(steady kept .reused)"; fi

say 'kill -9, five times'
steady_start each-kill 200
steady_start kept-kill 200 "$reach" keepalive
steady_socket=$kiosk steady_start kiosk-kill 50
kills=()
for _ in 1 2 3 4 5; do
    wait_until 10 'the daemon serves' serves
    old=$(main_process)
    kill -KILL "$old"
    kills+=("$(milliseconds)")
    wait_until 10 'another process serves after kill -9' serves_as_another_than "$old"
done
expect 'automatic restarts' 5 "$(restarts)"
steady_stop each-kill
steady_stop kept-kill
steady_stop kiosk-kill
say "kills at ${kills[*]}"
for client in each-kill kept-kill kiosk-kill; do
    expect_none_refused "$client"
    expect "client $client: other statuses" '{}' "$(steady "$client" '.other_status | tojson')"
    # Within 20 ms of a kill, since this script's clock is read a moment after it.
    astray=$(jq --compact-output --argjson kills "[$(IFS=,; echo "${kills[*]}")]" '
        [.failures[] | select(. as $one | $kills | all(. < $one.start - 20 or . > $one.end + 20))]' \
        "$work/steady.$client")
    expect "client $client: failures that no kill explains" '[]' "$astray"
    # On two cores a request takes a millisecond: at 200 a second a handful is under way, and no more.
    expect_at_most "client $client: failures in five kills" 50 "$(steady "$client" .failed)"
    expect "client $client: unanswered besides" 0 "$(steady "$client" '.asked - .answered - .failed')"
done
say 'passed'
