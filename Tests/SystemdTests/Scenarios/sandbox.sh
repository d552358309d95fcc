#!/usr/bin/env bash
# What the sandboxes of quarterd.service, quarter-backup.service and quarter-inbox.service deny is tried from inside, with the unit's own lines
# around a probe, and once more without them: a probe that fails in both says nothing. As the user quarter, and for what only privileges allow
# as root, whom the same lines must hold as well.
# shellcheck source=Tests/SystemdTests/Scenarios/lib.sh
source "$(dirname "$0")/lib.sh"
install_package "$DEB"
http_is 200 "$public" GET /v1/health    # the state folder and the port's listener are there

say 'what there is to reach'
test=/usr/lib/quarter-test
install -D --mode=755 "$FIXTURES/SandboxProbe" "$test/SandboxProbe"
install --mode=4755 /usr/bin/id "$test/id"
# The home folders of a person and of root.
person=/home
person+=/somebody
superuser=$(getent passwd 0 | cut -d : -f 6)
chmod 755 "$superuser" /home
for folder in "$person" "$superuser" /mnt /media /boot /srv /opt /usr/local /var/log /var/backups /tmp /run/quarter-test; do
    mkdir -p "$folder"
    echo secret >"$folder/probe"
    chmod 666 "$folder/probe"
done
chmod 755 /var/backups
echo secret >/etc/probe
chmod 666 /etc/probe
echo secret >/srv/private
chown 3999 /srv/private
chmod 600 /srv/private
cp /bin/true /srv/program
mknod --mode=666 /dev/probe c 1 5
memory=$(ipcmk --shmem 4096 --mode 0666 | sed 's/.*: //')
setpriv --reuid=3999 --regid=3999 --clear-groups sleep 600 &
stranger=$!

# What a plain user can do, and the sandbox shall not let him.
cat >/run/quarter-test/quarter.probes <<END
read $person/probe
read $superuser/probe
read /mnt/probe
read /media/probe
read /boot/probe
read /var/log/probe
read /var/backups/probe
read /var/lib/dpkg/status
read /tmp/probe
read /proc/meminfo
read /dev/probe
write /srv/probe
write /opt/probe
write /usr/local/probe
write /etc/probe
write /run/quarter-test/probe
create-suid $state/probe
exec /srv/program
run-copy $state
run-copy /var/spool/quarter
run-copy /var/cache/quarter
run-copy /tmp
run-copy /var/tmp
run-copy /dev/shm
map-code /srv/program
setuid-exec $test/id
mmap-wx
mprotect-x
foreign-architecture
socket-inet
socket-inet-datagram
socket-inet6
socket-netlink
connect-tcp 8315
list-proc
shared-memory $memory
ptrace
personality
keyctl
kernel-log
userns
bounding-set
new-privileges
realtime
mlock
syscall-mount
syscall-umount
syscall-chroot
syscall-setns
syscall-clock
syscall-perf
syscall-userfaultfd
syscall-process-memory
syscall-ports
END
# What needs a privilege: the lines must take it from root, too.
cat >/run/quarter-test/root.probes <<END
read /srv/private
write /srv/probe
kill $stranger
mknod /tmp/node
setuid
setgroups
set-hostname
mount /srv
chroot /srv
mount-namespace
uts-namespace
socket-packet
syscall-swapoff
syscall-reboot
syscall-module
END
# Where the kernel or the container has none of it, the control cannot either; nothing else may be left out.
may_be_left_out='^(kernel-log|userns|foreign-architecture|realtime|syscall-perf|syscall-userfaultfd|syscall-ports|syscall-module|socket-inet6)$'

# What the daemon lives on: a sandbox that denies everything would deny all of the above as well.
cat >/run/quarter-test/allowed.probes <<END
read $configuration
write $state/probe
write /var/spool/quarter/probe
write /tmp/own-probe
map-code /usr/lib/quarter/libServiceTypeKit.so
END

say 'units'
# The sandbox: every line of [Service] that is not about how a program is started, watched and ended.
sandbox_of() { # UNIT
    sed -n '/^\[Service\]/,/^\[/{/^[A-Z]/p}' "/lib/systemd/system/$1.service" | grep --extended-regexp --invert-match \
        '^(Type|NotifyAccess|Exec(Start|Stop|Reload|Condition)[A-Za-z]*|Sockets|Restart[A-Za-z]*|Timeout[A-Za-z]*|WatchdogSec|Environment|Standard[A-Za-z]*|OOMPolicy)='
}
who='^(User|Group|SupplementaryGroups|UMask|StateDirectory|StateDirectoryMode|CacheDirectory|CacheDirectoryMode)='
make_unit() { # NAME PROBES, the lines from standard input
    {
        printf '[Service]\nType=oneshot\nExecStart=%s -\n' "$test/SandboxProbe"
        printf 'Environment=LD_LIBRARY_PATH=/usr/lib/quarter\nLimitRTPRIO=10\n'
        printf 'StandardInput=file:/run/quarter-test/%s.probes\nStandardOutput=truncate:/run/quarter-test/%s.out\n' "$2" "$1"
        cat
    } >"/run/systemd/system/probe-$1.service"
}
sandbox_of quarterd | grep --extended-regexp "$who" | make_unit quarter-control quarter
sandbox_of quarterd | make_unit daemon quarter
sandbox_of quarter-backup | make_unit backup quarter
sandbox_of quarter-inbox | make_unit inbox quarter
sandbox_of quarterd | make_unit allowed allowed
make_unit root-control root </dev/null
# Root keeps its own name; the folders of the user quarter stay his.
sandbox_of quarterd | grep --extended-regexp --invert-match "$who|^(LoadCredential|ConfigurationDirectory)" |
    make_unit root-sandbox root
systemctl daemon-reload

# Runs the probes of a unit; its status is that of the last probes, what counts is what they print.
probe() { systemctl start "probe-$1.service" || true; }
verdict() { grep --fixed-strings "$2: " "/run/quarter-test/$1.out" | head -n 1 || true; } # UNIT PROBE
compare() { # CONTROL SANDBOX PROBES
    local line inside outside compared=0
    probe "$2"
    while IFS= read -r line; do
        inside=$(verdict "$2" "$line")
        outside=$(verdict "$1" "$line")
        if [[ $outside != "$line: done" ]]; then
            [[ ${line%% *} =~ $may_be_left_out ]] || fail "the control of $2" "$line: done" "${outside:-nothing}"
            say "$2: left out, since the control cannot either: $outside"
            continue
        fi
        # The backups' folder is what the backup is there for.
        if [[ $2 == backup && $line == 'read /var/backups/probe' ]]; then continue; fi
        case $inside in
            "$line: denied "* | "$line: killed "*) ;;
            *) fail "the sandbox of $2" "$line: denied" "${inside:-nothing}" ;;
        esac
        say "$2: $inside"
        compared=$((compared + 1))
    done <"/run/quarter-test/$3.probes"
    say "$2: $compared probes"
}

say 'probes'
probe quarter-control
compare quarter-control daemon quarter
compare quarter-control backup quarter
compare quarter-control inbox quarter
probe root-control
compare root-control root-sandbox root
systemctl start probe-allowed.service || fail 'what the daemon lives on' 'exit status 0' "$(</run/quarter-test/allowed.out)"
expect 'what the daemon lives on' "$(sed 's/$/: done/' /run/quarter-test/allowed.probes)" "$(</run/quarter-test/allowed.out)"
say 'passed'
