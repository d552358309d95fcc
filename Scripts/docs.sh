#!/usr/bin/env bash
# Writes the files that are made from the code: docs/errors.md, docs/configuration.md, docs/cli.md and
# etc/quarter/quarter.toml. Usage: docs.sh FOLDER   . for this tree.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(realpath "$1")
Scripts/build.sh --product quarterctl >&2
"$(swift build --show-bin-path)/quarterctl" generate-docs "$folder"
