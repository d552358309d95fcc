"""Answers of opening-hours-py (PyPI), an independent reader of opening hours.

Reads lines of JSON from the first argument, {"expression": …, "instants": ["2026-11-23T10:00", …]}, and writes a
line of JSON for each to the second: {"states": […], "changes": [… or null]}, or {"error": …}.
"""

import json
import sys
from datetime import datetime

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
        states.append(str(hours.state(moment)).split(".")[-1].lower())
        change = hours.next_change(moment)
        changes.append(change.strftime("%Y-%m-%dT%H:%M") if change is not None else None)
    return {"states": states, "changes": changes}


def main():
    with open(sys.argv[1], encoding="utf-8") as questions, open(sys.argv[2], "w", encoding="utf-8") as answers:
        for line in questions:
            answers.write(json.dumps(answer(json.loads(line))) + "\n")


main()
