#!/usr/bin/env bash
# Makes the pictures of docs/kiosk.md: the kiosk's page on the demo town, in Debian's Chromium, from .build/debug.
set -euo pipefail
cd "$(dirname "$0")/.."

python=$(Scripts/browser-python.sh)
if [[ ! -x .build/debug/quarterd ]]; then
    echo 'build first: Scripts/build.sh' >&2
    exit 1
fi
mkdir -p docs/images
"$python" Tests/BrowserTests/pictures.py docs/images
# They go into the repository and the package: a third of the size with 128 colours, where pngquant is there.
if command -v pngquant >/dev/null; then
    pngquant --force --ext .png --speed 1 --strip 128 docs/images/*.png
fi
