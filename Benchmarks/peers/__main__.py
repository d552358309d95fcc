"""Asks Quarter and its peers the same questions on the same places from the same origins, in turn, and prints a table.

Usage: python3 Benchmarks/peers STATE FOLDER PROGRAMS CPU

FOLDER is what `quarter-bench peers STATE FOLDER` has filled, with the programs load and bounded in it. Everything that
is timed runs on the core CPU, clients and servers alike. What is not to be had is named and left out.
"""

import contextlib
import os
import statistics
import sys

import accessibility
import georedis
import postgres
import quarter
from ground import EVERYTHING, Ground, LeftOut, Time

ROUNDS = 3
CASES = ("ten", "flood", "fifty", "all")


def main(state, folder, programs, cpu):
    ground = Ground(folder, state, programs, int(cpu))
    print(f"{len(ground.places):,} places, {len(ground.origins):,} origins beside them; µs, median (99th percentile) of "
          f"the median of {ROUNDS} runs; load {' '.join(f'{load:.1f}' for load in os.getloadavg())}\n")
    rows = []
    with contextlib.ExitStack() as stack:
        # In one process first: the state folder can be open in one only.
        for name, make in (
                ("Quarter in process", lambda: quarter.in_process(ground)),
                ("the bounded search", lambda: quarter.bounded(ground)),
                ("pandana", lambda: accessibility.rows(ground)),
                ("Redis", lambda: georedis.rows(stack, ground)),
                ("PostGIS", lambda: postgres.rows(stack, ground)),
                ("quarterd", lambda: quarter.daemon(stack, ground))):
            try:
                rows += make()
            except LeftOut as error:
                print(f"({name} is left out: {error})")
        for number in range(ROUNDS):
            for row in rows:
                for case, measure in row.measures.items():
                    if number == 0 or not row.is_slow:
                        row.times.setdefault(case, []).append(measure())
        print("| | 10 places, one connection | 10 places, 32 connections, answers/s | 50 places | all within 15 minutes | "
              "of 10 hits out of reach | of all hits out of reach | of all within reach missed |")
        print("|---|---|---|---|---|---|---|---|")
        for row in rows:
            cells = [cell(row, case) for case in CASES] + faults(row, ground)
            print(f"| {row.name} | " + " | ".join(cells) + " |", flush=True)


def cell(row, case):
    if case not in row.times:
        return "–"
    answers, median, p99 = (
        statistics.median(values) if None not in values else None for values in zip(*row.times[case]))
    time = Time(answers, median, p99)
    if case == "flood":
        return f"{time.answers:,.0f}"
    return figure(time.median) + (f" ({figure(time.p99)})" if time.p99 is not None else "")


def figure(microseconds):
    return f"{microseconds:,.0f}" if microseconds >= 100 else f"{microseconds:.1f}"


def faults(row, ground):
    """How many of its hits cannot be walked to within the limit, and how many that can be it has not."""
    if row.hits is None:
        return ["–", "–", "–"]
    texts = []
    for count in (10, EVERYTHING):
        found = row.hits(count)
        wrong = sum(len(set(places) - set(walks)) for places, walks in zip(found, ground.walks))
        total = sum(map(len, found))
        texts.append(share(wrong, total))
    missed = sum(len(set(walks) - set(places)) for places, walks in zip(found, ground.walks))
    return texts + [share(missed, sum(len(walks) for _, walks in zip(found, ground.walks)))]


def share(part, whole):
    if part == 0 or whole == 0:
        return "0"
    return f"{100 * part / whole:.1f} %"


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
