#!/usr/bin/env bash
# Prints the files and folders that hold Quarter's own Swift code.
set -euo pipefail
cd "$(dirname "$0")/.."
for path in Package.swift Sources Plugins Tests Benchmarks; do
    if [[ -e $path ]]; then echo "$path"; fi
done
