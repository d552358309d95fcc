#!/usr/bin/env bash
# Runs a command "on a systemd host": boots a real
# `systemd --system` as PID 1 in throwaway namespaces over an overlayfs of
# this machine's own root, runs COMMAND in there, returns its exit status and
# leaves nothing behind.  Needs root, util-linux and the distribution's
# `systemd` package; no network, image, host systemd or KVM.
#
#   with-systemd.sh [-b PATH]... [-u DIR] [-j FILE] [-t SECS] [-r ROOT] [-T TARGET] [-N] [-H] -- COMMAND [ARG...]
#     -b PATH     bind host PATH read-write at the same place (for reports; the
#                 rest of the root is copy-on-write and is thrown away)
#     -u DIR      copy DIR's units (and drop-in folders) to /etc/systemd/system first
#     -j FILE     afterwards save the journal to host FILE as JSON lines
#     -t SECS     limit on boot + COMMAND (default 240; then exit 124)
#     -r ROOT     use this tree (made by debootstrap or mmdebstrap) instead of "/":
#                 another release's systemd; add -b for what COMMAND needs of "/"
#     -T TARGET   boot target (default basic.target: no logind, getty, postgres ...)
#     -N          keep the host's network instead of a private one with only lo
#     -H          hybrid cgroups: also pass the host's v1 `pids` controller
#                 (for TasksMax= on a host that is still on cgroup v1)
# Exit status: COMMAND's; 124 limit reached; 125 could not boot; 2 usage.
set -euo pipefail
self=$(readlink -f "${BASH_SOURCE[0]}")
say() { echo "with-systemd: $*" >&2; }

# ---------------------------------------------------------------- stage 2
# PID 1 of the new pid/cgroup/uts/ipc/net/mount namespaces; builds /proc, /sys,
# /dev, /run, then pivots into the overlay and becomes systemd.
if [ "${1-}" = --stage2 ]; then
    run=$2 target=$3 net=$4 hybrid=$5 units=$6; shift 7; R=$run/mnt/root
    mount --make-rprivate /
    read -r pid _ </proc/self/stat          # host's /proc still: the host's pid
    echo "$pid" >"$run/pid.new"

    mount -t proc -o nosuid,nodev,noexec proc "$R/proc"
    for p in sys sysrq-trigger irq bus; do   # kernel-wide knobs stay the host's
        [ -e "$R/proc/$p" ] || continue
        mount --bind "$R/proc/$p" "$R/proc/$p"
        mount -o remount,bind,ro,nosuid,nodev,noexec "$R/proc/$p"
    done
    if [ "$net" = private ]; then
        mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$R/sys"
    else
        mount --bind /sys "$R/sys"; mount -o remount,bind,ro "$R/sys"
    fi
    if [ "$hybrid" = yes ]; then
        cg=$R/sys/fs/cgroup
        mount -t tmpfs -o mode=755,nosuid,nodev,noexec,size=1m tmpfs "$cg"
        mkdir "$cg"/{unified,systemd,pids}
        mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$cg/unified"
        mount -t cgroup -o nosuid,nodev,noexec,none,name=systemd cgroup "$cg/systemd"
        mount -t cgroup -o nosuid,nodev,noexec,pids cgroup "$cg/pids"
        mount -o remount,ro "$cg"
    else
        mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$R/sys/fs/cgroup"
    fi
    mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$R/run"
    mkdir -p "$R/run/lock"; chmod 1777 "$R/run/lock"
    mount -t tmpfs -o mode=755,nosuid tmpfs "$R/dev"
    mkdir "$R"/dev/{pts,shm}
    for n in 'null 1 3' 'zero 1 5' 'full 1 7' 'random 1 8' 'urandom 1 9' 'tty 5 0'; do
        read -r name major minor <<<"$n"; mknod -m 666 "$R/dev/$name" c "$major" "$minor"
    done
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$R/dev/pts"
    mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$R/dev/shm"
    ln -s pts/ptmx "$R/dev/ptmx"
    ln -s /proc/self/fd "$R/dev/fd"
    for n in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${n%%:*}" "$R/dev/${n#*:}"; done

    # The host's own enabled units and their boot-time cleaning of /tmp stay out.
    etc=$R/etc/systemd/system
    mkdir -p "$etc" "$R/etc/tmpfiles.d"
    rm -rf "$etc"/*.wants "$etc"/*.requires
    for u in systemd-journald-audit.socket systemd-udevd.service systemd-networkd.service \
             systemd-resolved.service systemd-timesyncd.service systemd-tmpfiles-clean.timer \
             tmp.mount dev-hugepages.mount sys-fs-fuse-connections.mount sys-kernel-config.mount; do
        ln -sf /dev/null "$etc/$u"
    done
    ln -sf /dev/null "$R/etc/tmpfiles.d/tmp.conf"
    tr -d - </proc/sys/kernel/random/uuid >"$R/etc/machine-id"
    # No rate limit, so that a test never loses a line it looks for.
    mkdir -p "$R/etc/systemd/journald.conf.d"
    printf '[Journal]\nRateLimitIntervalSec=0\nAudit=no\n' >"$R/etc/systemd/journald.conf.d/with-systemd.conf"
    [ -z "$units" ] || cp -rL "$units"/. "$etc/"

    hostname with-systemd
    cd "$R"; mkdir -p "$R/.old"; pivot_root . .old; cd /
    umount -l /.old; rmdir /.old
    mount --make-rshared /
    # Out: what would reach past the namespaces to the one kernel (clock,
    # modules, kernel log, ...).  Kept: what nspawn keeps by default.
    drop=-sys_time,-sys_module,-sys_rawio,-syslog,-sys_pacct,-wake_alarm,-block_suspend,-audit_read,-audit_control,-mac_admin,-mac_override
    [ "$net" = private ] || drop=$drop,-net_admin
    exec env -i container=with-systemd PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        setpriv --bounding-set "$drop" /usr/lib/systemd/systemd --system --unit="$target" --show-status=no
fi

# ---------------------------------------------------------------- stage 1
# A private mount namespace: overlay of the root and of every other real
# filesystem, and a cgroup of our own to be the container's root.
if [ "${1-}" = --stage1 ]; then
    run=$2 net=$4 hybrid=$5 root=$7; shift; D=$run/mnt
    mount -t tmpfs -o mode=755 with-systemd "$D"
    mkdir "$D"/{o,root,cg}
    n=0
    overlay() { # LOWER MOUNTPOINT
        mkdir -p "$D/o/$n/u" "$D/o/$n/w"
        chmod --reference="$1" "$D/o/$n/u"; chown --reference="$1" "$D/o/$n/u"
        mount -t overlay overlay -o "lowerdir=$1,upperdir=$D/o/$n/u,workdir=$D/o/$n/w" "$D/root$2"
        n=$((n + 1))
    }
    overlay "$root" /
    while read -r _ _ _ _ mp _; do
        mp=$(printf %b "$mp")
        case $mp in / | /proc* | /sys* | /dev | /dev/* | /run | /run/* | "$D" | "$D"/*) continue ;; esac
        case $mp in *[:,\\]*) continue ;; esac
        [ "$root" = / ] || break
        if [ -d "$mp" ]; then overlay "$mp" "$mp" 2>/dev/null || mount --bind "$mp" "$D/root$mp" || :; fi
    done </proc/self/mountinfo
    while read -r b; do
        if [ -d "$b" ]; then mkdir -p "$D/root$b"; else mkdir -p "$D/root${b%/*}"; : >>"$D/root$b"; fi
        mount --rbind "$b" "$D/root$b"
    done <"$run/binds"

    mount -t cgroup2 cgroup2 "$D/cg"
    mine=$(sed -n 's/^0:://p' /proc/self/cgroup); mine=${mine%/}
    mkdir "$D/cg$mine/${run##*/}"
    echo "$mine/${run##*/}" >"$run/cgroup"
    echo $$ >"$D/cg$mine/${run##*/}/cgroup.procs"
    if [ "$hybrid" = yes ]; then
        for c in pids name=systemd; do
            m=$D/cg-$c; mkdir "$m"; mount -t cgroup -o "$([ $c = pids ] && echo pids || echo none,$c)" cgroup "$m"
            p=$(sed -n "s/^[0-9]*:$c://p" /proc/self/cgroup); p=${p%/}
            mkdir "$m$p/${run##*/}"; echo $$ >"$m$p/${run##*/}/cgroup.procs"
            echo "$c $p/${run##*/}" >>"$run/cgroups1"
        done
    fi
    netflag=; [ "$net" != private ] || netflag=--net
    # shellcheck disable=SC2086
    exec unshare --cgroup --pid --uts --ipc $netflag --mount --fork --kill-child=KILL "$self" --stage2 "$@"
fi

# ---------------------------------------------------------------- stage 0
binds=() units='' journal='' limit=240 target=basic.target net=private hybrid=no root=/
while getopts b:u:j:t:r:T:NH o; do
    case $o in
        b) binds+=("$(readlink -f "$OPTARG")") ;;
        u) units=$(readlink -f "$OPTARG") ;;
        j) journal=$(readlink -f "$OPTARG") ;;
        t) limit=$OPTARG ;;
        r) root=$(readlink -f "$OPTARG") ;;
        T) target=$OPTARG ;;
        N) net=host ;;
        H) hybrid=yes ;;
        *) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$self" >&2; exit 2 ;;
    esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$self" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { say "must be root"; exit 125; }
[ -x "${root%/}/usr/lib/systemd/systemd" ] || { say "no systemd in $root: apt-get install -y --no-install-recommends systemd libnss-systemd dbus"; exit 125; }

run=$(mktemp -d "${TMPDIR:-/tmp}/with-systemd.XXXXXX")
mkdir "$run/mnt"
printf '%s\n' "${binds[@]}" | sed '/^$/d' >"$run/binds"
echo $$ >"$run/owner"
start=$SECONDS boxpid='' leader=''

# Remove run folder $1 and its cgroups, through a mount of our own in a mount
# namespace of our own (on this host the cgroup2 root need not be mounted).
# shellcheck disable=SC2016
sweep() {
    if [ -s "$1/cgroup" ]; then
        unshare --mount --propagation private bash -c '
            prune() { for _ in {1..20}; do
                find "$1" -depth -type d -exec rmdir {} + 2>/dev/null; [ -d "$1" ] || return 0; sleep 0.1
            done; echo "with-systemd: left over: cgroup $1" >&2; }
            mount -t cgroup2 cgroup2 "$1/mnt" && prune "$1/mnt$(cat "$1/cgroup")"; umount "$1/mnt"
            [ ! -f "$1/cgroups1" ] || while read -r c p; do
                [ "$c" = pids ] && o=pids || o=none,$c
                mount -t cgroup -o "$o" cgroup "$1/mnt" && prune "$1/mnt$p"; umount "$1/mnt"
            done <"$1/cgroups1"' bash "$1"
    fi
    rm -rf --one-file-system "$1"
}
# shellcheck disable=SC2317 # a trap calls it
cleanup() {
    trap '' INT TERM HUP
    set +e
    [ -z "$leader" ] || kill -KILL "$leader" 2>/dev/null # the pid namespace dies with its PID 1
    [ -z "$boxpid" ] || { kill -KILL "$boxpid" 2>/dev/null; wait "$boxpid" 2>/dev/null; }
    sweep "$run"
}
trap cleanup EXIT
trap 'exit 130' INT; trap 'exit 143' TERM HUP

# What an earlier run that was killed with -9 left: an empty folder and cgroup.
for old in "${run%/*}"/with-systemd.??????; do
    if [ ! -s "$old/owner" ] || [ "$old" = "$run" ]; then continue; fi
    grep -qs with-systemd "/proc/$(cat "$old/owner")/cmdline" || sweep "$old"
done

# pdeathsig + --kill-child: even if this script is killed with -9, all of it goes.
setpriv --pdeathsig KILL unshare --mount --propagation private "$self" --stage1 \
    "$run" "$target" "$net" "$hybrid" "$units" "$root" </dev/null >"$run/log" 2>&1 &
boxpid=$!

fail() { say "$1"; sed 's/^/  /' "$run/log" >&2; exit 125; }
inside() { nsenter --target "$leader" --mount --uts --ipc --net --pid --cgroup -- "$@"; }

until [ -s "$run/pid.new" ]; do
    kill -0 "$boxpid" 2>/dev/null || fail "the namespaces could not be set up:"
    [ $((SECONDS - start)) -lt "$limit" ] || fail "setting up took over $limit s"
    sleep 0.02
done
leader=$(cat "$run/pid.new")
until [ -S "/proc/$leader/root/run/systemd/private" ] && [ "$(readlink "/proc/$leader/exe")" != "$(readlink -f "$BASH")" ]; do
    kill -0 "$boxpid" 2>/dev/null || fail "systemd did not start:"
    [ $((SECONDS - start)) -lt "$limit" ] || fail "systemd did not come up in $limit s"
    sleep 0.02
done
state=$(inside timeout "$((limit - SECONDS + start))" systemctl is-system-running --wait 2>>"$run/log") || :
case $state in
    running) ;;
    degraded) say "booted, degraded:"; inside systemctl --failed --no-legend --plain >&2 ;;
    *) inside journalctl -b --no-pager -n 50 >&2 || :; fail "boot ended as '${state:-no answer}'" ;;
esac

rc=0
wd=$PWD; [ -d "/proc/$leader/root$wd" ] || wd=/
# shellcheck disable=SC2016 # for the inner shell
inside env -u NOTIFY_SOCKET -u LISTEN_FDS -u LISTEN_PID -u INVOCATION_ID -u JOURNAL_STREAM \
    SYSTEMD_PAGER=cat \
    timeout --foreground -k 5 "$((limit - SECONDS + start))" \
    sh -c 'cd "$1" && shift && exec "$@"' sh "$wd" "$@" || rc=$?
[ -z "$journal" ] || inside sh -c 'journalctl --sync; exec journalctl -o json --all --no-pager' >"$journal" || :
exit "$rc"
