"""State and next change by opening-hours-py (PyPI), for the schedules of OpeningBench.swift; microseconds."""

import time
from datetime import datetime, timedelta

from opening_hours import OpeningHours

for text in ["Mo-Fr 08:00-12:00,13:30-17:30; Sa 09:00-12:00", "Mo-Su 17:00-02:00", "Mo-Fr 08:30-17:30"]:
    hours = OpeningHours(text)
    moments = [datetime(2026, 1, 1) + timedelta(minutes=997 * n) for n in range(500)]
    figures = []
    for ask in (hours.state, hours.next_change):
        spent = []
        for moment in moments:
            start = time.perf_counter_ns()
            ask(moment)
            spent.append((time.perf_counter_ns() - start) / 1000)
        figures.append(sorted(spent)[len(spent) // 2])
    print(f"opening-hours-py, measured: {text}: state p50 {figures[0]:.2f} µs, next change p50 {figures[1]:.2f} µs")
