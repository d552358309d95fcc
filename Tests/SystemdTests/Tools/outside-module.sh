#!/usr/bin/env bash
# Makes a module outside this repository, as an author with an installed Quarter does, and builds it twice: sound,
# and so that it ends the daemon.
#
#   outside-module.sh QUARTERCTL DEB WORK OUT
#     QUARTERCTL  the program
#     DEB         the package, whose own SDK is used and nothing else of this tree
#     WORK        folder for what is kept between runs: the built kit
#     OUT         gets sound/ and trapping/, each with the built library and install.sh, the recipe of the module's
#                 own `make install`, for a machine that has neither make nor a toolchain
set -euo pipefail
if (($# != 4)); then
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
quarterctl=$1
deb=$2
mkdir -p "$3" "$4"
work=$(realpath "$3")
out=$(realpath "$4")

mkdir -p "$work/root"
dpkg-deb --fsys-tarfile "$deb" | tar --extract --directory="$work/root" ./usr/share/quarter/sdk
sdk=$work/root/usr/share/quarter/sdk

# The sources are new each time, what was built of the kit is kept. The stamp of the kit is a C header, whose change
# SwiftPM does not see in the importers: then all is built anew.
module=$work/PianoRoom
kept=$work/kept
stamp=$sdk/ServiceTypeKit/Sources/CQuarterABI/include/quarter_abi.h
rm -rf "$kept"
if [[ -d $module/.build ]] && cmp --silent "$stamp" "$module/.build/stamp"; then mv "$module/.build" "$kept"; fi
rm -rf "$module"
"$quarterctl" module new "$module" --sdk "$sdk" >/dev/null
if [[ -d $kept ]]; then mv "$kept" "$module/.build"; fi

source=$module/Sources/PianoRoomModule.swift
sed --in-place 's/待填写/琴房/g; s/Fill me in/Piano room/g; s/fill me in/piano room/g' "$source"

# Builds the module as it stands, and hands over what `make install` would put in place.
hand_over() { # VARIANT
    make --silent --directory="$module" build >"$work/$1.log" 2>&1 || {
        cat "$work/$1.log" >&2
        exit 1
    }
    mkdir -p "$out/$1/.build/release"
    cp "$module/.build/release/libPianoRoomModule.so" "$out/$1/.build/release/"
    make --silent --just-print --directory="$module" install >"$out/$1/install.sh"
}
hand_over sound
sed --in-place 's/^ *Self\.description\.normalise(draft)$/        if draft.place.name == "trap" { fatalError("a trap of the test") }\n        return Self.description.normalise(draft)/' "$source"
if ! grep --quiet 'fatalError' "$source"; then
    echo 'outside-module: the template has changed, so that no trap could be put in' >&2
    exit 1
fi
hand_over trapping
cp "$stamp" "$module/.build/stamp"
