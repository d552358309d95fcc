#!/usr/bin/env bash
# Says what to do where there is no Swift 6.3 or newer; silent where there is.
set -euo pipefail

needed_major=6
needed_minor=3

advise() {
    cat >&2 <<'ADVICE'
On Debian 12 this installs it for your user, without root:

  curl -LO "https://download.swift.org/swiftly/linux/swiftly-$(uname -m).tar.gz"
  tar xzf "swiftly-$(uname -m).tar.gz"
  ./swiftly init --assume-yes
  . ~/.local/share/swiftly/env.sh
  swiftly install 6.3 && swiftly use 6.3

Then run the same make command again. Other ways: https://www.swift.org/install/linux/
ADVICE
    exit 69
}

if ! command -v swift >/dev/null; then
    echo 'Quarter needs the Swift 6.3 toolchain, and there is no swift on the PATH.' >&2
    advise
fi
# Ask once and keep the text: with `swift … | grep -q` the pipe closes early and pipefail sees a fault.
version_text=$(swift --version 2>/dev/null || true)
if [[ ! $version_text =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]]; then
    echo "swift --version says nothing of use: is $(command -v swift) a Swift toolchain?" >&2
    advise
fi
major=${BASH_REMATCH[1]}
minor=${BASH_REMATCH[2]}
if ((major < needed_major || (major == needed_major && minor < needed_minor))); then
    echo "Quarter needs Swift ${needed_major}.${needed_minor} or newer; this is ${major}.${minor}." >&2
    advise
fi
