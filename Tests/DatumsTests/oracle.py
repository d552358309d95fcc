"""Answers of coord-convert (PyPI), an independent implementation of the offset datums.

Reads lines from its input, a function's name, a longitude and a latitude with blanks between them, and answers each
with a line of a longitude and a latitude. Its inverse has no cap: points near the edges of its box are not asked.
"""

import sys

from coord_convert import transform

for line in sys.stdin:
    name, x, y = line.split()
    print(*map(repr, getattr(transform, name)(float(x), float(y))))
