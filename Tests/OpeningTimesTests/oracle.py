"""Answers of opening-hours-py (PyPI), an independent reader of opening hours.

Reads lines of JSON from the first argument, {"expression": …, "instants": ["2026-11-23T10:00", …]}, and writes a
line of JSON for each to the second: {"states": […], "changes": [… or null]}, or {"error": …}.
"""

import json
import sys
from datetime import datetime, timedelta

from opening_hours import OpeningHours


def answer(question):
    try:
        hours = OpeningHours(question["expression"])
    except Exception as error:  # The library raises its own kinds of errors.
        return {"error": str(error)}
    states = []
    changes = []
    for text in question["instants"]:
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%M")
        state = None
        change = None
        # Intervals with an end: next_change searches to the year 9999.
        for begin, _, value, _ in hours.intervals(moment, moment + timedelta(days=372)):
            value = str(value).split(".")[-1].lower()
            if state is None:
                state = value
            elif value != state:
                change = begin.strftime("%Y-%m-%dT%H:%M")
                break
        states.append(state)
        changes.append(change)
    return {"states": states, "changes": changes}


def main():
    with open(sys.argv[1], encoding="utf-8") as questions, open(sys.argv[2], "w", encoding="utf-8") as answers:
        for line in questions:
            answers.write(json.dumps(answer(json.loads(line))) + "\n")


main()
