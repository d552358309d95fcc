# shellcheck shell=bash
# What the scenarios share. Sourced by each of them, inside the booted Debian, as root.
#
# The environment names what was handed over: DEB, DEB_NEXT (the package, and the same one with a higher version),
# FIXTURES (SteadyClient, SandboxProbe, libHangingCalls.so, libTrappingFixture.so), DEMO (the demo town's files).
set -Eeuo pipefail
: "${DEB:?}" "${DEB_NEXT:?}" "${FIXTURES:?}" "${DEMO:?}"
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive SYSTEMD_PAGER='' SYSTEMD_COLORS=0

public=/run/quarter/public.sock
varlink_socket=/run/quarter/org.quarter.Directory
admin=/run/quarter/admin.sock
# shellcheck disable=SC2034 # the scenarios use it
kiosk=127.0.0.1:8315
# shellcheck disable=SC2034
state=/var/lib/quarter
# shellcheck disable=SC2034
configuration=/etc/quarter/quarter.toml
# Asked again and again; the answer has places, highlights and a walk.
reach='/v1/reach?origin=kiosk-demo-1&limit=5'
# A point of the demo town, for places that a scenario writes.
location='{"lat":32.0043890,"lon":118.6925175}'

work=$(mktemp --directory /var/tmp/scenario.XXXXXX)
chmod 755 "$work"
declare -A steady_process=()

# What a scenario says goes here, from inside a $(...) too.
exec 3>&1
say() { printf '%(%T)T  %s\n' -1 "$*" >&3; }

# Ends the scenario: what it is about, what was expected, what was seen, and what the journal says.
fail() {
    trap - ERR
    {
        printf '\n✘ %s\n' "$1"
        if (($# > 1)); then printf '  expected: %s\n' "$2"; fi
        if (($# > 2)); then printf '  seen:     %s\n' "$3"; fi
        printf '\n-- systemctl status\n'
        systemctl status --no-pager --full --lines=0 'quarter*' || true
        printf '\n-- journal\n'
        journalctl --sync || true
        journalctl --no-pager --output=short-precise --lines=60 || true
    } >&3 2>&1
    exit 1
}
trap 'fail "line $LINENO of ${BASH_SOURCE[0]##*/} failed" "exit status 0" "exit status $?: $BASH_COMMAND"' ERR

# Processes of the scenario's own end with it.
finish() {
    local process
    for process in $(jobs -p); do kill "$process" 2>/dev/null || true; done
}
trap finish EXIT

expect() { # WHAT EXPECTED SEEN
    if [[ $2 != "$3" ]]; then fail "$1" "$2" "$3"; fi
}
expect_match() { # WHAT EXTENDED-REGULAR-EXPRESSION SEEN
    if ! [[ $3 =~ $2 ]]; then fail "$1" "something with /$2/" "$3"; fi
}
expect_at_most() { # WHAT LIMIT SEEN
    if (($3 > $2)); then fail "$1" "at most $2" "$3"; fi
}

# Waits until a command succeeds, looking twenty times a second.
wait_until() { # SECONDS WHAT COMMAND...
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        if ((SECONDS > end)); then fail "$what" "within time: $*" "not so"; fi
        sleep 0.05
    done
}

milliseconds() { date +%s%3N; }

# -- Asking ------------------------------------------------------------------------------------------------------

# Asks; leaves the answer in $status (000 where there was none) and $body. A subshell has answers of its own.
http() { # SOCKET METHOD PATH [JSON [CURL-OPTION...]]
    local socket=$1 method=$2 path=$3 json=${4:-} host=localhost answer=$work/answer.$BASHPID
    local options=(--silent --max-time 30 --request "$method" --output "$answer" --write-out '%{http_code}')
    shift $(($# < 4 ? $# : 4))
    if [[ $socket == /* ]]; then options+=(--unix-socket "$socket"); else host=$socket; fi
    if [[ -n $json ]]; then options+=(--header 'Content-Type: application/json' --data-binary "$json"); fi
    : >"$answer"
    status=$(curl "${options[@]}" "$@" "http://$host$path") || true
    body=$(<"$answer")
}

# The same, and it must be this status.
http_is() { # STATUS SOCKET METHOD PATH [JSON [CURL-OPTION...]]
    local wanted=$1
    shift
    http "$@"
    expect "$2 $3 on $1" "$wanted" "$status"
}

varlink() { # CALL: its reply; each is a JSON object, with a zero byte after it on the wire
    # shellcheck disable=SC2016 # They are Perl's.
    timeout 20 perl -MIO::Socket::UNIX -e 'my $socket = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "$!\n";
        $socket->print("$ARGV[1]\0"); $/ = "\0"; print <$socket> =~ tr/\0//dr; exit' "$varlink_socket" "$1"
}

of() { jq --raw-output "$1" <<<"$body"; }                  # a part of the last answer
answers() { http "$public" GET /v1/health && [[ $status == 200 ]]; }
serves() { http "$public" GET "$reach" && [[ $status == 200 ]]; }
revision() { http_is 200 "$public" GET /v1/health && of .revision; }
put_place() { # ID TYPE NAME [CURL-OPTION...]
    local id=$1 json
    json=$(jq --null-input --compact-output --arg type "$2" --arg name "$3" --argjson location "$location" \
        '{type: $type, name: $name, location: $location}')
    shift 3
    http "$admin" PUT "/v1/places/$id" "$json" "$@"
}

# -- The unit ----------------------------------------------------------------------------------------------------

property() { systemctl show --property "$2" --value "$1"; }
main_process() { property quarterd.service MainPID; }
status_text() { property quarterd.service StatusText; }
restarts() { property quarterd.service NRestarts; }
is_inactive() { [[ $(property "$1" ActiveState) == inactive ]]; }
has_ended() { ! kill -0 "$1" 2>/dev/null; }
status_has() { [[ $(status_text) == *"$1"* ]]; }
stop_service() {
    systemctl stop quarterd.service 2>/dev/null
    wait_until 15 'quarterd stops' is_inactive quarterd.service
}
serves_as_another_than() { # PROCESS
    local now
    now=$(main_process)
    [[ $now != 0 && $now != "$1" ]] && answers
}

install_package() {
    dpkg --install "$1" >"$work/dpkg.log" 2>&1 || fail "dpkg --install ${1##*/}" 'exit status 0' "$(<"$work/dpkg.log")"
}
import_town() {
    quarterctl import osm "$DEMO/demo-town.osm.pbf" >"$work/import.log" 2>&1 || true
    quarterctl import communities "$DEMO/demo-communities.geojson" >>"$work/import.log" 2>&1 ||
        fail 'the demo town is taken in' 'exit status 0' "$(<"$work/import.log")"
    http_is 200 "$public" GET "$reach"
    expect 'places from the first kiosk' 5 "$(of '.places | length')"
}
# A drop-in of quarterd.service from standard input.
drop_in() { # NAME
    mkdir -p /etc/systemd/system/quarterd.service.d
    cat >"/etc/systemd/system/quarterd.service.d/$1.conf"
    systemctl daemon-reload
}
# The module of Tests/Fixtures/Trapping. Those of the package find the runtime beside them; this one was linked for
# the build folder, where everything lies in one place.
install_trap_module() {
    ln --symbolic --force /usr/lib/quarter/*.so /usr/lib/quarter/modules/
    install -m 644 "$FIXTURES/libTrappingFixture.so" /usr/lib/quarter/modules/libTrapModule.so
}
module_state() { quarterctl modules --json | jq --raw-output --arg id "$1" '.modules[] | select(.id == $id).state'; }
module_is() { [[ $(module_state "$1") == "$2" ]]; }

# -- The journal -------------------------------------------------------------------------------------------------

# Where the journal ends now; `events` takes it.
journal_mark() {
    journalctl --sync
    journalctl --quiet --lines=0 --show-cursor | sed -n 's/^-- cursor: //p'
}
# Entries since a mark for which a filter holds, as an array of objects. The filter is not journalctl's, which takes a
# first entry that matches for the one at the cursor, and leaves it out.
entries() { # MARK JQ-CONDITION
    journalctl --sync
    journalctl --quiet --no-pager --output=json --all --after-cursor="$1" | jq --slurp --compact-output "map(select($2))"
}
# Those of a kind of event.
events() { entries "$1" ".QUARTER_EVENT == \"$2\""; } # MARK EVENT
has_event() { [[ $(events "$1" "$2") != '[]' ]]; }
# Waits for an event since a mark; leaves the last one in $event.
expect_event() { # MARK EVENT [SECONDS]
    wait_until "${3:-5}" "an entry with QUARTER_EVENT=$2" has_event "$1" "$2"
    event=$(events "$1" "$2" | jq --compact-output 'last')
}
field() { jq --raw-output --arg name "$1" '.[$name] // "none"' <<<"$event"; }

# -- Load --------------------------------------------------------------------------------------------------------

# A fixture; those that SwiftPM links name the Swift runtime, whether they use it or not.
fixture() {
    local name=$1
    shift
    LD_LIBRARY_PATH=/usr/lib/quarter "$FIXTURES/$name" "$@"
}
# Starts a client under a user of its own: connections are counted by user.
steady_start() { # NAME RATE [PATH [keepalive]], at the socket in $steady_socket, the public one unless set
    LD_LIBRARY_PATH=/usr/lib/quarter setpriv --reuid=$((3000 + ${#steady_process[@]})) --regid=3000 --clear-groups \
        "$FIXTURES/SteadyClient" "${steady_socket:-$public}" "$2" 3600 "${3:-$reach}" ${4:+"$4"} >"$work/steady.$1" &
    steady_process[$1]=$!
}
steady_stop() { # NAME
    local process=${steady_process[$1]}
    kill -TERM "$process"
    wait "$process" || fail "SteadyClient $1" 'exit status 0' "$?"
    say "client $1: $(jq --compact-output 'del(.failures)' "$work/steady.$1")"
}
steady() { jq --raw-output "$2" "$work/steady.$1"; }     # NAME JQ-FILTER
# Nothing but whole answers with status 200.
expect_unbroken() { # NAME
    local seen
    seen=$(jq --compact-output '[.refused, .failed, .other_status, .asked - .answered, .failures[:3]]' "$work/steady.$1")
    expect "client $1: refused, failed, other statuses, unanswered" '[0,0,{},0,[]]' "$seen"
    if (($(steady "$1" .asked) < 20)); then fail "client $1 asked" 'something' "$(steady "$1" .asked)"; fi
}
expect_none_refused() { # NAME
    expect "client $1: refused" 0 "$(steady "$1" .refused)"
}
