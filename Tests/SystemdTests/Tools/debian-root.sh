#!/usr/bin/env bash
# Makes a small Debian 12 with systemd and without a toolchain, for the tests of the package.
#
#   debian-root.sh ROOT DEB
#
# ROOT then holds everything that DEB depends on, so that `dpkg -i DEB` works in it without a network; DEB itself is
# not installed. A root that fits (same release, architecture and packages, and this very script) is taken as it is:
# making one takes a minute or two. It is made beside ROOT and renamed when it is whole, so a run that was
# interrupted leaves nothing that would be taken for a root.
#
# Needs root, debootstrap, and Debian's archive, where this machine's own apt finds it.
set -euo pipefail

release=bookworm
# Besides what DEB depends on: an init to boot, the bus that systemctl speaks over, and what the scenarios call.
extra=(systemd systemd-sysv libnss-systemd dbus procps curl jq util-linux)

if (($# != 2)); then
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
root=$(realpath --canonicalize-missing -- "$1")
deb=$2

# shellcheck disable=SC2016 # dpkg-deb's own variables
# "libc6 (>= 2.36), adduser | systemd-sysusers" is libc6 and adduser: of alternatives the first.
depends=$(dpkg-deb --show --showformat '${Depends},${Pre-Depends}' "$deb" | tr ',' '\n' |
    sed 's/|.*//; s/(.*//; s/[[:space:]]//g; s/:any$//; /^$/d')
architecture=$(dpkg-deb --field "$deb" Architecture)
packages=$(printf '%s\n' "${extra[@]}" "$depends" | sort -u | paste --serial --delimiters=,)
key="$release $architecture $packages $(sha256sum <"$0" | cut -c1-16)"

if [[ -f $root/.made-of && $(cat "$root/.made-of") == "$key" ]]; then
    exit 0
fi

# The archive as this machine's apt has it: the first source that has our release, security and updates aside.
# shellcheck disable=SC2016 # apt's own variables
mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
    awk -v release="$release" '$1 == release && !uri { uri = $2 } END { print uri }')
if [[ -z $mirror ]]; then
    mirror=http://deb.debian.org/debian/
fi

part=$root.part
rm -rf --one-file-system "$part"
mkdir -p "$part"
trap 'rm -rf --one-file-system "$part"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

echo "debian-root: making $release with ${packages//,/ }" >&2
# In namespaces of its own: whatever ends this script, nothing goes on writing, and nothing stays mounted.
if ! setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child debootstrap --variant=minbase --arch="$architecture" --include="$packages" "$release" "$part" "$mirror" \
    >"$part.log" 2>&1; then
    echo "debian-root: debootstrap failed; its last lines:" >&2
    tail -n 20 "$part.log" >&2
    exit 1
fi
rm -f "$part.log"
rm -rf "$part"/var/cache/apt/archives/*.deb "$part"/var/lib/apt/lists/*
# As on a machine that somebody installed: no leftovers of the one that it was made on.
rm -f "$part"/etc/resolv.conf "$part"/etc/hostname
printf '%s' "$key" >"$part/.made-of"
sync --file-system "$part"
rm -rf --one-file-system "$root"
mv --no-target-directory "$part" "$root"
