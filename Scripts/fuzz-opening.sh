#!/usr/bin/env bash
# Fuzzes the reading and answering of opening times with libFuzzer, guided by coverage; outside of the package's build.
# A trap ends it, and so does a text that takes a second. What it learned stays in .build/fuzz/corpus.
# Usage: fuzz-opening.sh [SECONDS]   60 unless said.
set -euo pipefail
cd "$(dirname "$0")/.."

work=.build/fuzz
mkdir -p "$work/corpus"
cat >"$work/target.swift" <<'SWIFT'
package import DirectoryModel

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    guard let schedule = try? OpeningSchedule(text) else { return 0 }
    let context = OpeningContext(calendar: .empty, policy: .statutory)
    _ = schedule.answer(at: Timestamp(secondsSince1970: 1_795_572_000), in: context)
    let canonical = schedule.canonical
    guard (try? OpeningSchedule(canonical)) == schedule else {
        fatalError("\(text.debugDescription) is written as \(canonical.debugDescription)")
    }
    return 0
}
SWIFT
model=Plugins/ServiceTypeKit/Sources/DirectoryModel
swiftc -O -parse-as-library -package-name quarter -module-name DirectoryModel -emit-module -static \
    -emit-library -emit-module-path "$work/DirectoryModel.swiftmodule" -o "$work/libDirectoryModel.a" "$model"/*.swift
swiftc -O -parse-as-library -package-name quarter -module-name OpeningTimes -sanitize=fuzzer -I "$work" \
    -o "$work/fuzz-opening" Sources/OpeningTimes/*.swift "$work/target.swift" "$work/libDirectoryModel.a"
for seed in 'Mo-Fr 09:00-12:00,13:30-17:30; PH off' 'week 01-53/2 Mo[1] (sunrise-00:30)-26:00 || "call"' \
    '周一至周五 8:00-17:30，中午12:00-13:00休息' '每天上午8点-下午5点半，节假日休息' 'easter -2 days-Dec 25 -Su unknown'; do
    printf '%s' "$seed" >"$work/corpus/$(printf '%s' "$seed" | sha1sum | cut -d' ' -f1)"
done
# libFuzzer keeps the text that ended it, unless Swift's own report of a trap comes first.
SWIFT_BACKTRACE=enable=no "$work/fuzz-opening" -max_total_time="${1:-60}" -max_len=1200 -timeout=1 -artifact_prefix="$work/" "$work/corpus"
