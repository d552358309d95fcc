"""pandana, run by the Python of its own environment: prints a JSON object of times and hits.
Usage: pandana_walks.py FOLDER STATE PROGRAMS CPU"""

import json
import math
import sys
import time

import pandana
import pandas

from ground import LIMIT_METRES, Ground

SOME_ORIGINS = 200
"""nodes_in_range is slow: so few are asked."""


def main(folder, state, programs, cpu):
    ground = Ground(folder, state, programs, cpu)
    points, edges = ground.edges()
    middle = math.radians(points[0][0])

    def plane(spots):
        """In metres, for pandana puts things on the nearest node by the straight line."""
        return (pandas.Series([lon * 111_195 * math.cos(middle) for _, lon in spots]),
                pandas.Series([lat * 111_195 for lat, _ in spots]))

    x, y = plane(points)
    both = [(edge.tail - 1, edge.head - 1, edge.metres) for edge in edges]
    both += [(edge.head - 1, edge.tail - 1, edge.metres) for edge in edges if not edge.is_oneway]
    table = pandas.DataFrame(both, columns=["from", "to", "metres"])
    start = time.perf_counter()
    network = pandana.Network(x, y, table["from"], table["to"], table[["metres"]], twoway=False)
    network.precompute(LIMIT_METRES)
    result = {"made": time.perf_counter() - start}
    network.set_pois("places", LIMIT_METRES, 50, *plane([(place.lat, place.lon) for place in ground.places]))
    origins = network.get_node_ids(*plane([(origin.lat, origin.lon) for origin in ground.origins])).tolist()
    for name, count in (("ten", 10), ("fifty", 50)):
        start = time.perf_counter()
        network.nearest_pois(LIMIT_METRES, "places", num_pois=count)
        result[name] = (time.perf_counter() - start) / len(points) * 1e6
    found = network.nearest_pois(LIMIT_METRES, "places", num_pois=10, include_poi_ids=True)
    columns = [f"poi{number}" for number in range(1, 11)]
    result["hits_ten"] = [
        [int(place) + 1 for place in found.loc[origin, columns] if not math.isnan(place)] for origin in origins]
    at_node = {}
    nodes = network.get_node_ids(*plane([(place.lat, place.lon) for place in ground.places]))
    for place, node in zip(ground.places, nodes):
        at_node.setdefault(node, []).append(place.number)
    times = []
    result["hits_all"] = []
    for origin in origins[:SOME_ORIGINS]:
        start = time.perf_counter()
        reached = network.nodes_in_range([origin], LIMIT_METRES)
        places = [place for node in reached["destination"] for place in at_node.get(node, ())]
        times.append((time.perf_counter() - start) * 1e6)
        result["hits_all"].append(places)
    times.sort()
    result["all"] = [times[len(times) // 2], times[len(times) * 99 // 100]]
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
