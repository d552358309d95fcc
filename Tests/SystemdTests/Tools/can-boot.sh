#!/usr/bin/env bash
# Whether this machine lets with-systemd.sh boot a systemd: root, and a kernel with namespaces in which an overlay and
# cgroup 2 can be mounted. Silent where it does; where not, says what is missing and ends with 1.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
if ((EUID != 0)); then
    echo 'root'
    exit 1
fi
for program in unshare setpriv flock; do
    if ! command -v "$program" >/dev/null; then
        echo "$program (Debian package util-linux)"
        exit 1
    fi
done
# shellcheck disable=SC2016 # the inner shell's own
trial='
    mount -t tmpfs none /mnt && mkdir /mnt/l /mnt/u /mnt/w /mnt/o /mnt/c &&
    mount -t overlay -o lowerdir=/mnt/l,upperdir=/mnt/u,workdir=/mnt/w none /mnt/o &&
    mount -t cgroup2 none /mnt/c'
if ! unshare --mount --pid --net --uts --ipc --cgroup --fork sh -c "$trial" >/dev/null 2>&1; then
    echo 'a kernel that lets systemd run: namespaces, overlayfs, cgroup 2'
    exit 1
fi
