#!/usr/bin/env bash
# Builds optimised, then measures (Benchmarks/run.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/build.sh -c release
exec Benchmarks/run.sh "$@"
