"""PostGIS and pgRouting: a cluster of its own in the work folder, on a Unix socket, asked by pgbench."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
import time

from ground import EVERYTHING, LIMIT_METRES, LeftOut, Row, Time

SLOW_ORIGINS = 20
"""pgRouting reads the network around an origin for each question: so few are asked."""

TABLES = f"""
CREATE EXTENSION postgis;
CREATE TABLE places (number int PRIMARY KEY, lat float, lon float, edge bigint, fraction float, leg float,
    spot geography(Point, 4326));
CREATE TABLE origins (LIKE places INCLUDING ALL);
"""

FILLED = """
UPDATE places SET spot = ST_MakePoint(lon, lat);
UPDATE origins SET spot = ST_MakePoint(lon, lat);
CREATE INDEX ON places USING gist (spot);
CREATE INDEX ON places (edge);
VACUUM ANALYZE places;
VACUUM ANALYZE origins;
"""

NEAREST = f"""SELECT place.number FROM origins AS origin CROSS JOIN LATERAL (
    SELECT number FROM places WHERE ST_DWithin(places.spot, origin.spot, {LIMIT_METRES})
    ORDER BY places.spot <-> origin.spot LIMIT %(count)d) AS place"""

EDGES = """
CREATE EXTENSION pgrouting;
CREATE TABLE pieces (id bigint PRIMARY KEY, source bigint, target bigint, cost float, reverse_cost float,
    line geometry);
"""

# The edges within a box around the origin, as everybody does with a network of this size; places on them are points.
WALKS = f"""
CREATE INDEX ON pieces USING gist (line);
VACUUM ANALYZE pieces;
CREATE FUNCTION walks(wanted int, most int) RETURNS TABLE (number int, metres float) AS $$
DECLARE
    origin origins%ROWTYPE;
    box geometry;
BEGIN
    SELECT * INTO origin FROM origins WHERE origins.number = wanted;
    box := ST_Envelope(ST_Buffer(origin.spot, {LIMIT_METRES} * 1.05)::geometry);
    RETURN QUERY SELECT place.number, origin.leg + way.agg_cost + place.leg FROM pgr_withPointsDD(
        format('SELECT id, source, target, cost, reverse_cost FROM pieces WHERE line && %L::geometry', box),
        format('SELECT places.number::bigint AS pid, edge AS edge_id, fraction FROM places
            JOIN pieces ON pieces.id = edge AND line && %L::geometry
            UNION ALL SELECT 1000000000, %s, %s', box, origin.edge, origin.fraction),
        -1000000000, {LIMIT_METRES} - origin.leg, directed => true, driving_side => 'b', details => true) AS way
        JOIN places AS place ON place.number = -way.node
        WHERE origin.leg + way.agg_cost + place.leg <= {LIMIT_METRES}
        ORDER BY 2, 1 LIMIT most;
END $$ LANGUAGE plpgsql;
"""


class Cluster:
    """A PostgreSQL that nobody else sees, as long as the stack is open."""

    def __init__(self, stack, ground):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
        if not found:
            raise LeftOut("PostgreSQL is not here")
        self.ground = ground
        self.programs = os.path.dirname(found[-1])
        # Its folder must be one that a user who is not root can reach, and the path of a socket is short.
        self.folder = tempfile.mkdtemp(prefix="quarter-bench-")
        stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        as_user = {}
        if os.geteuid() == 0:
            try:
                user = pwd.getpwnam("postgres")
            except KeyError:
                raise LeftOut("PostgreSQL does not run as root, and there is no user postgres") from None
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": self.folder}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        data = os.path.join(self.folder, "data")
        subprocess.run(
            [self.program("initdb"), "--pgdata", data, "--auth", "trust", "--username", "bench", "--encoding", "UTF8",
             "--locale", "C", "--no-sync"], check=True, **as_user, **quiet)
        server = subprocess.Popen(
            ground.pinned(
                self.program("postgres"), "-D", data, "-k", self.folder, "-c", "listen_addresses=", "-c", "fsync=off",
                "-c", "autovacuum=off", "-c", "jit=off", "-c", "shared_buffers=512MB"), **as_user, **quiet)
        stack.callback(server.wait)
        stack.callback(server.terminate)
        for _ in range(200):
            if subprocess.run([self.program("pg_isready"), "-h", self.folder, "-q"], check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise LeftOut("PostgreSQL did not start")

    def program(self, name):
        return os.path.join(self.programs, name)

    def run(self, sql, rows=None):
        """Runs statements, the last of which may be COPY … FROM STDIN with rows; what they print, by line."""
        text = sql if rows is None else sql + "\n" + "\n".join("\t".join(map(str, row)) for row in rows) + "\n\\.\n"
        done = subprocess.run(
            ["psql", "-h", self.folder, "-U", "bench", "-d", "postgres", "-AtqX", "-v", "ON_ERROR_STOP=1"],
            input=text, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise LeftOut("PostgreSQL: " + (done.stderr.strip().splitlines() or ["psql failed"])[0])
        return done.stdout.splitlines()

    def measure(self, sql, connections, how_long, origins):
        """One run of pgbench with a statement that is prepared once, and has :origin in it."""
        folder = tempfile.mkdtemp(dir=self.ground.folder)
        try:
            script = os.path.join(folder, "script.sql")
            with open(script, "w", encoding="utf-8") as file:
                file.write(f"\\set origin random(1, {origins})\n{' '.join(sql.split())};\n")
            printed = self.ground.output(
                self.program("pgbench"), "-h", self.folder, "-U", "bench", "-n", "-M", "prepared", "-c", str(connections),
                "-f", script, "--log", "--random-seed=1", *how_long, "postgres", cwd=folder, stderr=subprocess.DEVNULL)
            times = []
            for log in glob.glob(os.path.join(folder, "pgbench_log.*")):
                with open(log, encoding="utf-8") as file:
                    times += [float(line.split()[2]) for line in file]
        finally:
            shutil.rmtree(folder)
        times.sort()
        tps = next(line for line in printed.splitlines() if line.startswith("tps = "))
        return Time(float(tps.split()[2]), times[len(times) // 2], times[len(times) * 99 // 100])


def fractions(spots, lengths):
    """Rows of places: pgRouting knows no points at the very ends of an edge, so they are moved by some micrometres."""
    for spot in spots:
        part = spot.offset / lengths[spot.edge] if lengths[spot.edge] > 0 else 0
        yield spot.number, spot.lat, spot.lon, spot.edge, min(max(1e-7, part), 1 - 1e-7), spot.leg


def rows(stack, ground):
    cluster = Cluster(stack, ground)
    points, edges = ground.edges()
    lengths = {edge.number: edge.metres for edge in edges}
    cluster.run(TABLES)
    for table, spots in (("places", ground.places), ("origins", ground.origins)):
        cluster.run(f"COPY {table} (number, lat, lon, edge, fraction, leg) FROM STDIN;",
                    fractions(spots, lengths))
    cluster.run(FILLED)
    made = [Row("PostgreSQL, SELECT 1", {
        "ten": lambda: cluster.measure("SELECT 1", 1, ["-T", "1"], 1),
        "flood": lambda: cluster.measure("SELECT 1", 32, ["-T", "1"], 1),
    }), postgis(cluster, ground)]
    try:
        made.append(pgrouting(cluster, ground, points, edges))
    except LeftOut as error:
        print(f"(pgRouting is left out: {error})")
    return made


def by_origin(lines, count):
    found = [[] for _ in range(count)]
    for line in lines:
        origin, place = line.split("|")[:2]
        found[int(origin) - 1].append(int(place))
    return found


def postgis(cluster, ground):
    def measure(count, connections):
        sql = NEAREST % {"count": count} + " WHERE origin.number = :origin"
        return lambda: cluster.measure(sql, connections, ["-T", "2"], len(ground.origins))

    def hits(count):
        sql = (NEAREST % {"count": count}).replace("SELECT place", "SELECT origin.number, place", 1)
        return by_origin(cluster.run(sql + ";"), len(ground.origins))

    return Row("PostGIS ST_DWithin, nearest by <->, prepared", {
        "ten": measure(10, 1), "flood": measure(10, 32), "fifty": measure(50, 1), "all": measure(EVERYTHING, 1),
    }, hits)


def pgrouting(cluster, ground, points, edges):
    cluster.run(EDGES)
    cluster.run("COPY pieces FROM STDIN;", (
        (edge.number, edge.tail, edge.head, edge.metres, -1 if edge.is_oneway else edge.metres,
         "SRID=4326;LINESTRING({1} {0}, {3} {2})".format(*points[edge.tail - 1], *points[edge.head - 1]))
        for edge in edges))
    cluster.run(WALKS)

    def measure(count):
        return lambda: cluster.measure(
            f"SELECT number FROM walks(:origin, {count})", 1, ["-t", str(SLOW_ORIGINS)], SLOW_ORIGINS)

    def hits(count):
        return by_origin(cluster.run(
            f"SELECT origin, number FROM generate_series(1, {SLOW_ORIGINS}) AS origin, walks(origin, {count});"),
            SLOW_ORIGINS)

    return Row("pgRouting pgr_withPointsDD", {
        "ten": measure(10), "fifty": measure(50), "all": measure(EVERYTHING)}, hits, is_slow=True)
