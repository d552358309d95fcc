#!/usr/bin/env bash
# The package on a machine without a toolchain: what is there after `dpkg -i`, that the first connect to each socket
# starts the daemon and is answered, and what remove and purge leave.
# shellcheck source=Tests/SystemdTests/Scenarios/lib.sh
source "$(dirname "$0")/lib.sh"
units=(quarterd.service quarterd.socket quarterd-admin.socket quarterd-kiosk.socket quarterd-varlink.socket
    quarter-backup.service quarter-backup.timer quarter-inbox.service quarter-inbox.timer quarter-inbox@.path
    quarter-pull@.service quarter-pull@.timer quarter-push@.service)

say 'install'
install_package "$DEB"
for unit in quarterd.socket quarterd-admin.socket quarterd-kiosk.socket quarterd-varlink.socket quarter-backup.timer \
    quarter-inbox.timer; do
    expect "$unit is enabled" enabled "$(systemctl is-enabled "$unit")"
    expect "$unit is up" active "$(systemctl is-active "$unit")"
done
expect 'quarterd.service is not running' inactive "$(property quarterd.service ActiveState)"
expect 'quarterd.service starts by its sockets, not at boot' disabled "$(systemctl is-enabled quarterd.service || true)"
expect 'failed units' '' "$(systemctl list-units --failed --plain --no-legend)"

say 'the first connect to each socket'
sockets() { stat --format='%n %i' /run/quarter/*; }
before=$(sockets)
for socket in "$public" "$admin" "$kiosk"; do
    stop_service
    http_is 200 "$socket" GET /v1/health
    expect "quarterd.service after a connect to $socket" active "$(systemctl is-active quarterd.service)"
done
stop_service
expect_match 'the answer on the Varlink socket' '"product":"quarterd".*"org\.quarter\.Directory"' \
    "$(varlink '{"method":"org.varlink.service.GetInfo"}')"
expect 'quarterd.service after a call' active "$(systemctl is-active quarterd.service)"
expect 'the sockets are those of before' "$before" "$(sockets)"
expect 'restarts by the way' 0 "$(restarts)"

say 'users, groups, folders, modes'
expect 'the user quarter' '/var/lib/quarter:/usr/sbin/nologin' "$(getent passwd quarter | cut --delimiter=: --fields=6,7)"
getent group quarter-admin >/dev/null
expect 'the groups of the user quarter-bridge' 'quarter-admin quarter-bridge quarter-office' \
    "$(id --name --groups quarter-bridge | tr ' ' '\n' | sort | paste --serial --delimiters=' ')"
modes() { stat --format='%a %U %G %n' "$@"; }
wanted='755 root root /run/quarter
666 root root /run/quarter/public.sock
660 root quarter-admin /run/quarter/admin.sock
666 root root /run/quarter/org.quarter.Directory
750 quarter quarter /var/lib/quarter
751 quarter quarter /var/spool/quarter
750 quarter quarter /var/backups/quarter
755 root root /etc/quarter
644 root root /etc/quarter/quarter.toml
700 root root /etc/quarter/tokens'
expect 'modes and owners' "$wanted" "$(modes /run/quarter "$public" "$admin" "$varlink_socket" "$state" /var/spool/quarter \
    /var/backups/quarter /etc/quarter "$configuration" /etc/quarter/tokens)"
expect 'the daemon runs as' quarter "$(ps --no-headers -o user= --pid "$(main_process)" | tr -d ' ')"
expect 'files of the state folder that are not its own' '' "$(find "$state" ! -user quarter)"

say 'who may write'
as() { setpriv --reuid=3999 --regid=3999 "$@"; }
ask_admin=(curl --silent --max-time 5 --unix-socket "$admin" --output /dev/null --write-out '%{http_code}'
    http://localhost/v1/health)
expect 'a stranger on the admin socket' 000 "$(as --clear-groups "${ask_admin[@]}" || true)"
members=$(getent group quarter-admin | cut --delimiter=: --fields=3)
expect 'a member of quarter-admin there' 200 "$(as --groups "$members" "${ask_admin[@]}" || true)"

say 'documents, completions, catalog'
for file in man8/quarterd.8 man8/quarter-bridge.8 man1/quarterctl.1 man5/quarter.toml.5; do
    if [[ ! -s /usr/share/man/$file.gz ]]; then fail "manual page $file" 'is there' 'is not'; fi
done
for file in bash-completion/completions/quarterctl zsh/vendor-completions/_quarterctl \
    fish/vendor_completions.d/quarterctl.fish; do
    if [[ ! -s /usr/share/$file ]]; then fail "completion $file" 'is there' 'is not'; fi
done
varlink '{"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":"org.quarter.Directory"}}' |
    jq --join-output .parameters.description >"$work/told.varlink"
expect 'the description of the Varlink interface' '' \
    "$(diff "$work/told.varlink" /usr/share/quarter/varlink/org.quarter.Directory.varlink)"
if (($(journalctl --dump-catalog | grep --count '^Defined-By: Quarter') < 10)); then
    fail "the message catalog" 'has the entries of Quarter' "$(ls -l /usr/lib/systemd/catalog)"
fi

say 'systemd-analyze'
for unit in "${units[@]}"; do
    # Without --man=no it wants man(1), which this small system does not have.
    words=$(systemd-analyze verify --man=no "/lib/systemd/system/$unit" 2>&1) || words+=' (and a status of its own)'
    expect "systemd-analyze verify $unit" '' "$words"
done
for unit in quarterd.service quarter-backup.service quarter-inbox.service; do
    # The threshold counts tenths.
    exposure=$(systemd-analyze security --no-pager "$unit" | tail -n 1)
    systemd-analyze security --no-pager --threshold=10 "$unit" >/dev/null ||
        fail "the exposure of $unit" 'at most 1.0' "$exposure"
    say "$exposure"
done

say 'ready means that the first question is answered'
import_town
before=$(revision)
for round in 1 2 3; do
    stop_service
    systemctl start quarterd.service
    http "$public" GET "$reach"
    expect "the first question after start $round" '200 5' "$status $(of '.places | length')"
done

say 'a backup, then remove, and install again'
systemctl start quarter-backup.service
dpkg --remove quarter >"$work/dpkg.log" 2>&1 || fail 'dpkg --remove' 'exit status 0' "$(<"$work/dpkg.log")"
expect 'units after remove' '' "$(systemctl list-units --all --plain --no-legend 'quarter*' | grep --invert-match not-found || true)"
expect 'unit files after remove' '' "$(systemctl list-unit-files --no-legend 'quarter*' | grep --invert-match masked || true)"
expect 'processes after remove' '' "$(pgrep --list-full quarterd || true)"
for path in /run/quarter /usr/lib/quarter /usr/sbin/quarterd; do
    if [[ -e $path ]]; then fail "$path after remove" 'gone' "$(ls -ld "$path")"; fi
done
for path in "$state/directory.sqlite" "$configuration"; do
    if [[ ! -e $path ]]; then fail "$path after remove" 'kept' 'gone'; fi
done
install_package "$DEB"
expect 'the revision after remove and install' "$before" "$(revision)"

say 'purge'
dpkg --purge quarter >"$work/dpkg.log" 2>&1 || fail 'dpkg --purge' 'exit status 0' "$(<"$work/dpkg.log")"
for path in "$state" /var/spool/quarter /var/cache/quarter /etc/quarter /run/quarter; do
    if [[ -e $path ]]; then fail "$path after purge" 'gone' "$(ls -lR "$path")"; fi
done
compgen -G '/var/backups/quarter/*' >/dev/null || fail 'backups after purge' 'kept' 'gone'
expect 'failed units' '' "$(systemctl list-units --failed --plain --no-legend)"
say 'passed'
