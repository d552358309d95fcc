#!/usr/bin/env bash
# swift build with the words given, after the one thing that SwiftPM cannot see (touch-abi-dependants.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/touch-abi-dependants.sh .build
exec swift build "$@"
