"""Quarter itself: in one process, and quarterd over its sockets; and the C++ bounded search on the same network file."""

import json
import os
import re
import subprocess
import time

from ground import EVERYTHING, Row, Time

ANSWER_TIME = re.compile(r"median ([\d.]+) us\s+p99 ([\d.]+) us")
LONGEST_PAGE = 500


def in_process(ground):
    """What quarter-bench measures on the same origins: numbers alone, and finished JSON."""
    cases = {}
    for line in ground.output(ground.program("quarter-bench"), "peers", ground.state).splitlines():
        name, median, p99 = line.split("\t")
        cases[name] = Time(1e6 / float(median), float(median), float(p99))
    return [
        Row("quarter in process, as numbers", {
            "ten": lambda: cases["ten"], "fifty": lambda: cases["fifty"], "all": lambda: cases["all"],
        }, is_slow=True),
        Row("quarter in process, to the bytes of the JSON", {
            "ten": lambda: cases["ten-json"], "fifty": lambda: cases["fifty-json"]}, is_slow=True),
    ]


def bounded(ground):
    """The yardstick: its origins are on the network already."""
    def measure(count):
        printed = ground.output(
            ground.path("bounded"), os.path.join(ground.state, "network.qnet"), ground.path("dump.txt"), str(count))
        median, p99 = map(float, ANSWER_TIME.search(printed).groups())
        return Time(1e6 / median, median, p99)

    return [Row("bounded search in C++, as numbers", {
        "ten": lambda: measure(10), "fifty": lambda: measure(50), "all": lambda: measure(EVERYTHING)}, is_slow=True)]


def daemon(stack, ground):
    server = subprocess.Popen(
        ground.pinned(ground.program("quarterd"), "--state", ground.state), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    stack.callback(server.wait)
    stack.callback(server.terminate)
    public = os.path.join(ground.state, "public.sock")
    varlink = os.path.join(ground.state, "org.quarter.Directory")
    # One socket is made after the other; an older quarterd has the first alone.
    for socket, tenths in ((public, 600), (varlink, 20)):
        for _ in range(tenths):
            if os.path.exists(socket):
                break
            time.sleep(0.1)
    numbers = {place.id: place.number for place in ground.places}

    def over_http(count):
        return [f"GET /v1/reach?lat={origin.lat}&lon={origin.lon}&limit={count}" for origin in ground.origins]

    def over_varlink(count, **more):
        return [json.dumps({"method": "org.quarter.Directory.Reach",
                            "parameters": {"lat": origin.lat, "lon": origin.lon, "limit": count, **more}})
                for origin in ground.origins]

    def briefly(count):
        return over_varlink(count, detail="brief")

    def measures(protocol, socket, questions):
        return {
            "ten": lambda: ground.load(protocol, socket, questions(10), 1),
            "flood": lambda: ground.load(protocol, socket, questions(10), 32),
            "fifty": lambda: ground.load(protocol, socket, questions(50), 1),
            "all": lambda: ground.load(protocol, socket, questions(LONGEST_PAGE), 1),
        }

    def empty(protocol, socket, line):
        return {"ten": lambda: ground.load(protocol, socket, [line], 1),
                "flood": lambda: ground.load(protocol, socket, [line], 32)}

    def hits(protocol, socket, questions):
        def found(count):
            answers = ground.answers(protocol, socket, questions(min(count, LONGEST_PAGE)))
            bodies = [answer.split(b"\r\n\r\n", 1)[-1].rstrip(b"\0") for answer in answers]
            replies = [json.loads(body) for body in bodies]
            return [[numbers[place["id"]] for place in reply.get("parameters", reply)["places"]] for reply in replies]

        return found

    rows = [
        Row("quarterd over HTTP, an empty 200", empty("http", public, "HEAD /v1/profiles")),
        Row("quarterd over HTTP", measures("http", public, over_http), hits("http", public, over_http)),
    ]
    if os.path.exists(varlink):
        rows += [
            Row("quarterd over Varlink, GetInfo",
                empty("varlink", varlink, json.dumps({"method": "org.varlink.service.GetInfo"}))),
            Row("quarterd over Varlink", measures("varlink", varlink, over_varlink),
                hits("varlink", varlink, over_varlink)),
            Row("quarterd over Varlink, detail brief", measures("varlink", varlink, briefly)),
        ]
    else:
        print("(Varlink is left out: this quarterd has no such socket)")
    return rows
