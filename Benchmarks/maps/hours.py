#!/usr/bin/env python3
"""Gives places of a map that state no opening times made-up ones, the same in every run, so that questions about
open places have something to judge. Usage: hours.py IN.osm.pbf OUT.osm.pbf   (pip install osmium)"""
import random
import sys

import osmium

KEYS = ("shop", "amenity", "leisure", "healthcare", "office", "tourism", "craft")
# What shops and offices write on their doors; one place in four stays without.
HOURS = (
    "24/7",
    "Mo-Su 07:00-21:00",
    "Mo-Su 08:30-20:30",
    "Mo-Su 10:00-22:00",
    "Mo-Su 09:00-18:00; PH off",
    "Mo-Fr 08:30-17:30",
    "Mo-Fr 08:30-12:00,13:30-17:30; PH off",
    "Mo-Fr 09:00-19:00; Sa,Su 10:00-17:00",
    "Mo-Su 10:30-14:00,16:30-21:00",
    "Tu-Su 09:00-17:00; Mo off",
    "Mo-Su 06:00-10:00,15:00-19:00",
    "Mo-Su 17:00-02:00",
    "Mo-Fr 07:00-19:00; Sa 08:00-12:00; Su,PH off",
    "Apr-Oct: Mo-Su 06:00-22:00; Nov-Mar: Mo-Su 07:00-20:00",
    "Mo-Sa 09:30-21:30; Su 10:00-18:00",
)


class Hours(osmium.SimpleHandler):
    """Copies a map, with hours for those places that have none."""

    def __init__(self, writer):
        super().__init__()
        self.writer = writer
        self.numbers = random.Random(1)

    def with_hours(self, thing):
        tags = dict(thing.tags)
        is_place = "name" in tags and any(key in tags for key in KEYS)
        if not is_place or "opening_hours" in tags or self.numbers.random() < 0.25:
            return thing
        tags["opening_hours"] = self.numbers.choice(HOURS)
        return thing.replace(tags=tags)

    def node(self, node):
        self.writer.add_node(self.with_hours(node))

    def way(self, way):
        self.writer.add_way(self.with_hours(way))

    def relation(self, relation):
        self.writer.add_relation(self.with_hours(relation))


if len(sys.argv) != 3:
    sys.exit(__doc__)
with osmium.SimpleWriter(sys.argv[2], overwrite=True) as writer:
    Hours(writer).apply_file(sys.argv[1])
