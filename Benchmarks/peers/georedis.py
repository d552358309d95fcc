"""Redis: places in one geographical set, GEOSEARCH over the Unix socket."""

import os
import re
import subprocess
import time

from ground import EVERYTHING, LIMIT_METRES, Row, needs

MEMBER = re.compile(rb"\$\d+\r\n(\d+)\r\n")
BATCH = 500


def rows(stack, ground):
    program = needs("redis-server")
    socket = ground.path("redis.sock")
    server = subprocess.Popen(
        ground.pinned(program, "--port", "0", "--unixsocket", socket, "--dir", ground.folder, "--save", "",
                      "--appendonly", "no"), stdout=subprocess.DEVNULL)
    stack.callback(server.wait)
    stack.callback(server.terminate)
    while not os.path.exists(socket):
        time.sleep(0.05)
    ground.answers("resp", socket, [
        "GEOADD places " + " ".join(f"{place.lon} {place.lat} {place.number}"
                                    for place in ground.places[start:start + BATCH])
        for start in range(0, len(ground.places), BATCH)
    ])

    def questions(count, word=""):
        return [
            f"GEOSEARCH places FROMLONLAT {origin.lon} {origin.lat} BYRADIUS {LIMIT_METRES} m ASC COUNT {count}{word}"
            for origin in ground.origins
        ]

    def measures(word):
        return {
            "ten": lambda: ground.load("resp", socket, questions(10, word), 1),
            "flood": lambda: ground.load("resp", socket, questions(10, word), 32),
            "fifty": lambda: ground.load("resp", socket, questions(50, word), 1),
            "all": lambda: ground.load("resp", socket, questions(EVERYTHING, word), 1),
        }

    def hits(count):
        answers = ground.answers("resp", socket, questions(count))
        return [[int(member) for member in MEMBER.findall(answer)] for answer in answers]

    ping = {
        "ten": lambda: ground.load("resp", socket, ["PING"], 1),
        "flood": lambda: ground.load("resp", socket, ["PING"], 32),
    }
    return [
        Row("Redis, PING", ping),
        Row("Redis GEOSEARCH, the members alone", measures(""), hits),
        Row("Redis GEOSEARCH WITHDIST", measures(" WITHDIST")),
    ]
