#!/usr/bin/env bash
# Makes the Debian package .build/deb/quarter_VERSION_amd64.deb and looks it over; prints its path last.
#
# QUARTER_DEB_VERSION=0.1.1~test gives the package another version without another build, to try an upgrade.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v dpkg-deb >/dev/null; then
    echo 'deb.sh: a Debian package is made on Debian' >&2
    exit 69
fi
if [[ $(dpkg --print-architecture) != amd64 ]]; then
    # The control file and the name say so; nobody has tried another one.
    echo 'deb.sh: the package is made on amd64 only' >&2
    exit 69
fi
Scripts/install-packages.sh Scripts/apt-packages-deb.txt
Scripts/build.sh -c release >&2

version=${QUARTER_DEB_VERSION:-$(.build/release/quarterctl --version)}
if ! dpkg --validate-version "$version" 2>/dev/null || [[ $version == *-* ]]; then
    echo "deb.sh: $version cannot be the version of this package" >&2
    exit 64
fi
# The day of the sources stands in the package instead of today, so that the same sources give the same bytes.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
QUARTER_TREE=$PWD
export SOURCE_DATE_EPOCH QUARTER_TREE

# Everything of it is new each time: what an interrupted run left must not get into the package.
folder=.build/deb
work=$folder/work
rm -rf "$work"
mkdir -p "$work"
cp --recursive deploy/debian "$work/debian"
cat >"$work/debian/changelog" <<CHANGELOG
quarter ($version) unstable; urgency=medium

  * /usr/share/doc/quarter/CHANGELOG.md has the changes.

 -- $(sed -n 's/^Maintainer: //p' deploy/debian/control)  $(LC_ALL=C date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")
CHANGELOG

log=$folder/build.log
echo "Making the package; dpkg's words are in $log" >&2
if ! (cd "$work" && debian/rules binary) >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    exit 70
fi

package=$folder/quarter_${version}_amd64.deb
# debian/rules puts it beside the folder that it runs in.
if [[ ! -e $package ]]; then
    echo "deb.sh: no $package was made; see $log" >&2
    exit 70
fi

# What dpkg packs fast is packed again, well: most of the package is the Swift runtime and three programs, and the
# filter for x86 code, which dpkg-deb knows when it unpacks and not when it packs, takes off a fourteenth. With
# deterministic members the same sources still give the same bytes.
(
    mkdir "$work/members"
    cp "$package" "$work/members/package.deb"
    cd "$work/members"
    ar x package.deb debian-binary control.tar.xz data.tar.xz
    rm package.deb
    xz --decompress data.tar.xz
    xz --threads=1 --x86 --lzma2=preset=9e data.tar
    ar rcD package.deb debian-binary control.tar.xz data.tar.xz
)
mv "$work/members/package.deb" "$package"

# Debian's size limits are a person's patience: a kiosk's line may be slow.
most=$((25 * 1024 * 1024))
size=$(stat --format=%s "$package")
if ((size > most)); then
    echo "deb.sh: $package has $size bytes, more than $most" >&2
    exit 70
fi
# Run by root as in a container it warns of just that.
lintian --allow-root --fail-on error --tag-display-limit 0 "$package" >&2
echo "$((size / 1024)) KiB" >&2
echo "$package"
