"""Answers of opening-hours-py (PyPI), an independent reader of opening hours.

Reads lines from its input, an expression and the minutes since 1970 (local time) that are asked about, with tabs
between them, and answers each with a line: for each minute the state, and the minutes to the next change or "-", with
tabs between them; or "!" and why the expression was not read. Ends when its input ends, as it does when the one who
asks is killed.
"""

import sys
from datetime import datetime, timedelta

from opening_hours import OpeningHours

EPOCH = datetime(1970, 1, 1)
MINUTE = timedelta(minutes=1)


def answer(expression, minutes):
    try:
        hours = OpeningHours(expression)
    except Exception as error:  # The library raises its own kinds of errors.
        return "!" + str(error).replace("\n", " ")
    words = []
    for minute in minutes:
        moment = EPOCH + int(minute) * MINUTE
        state = change = None
        # Intervals with an end: next_change searches to the year 9999.
        for begin, _, value, _ in hours.intervals(moment, moment + timedelta(days=372)):
            if state is None:
                state = value
            elif value != state:
                change = begin
                break
        words.append(str(state).split(".")[-1].lower())
        words.append("-" if change is None else str((change - moment) // MINUTE))
    return "\t".join(words)


def main():
    for line in sys.stdin:
        expression, *minutes = line.rstrip("\n").split("\t")
        print(answer(expression, minutes), flush=True)


main()
