"""What everybody is asked about: places, origins, the network, and the walks that are right (quarter-bench peers)."""

import csv
import os
import shutil
import subprocess
from collections import namedtuple

LIMIT_METRES = 999
"""15 minutes at 1.11 m/s."""

EVERYTHING = 1_000_000
"""More places than any answer has."""

Spot = namedtuple("Spot", "number id lat lon edge offset leg")
Edge = namedtuple("Edge", "number tail head metres is_oneway")
Time = namedtuple("Time", "answers median p99")
"""Answers a second, and the latency in microseconds."""


class LeftOut(Exception):
    """Why a peer is not in the table."""


class Row:
    """One line of the table: how each case is measured, and what it finds."""

    def __init__(self, name, measures, hits=None, is_slow=False):
        self.name = name
        self.measures = measures
        self.hits = hits
        self.is_slow = is_slow
        self.times = {}


class Ground:
    """A folder that `quarter-bench peers` has filled, the programs, and the core that everything is pinned to."""

    def __init__(self, folder, state, programs, cpu):
        self.folder = os.path.abspath(folder)
        self.state = os.path.abspath(state)
        self.programs = os.path.abspath(programs)
        self.cpu = cpu
        self.places = self._spots("places.csv")
        self.origins = self._spots("origins.csv")
        with open(self.path("walks.txt"), encoding="utf-8") as file:
            self.walks = [[int(word.split(":")[0]) for word in line.split()] for line in file]

    def path(self, name):
        return os.path.join(self.folder, name)

    def program(self, name):
        return os.path.join(self.programs, name)

    def pinned(self, *words):
        return ["taskset", "--cpu-list", str(self.cpu), *words]

    def output(self, *words, **options):
        """What a pinned program prints; it fails where the program does."""
        return subprocess.run(
            self.pinned(*words), check=True, text=True, stdout=subprocess.PIPE, **options).stdout

    def load(self, protocol, socket, requests, connections, seconds=1.5):
        """One run of the load generator: requests is a list of lines."""
        lines = self.path("requests.txt")
        with open(lines, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in requests)
        words = self.output(
            self.path("load"), protocol, socket, lines, str(connections), "1", str(seconds)).split()
        return Time(float(words[0]), float(words[1]), float(words[2]))

    def answers(self, protocol, socket, requests):
        """The answer to each request, as bytes."""
        lines, kept = self.path("requests.txt"), self.path("answers.bin")
        with open(lines, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in requests)
        self.output(self.path("load"), protocol, socket, lines, "keep", kept)
        answers = []
        with open(kept, "rb") as file:
            while length := file.readline():
                answers.append(file.read(int(length)))
        return answers

    def edges(self):
        """The pieces of the network; those that meet at a blocked node do not meet here."""
        with open(self.path("nodes.csv"), encoding="utf-8") as file:
            nodes = [row for row in csv.DictReader(file)]
        numbers = {row["id"]: number for number, row in enumerate(nodes, start=1)}
        blocked = {row["id"] for row in nodes if row["blocked"] == "1"}
        spots = [(float(row["lat"]), float(row["lon"])) for row in nodes]

        def end(node):
            if node not in blocked:
                return numbers[node]
            spots.append(spots[numbers[node] - 1])
            return len(spots)

        edges = []
        with open(self.path("edges.csv"), encoding="utf-8") as file:
            for row in csv.DictReader(file):
                edges.append(Edge(int(row["edge"]) + 1, end(row["from"]), end(row["to"]), float(row["metres"]),
                                  row["oneway"] == "1"))
        return spots, edges

    def _spots(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return [
                Spot(int(row["number"]), row["id"], float(row["lat"]), float(row["lon"]), int(row["edge"]) + 1,
                     float(row["offset"]), float(row["leg"]))
                for row in csv.DictReader(file)
            ]


def needs(program):
    """The path of a program, or LeftOut where it is not here."""
    path = shutil.which(program)
    if not path:
        raise LeftOut(f"{program} is not here")
    return path
