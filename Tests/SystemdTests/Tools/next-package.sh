#!/usr/bin/env bash
# Makes the same Debian package with a higher version, to try an upgrade: next-package.sh DEB NEXT
# Hardly compressed, since it is thrown away.
set -euo pipefail
work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT
dpkg-deb --raw-extract "$1" "$work/tree"
sed --in-place 's/^Version: \(.*\)$/Version: \1+next/' "$work/tree/DEBIAN/control"
dpkg-deb -Zgzip -z1 --build "$work/tree" "$2" >/dev/null
