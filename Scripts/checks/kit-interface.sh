#!/usr/bin/env bash
# The interface in the SDK's stamp is that of its code: a changed interface has a changed stamp, and a new version
# in docs/modules.md. Usage: kit-interface.sh FOLDER
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$1"

kit=Plugins/ServiceTypeKit
written=$(sed -nE 's/^#define QUARTER_KIT_INTERFACE ([0-9a-f]{16})$/\1/p' \
    "$kit/Sources/CQuarterABI/include/quarter_abi.h")
if [[ -z $written ]]; then
    echo "$kit/Sources/CQuarterABI/include/quarter_abi.h states no QUARTER_KIT_INTERFACE"
    exit 1
fi
now=$("$root/Scripts/kit-interface.sh" "$kit")
if [[ $now != "$written" ]]; then
    echo "the SDK's interface has changed: it is $now, and the stamp says $written."
    echo "Raise QUARTER_KIT_MINOR where it only grew, or QUARTER_KIT_EPOCH where older modules cannot run, write"
    echo "QUARTER_KIT_INTERFACE $now, and say what changed in docs/modules.md."
    exit 1
fi
echo "the stamp states the interface $written"
