#!/usr/bin/env bash
# Prints what the SDK's public interface amounts to: 16 digits of the SHA-256 of the interfaces that the compiler
# writes of DirectoryModel and ServiceTypeKit, without its own remarks. A changed name, a moved case or another
# default changes it; a changed body does not. Usage: kit-interface.sh KIT-FOLDER
set -euo pipefail
kit=$1/Sources

out=$(mktemp --directory)
trap 'rm -rf "$out"' EXIT
for module in DirectoryModel ServiceTypeKit; do
    mapfile -t files < <(find "$kit/$module" -name '*.swift' | LC_ALL=C sort)
    swiftc -emit-module -enable-library-evolution -swift-version 6 -module-name "$module" -I "$out" \
        -emit-module-interface-path "$out/$module.swiftinterface" -emit-module-path "$out/$module.swiftmodule" \
        "${files[@]}"
done
cat "$out/DirectoryModel.swiftinterface" "$out/ServiceTypeKit.swiftinterface" |
    sed -E '/^ *(\/\/|import )/d' | sha256sum | cut -c1-16
