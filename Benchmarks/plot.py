#!/usr/bin/env python3
"""Draws what nodes and places cost: reads the rows of `quarter-bench sizes` and writes an SVG that is read on light and
on dark pages. Usage: plot.py SIZES.csv OUT.svg"""

import csv
import math
import sys
from html import escape

PANEL_WIDTH, PANEL_HEIGHT = 270, 190
LEFT, TOP, GAP_X, GAP_Y = 56, 84, 136, 70
LOWEST, HIGHEST = 1, 200
LINE_HEIGHT = 14

STYLE = """
svg { --paper: #fcfcfb; --ink: #1b1b1a; --quiet: #62625d; --rule: #e4e3de;
      --few: #7fb0ea; --some: #2a78d6; --many: #0d3c78; }
@media (prefers-color-scheme: dark) {
  svg { --paper: #1a1a19; --ink: #f2f1ec; --quiet: #a5a49c; --rule: #35342f;
        --few: #3f7fca; --some: #7fb0ea; --many: #d5e6fb; }
}
text { font: 12px system-ui, sans-serif; fill: var(--quiet); }
.title { font-size: 15px; font-weight: 600; fill: var(--ink); }
.name { font-size: 13px; font-weight: 600; fill: var(--ink); }
.rule { stroke: var(--rule); }
.paper { fill: var(--paper); }
path { fill: none; stroke-width: 2; stroke-linejoin: round; }
.p99 { stroke-width: 1.5; stroke-dasharray: 2 4; stroke-linecap: round; }
.few { stroke: var(--few); } .some { stroke: var(--some); } .many { stroke: var(--many); }
circle { fill: var(--paper); stroke-width: 2; }
"""
CLASSES = ("few", "some", "many")


def read(path):
    """By question, then by number of places: nodes, median and 99th percentile, in the order of the file."""
    questions = {}
    with open(path, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            lines = questions.setdefault(row["question"], {})
            lines.setdefault(int(row["places"]), []).append(
                (int(row["nodes"]), float(row["p50_us"]), float(row["p99_us"])))
    return questions


def short(number):
    """10k, 100k, 1M, as axes have it."""
    exponent = round(math.log10(number))
    return f"{10 ** (exponent - 6)} M" if exponent >= 6 else f"{10 ** (exponent - 3)} k"


def panel(name, lines, x, y):
    nodes = sorted({point[0] for points in lines.values() for point in points})
    first, last = math.log10(nodes[0]), math.log10(nodes[-1])

    def across(count):
        return x + (math.log10(count) - first) / (last - first) * PANEL_WIDTH

    def up(microseconds):
        share = math.log(microseconds / LOWEST) / math.log(HIGHEST / LOWEST)
        return y + PANEL_HEIGHT - min(1, max(0, share)) * PANEL_HEIGHT

    parts = [f'<text class="name" x="{x}" y="{y - 12}">{escape(name)}</text>']
    for tick in (1, 10, 100):
        parts.append(f'<line class="rule" x1="{x}" x2="{x + PANEL_WIDTH}" y1="{up(tick):.1f}" y2="{up(tick):.1f}"/>')
        parts.append(f'<text x="{x - 8}" y="{up(tick) + 4:.1f}" text-anchor="end">{tick} µs</text>')
    for count in nodes:
        parts.append(
            f'<text x="{across(count):.1f}" y="{y + PANEL_HEIGHT + 18}" text-anchor="middle">{short(count)}</text>')
    labels = []
    for style, (places, points) in zip(CLASSES, sorted(lines.items())):
        points = sorted(points)
        for index, dash in ((2, " p99"), (1, "")):
            way = " L".join(f"{across(point[0]):.1f} {up(point[index]):.1f}" for point in points)
            parts.append(f'<path class="{style}{dash}" d="M{way}"/>')
        for point in points:
            parts.append(
                f'<circle class="{style}" cx="{across(point[0]):.1f}" cy="{up(point[1]):.1f}" r="3.5"><title>'
                f"{places:,} places, {point[0]:,} nodes: {point[1]} µs, 99th percentile {point[2]} µs"
                "</title></circle>")
        labels.append([up(points[-1][1]) + 4, f"{places:,} places"])
    # From the top down, none on another.
    floor = -math.inf
    for label in sorted(labels):
        floor = max(label[0], floor + LINE_HEIGHT)
        parts.append(f'<text x="{x + PANEL_WIDTH + 9}" y="{floor:.1f}">{label[1]}</text>')
    return "\n".join(parts)


def main(source, target):
    questions = read(source)
    columns = 2
    rows = math.ceil(len(questions) / columns)
    width = LEFT + columns * (PANEL_WIDTH + GAP_X) - 20
    height = TOP + rows * (PANEL_HEIGHT + GAP_Y) - 20
    panels = [
        panel(name, lines, LEFT + index % columns * (PANEL_WIDTH + GAP_X),
              TOP + index // columns * (PANEL_HEIGHT + GAP_Y))
        for index, (name, lines) in enumerate(questions.items())
    ]
    with open(target, "w", encoding="utf-8") as file:
        file.write(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">\n'
            "<title>What an answer costs, by the nodes of the network and the places on it</title>\n"
            f"<style>{STYLE}</style>\n"
            f'<rect class="paper" width="{width}" height="{height}"/>\n'
            f'<text class="title" x="{LEFT}" y="26">Microseconds an answer, by nodes of the network</text>\n'
            f'<text x="{LEFT}" y="46">line: median; dots: 99th percentile; snapping included</text>\n'
            + "\n".join(panels) + "\n</svg>\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
