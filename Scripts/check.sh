#!/usr/bin/env bash
# Runs every check, each first on a bad fixture that it must refuse: a check that cannot fail checks nothing.
# Usage: check.sh [NAME…]   the checks of Scripts/checks to run; all of them without a name.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

# Cheap ones first.
checks=(machine-paths layers module-imports module-readmes package-docs shell format docs-in-step kit-interface kit-since allocations warnings)
if (($# > 0)); then checks=("$@"); fi

output=$(mktemp)
trap 'rm -f "$output"' EXIT
failed=()
for check in "${checks[@]}"; do
    fixture=Scripts/checks/fixtures/$check
    expected=$(<"$fixture/expected.txt")
    if "Scripts/checks/$check.sh" "$fixture" >"$output" 2>&1; then
        echo "✘ $check: accepts its bad fixture"
        failed+=("$check")
        continue
    fi
    if ! grep --quiet --fixed-strings -- "$expected" "$output"; then
        echo "✘ $check: refuses its bad fixture, but not for: $expected"
        sed 's/^/    /' "$output"
        failed+=("$check")
        continue
    fi
    if "Scripts/checks/$check.sh" . >"$output" 2>&1; then
        words=$(tail -n 1 "$output")
        echo "✔ $check${words:+: $words}"
    else
        echo "✘ $check"
        sed 's/^/    /' "$output"
        failed+=("$check")
    fi
done
if ((${#failed[@]} > 0)); then
    echo "✘ ${#failed[@]} of ${#checks[@]} checks failed: ${failed[*]}"
    exit 1
fi
echo "✔ ${#checks[@]} checks passed."
