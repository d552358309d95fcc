#!/usr/bin/env bash
# Measures in the package Benchmarks/, whose dependencies never reach the daemon.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/build.sh -c release
if [[ -x Benchmarks/run.sh ]]; then exec Benchmarks/run.sh "$@"; fi
exec swift run -c release --package-path Benchmarks Bench "$@"
