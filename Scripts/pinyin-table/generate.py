#!/usr/bin/env python3
"""Makes Sources/TextSearch/ReadingTable+data.swift from Unicode's own files, as Debian ships them.

Run by hand, never by a build:

    apt-get install unicode-data
    python3 Scripts/pinyin-table/generate.py [--unicode FOLDER] [--output FILE]

Sources, all from Debian's package unicode-data (the version goes into the table's header):
  Unihan_Readings.txt.bz2   kMandarin kHanyuPinlu kTGHZ2013 kXHC1983 kHanyuPinyin   readings, tones taken off
  Unihan_Variants.txt.bz2   kSimplifiedVariant                                       traditional to simplified
  UnicodeData.txt           compatibility decompositions                             NFKC, scalar by scalar
Rules of ours, by hand, stand in by-hand.json beside this file, each with its reason.
"""
import argparse
import bz2
import json
import pathlib
import re
import subprocess
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
FIELDS = ["kMandarin", "kHanyuPinlu", "kTGHZ2013", "kXHC1983", "kHanyuPinyin"]
# Blocks whose compatibility characters people type or paste; FF01-FF5E is computed by the code, not listed.
COMPATIBILITY = [
    (0x00A0, 0x024F), (0x1E00, 0x1EFF), (0x2000, 0x218F), (0x2460, 0x24FF), (0x2E80, 0x2FDF), (0x3000, 0x33FF),
    (0xF900, 0xFAFF), (0xFB00, 0xFB06), (0xFF5F, 0xFFEF), (0x1F100, 0x1F1FF), (0x2F800, 0x2FA1F),
]


def unihan(folder, name, wanted):
    """Yields (scalar, field, value) of the wanted fields of one Unihan file."""
    with bz2.open(folder / name, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("U+"):
                code, field, value = line.rstrip("\n").split("\t")
                if field in wanted:
                    yield int(code[2:], 16), field, value


def toneless(reading):
    """lǜ -> lv: ü is v, tone marks go, what is no letter goes."""
    text = unicodedata.normalize("NFD", reading.lower())
    text = text.replace("u\u0308", "v").replace("ê", "e")
    return "".join(c for c in text if "a" <= c <= "z")


def split(field, value):
    """The readings of one field's value, in the order in which the field gives them."""
    if field == "kHanyuPinlu":
        value = re.sub(r"\(\d+\)", "", value)
    elif field != "kMandarin":
        value = re.sub(r"\d[\d.,*]*:", "", value).replace(",", " ")
    return [toneless(part) for part in value.split()]


def wanted_scalar(scalar, fields):
    """All of the two large blocks; beyond them what the general standard list of 2013 has."""
    return 0x3400 <= scalar <= 0x9FFF or scalar == 0x3007 or "kTGHZ2013" in fields


def readings(folder, by_hand):
    """scalar -> toneless readings, the usual one (kMandarin) first."""
    found = {}
    for scalar, field, value in unihan(folder, "Unihan_Readings.txt.bz2", FIELDS):
        found.setdefault(scalar, {})[field] = split(field, value)
    table = {}
    for scalar, fields in found.items():
        if wanted_scalar(scalar, fields):
            # kMandarin may give two: the first is that of mainland China.
            merged = [r for field in FIELDS for r in fields.get(field, [])]
            table[scalar] = [r for r in dict.fromkeys(merged) if r]
    for text, given in by_hand["readings"].items():
        table[ord(text)] = list(dict.fromkeys(given + table.get(ord(text), [])))
    return {scalar: given for scalar, given in table.items() if given}


def simplified(folder, by_hand, read):
    """traditional scalar -> one simplified scalar.

    A character of the general standard list of 2013 (kTGHZ2013) is simplified already and stays, unless by-hand.json
    says otherwise; so does one whose simplified form has no reading.
    """
    table = {}
    standard = {s for s, _, _ in unihan(folder, "Unihan_Readings.txt.bz2", ["kTGHZ2013"])}
    for scalar, _, value in unihan(folder, "Unihan_Variants.txt.bz2", ["kSimplifiedVariant"]):
        variants = [int(v[2:], 16) for v in value.split()]
        if scalar not in variants and scalar not in standard and variants[0] in read:
            table[scalar] = variants[0]
    for traditional, simple in by_hand["simplified"].items():
        if simple:
            table[ord(traditional)] = ord(simple)
        else:
            table.pop(ord(traditional), None)
    for scalar in list(table):  # no chains
        seen = {scalar}
        while table[scalar] in table and table[scalar] not in seen:
            seen.add(table[scalar])
            table[scalar] = table[table[scalar]]
    return {s: t for s, t in table.items() if s != t}


def compatibility(folder):
    """scalar -> letters, digits and Han of its full compatibility decomposition, marks off, in lower case."""
    direct = {}
    category = {}
    lower = {}
    for line in (folder / "UnicodeData.txt").read_text(encoding="utf-8").splitlines():
        parts = line.split(";")
        scalar = int(parts[0], 16)
        category[scalar] = parts[2]
        if parts[5]:
            direct[scalar] = [int(c, 16) for c in parts[5].split() if not c.startswith("<")]
        if parts[13]:
            lower[scalar] = int(parts[13], 16)

    def full(scalar):
        if scalar in direct:
            return [x for part in direct[scalar] for x in full(part)]
        return [scalar]

    table = {}
    for first, last in COMPATIBILITY:
        for scalar in range(first, last + 1):
            if scalar in direct and category.get(scalar, "Cn")[0] in "LNS":
                parts = [lower.get(p, p) for p in full(scalar)]
                kept = [p for p in parts if category.get(p, "Lo")[0] in "LN"]
                if kept and kept != [scalar]:
                    table[scalar] = kept
    return table


def block(characters):
    return "".join(chr(c) for c in sorted(characters))


def wrapped(name, comment, lines):
    """A multi-line literal; long lines are continued with a backslash."""
    out = [f"    /// {comment}", f'    static let {name} = """']
    for line in lines:
        while len(line) > 90:
            out.append("        " + line[:90] + "\\")
            line = line[90:]
        out.append("        " + line)
    out.append('        """')
    return "\n".join(out)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--unicode", type=pathlib.Path, default=pathlib.Path("/usr/share/unicode"))
    arguments.add_argument(
        "--output", type=pathlib.Path, default=HERE.parent.parent / "Sources/TextSearch/ReadingTable+data.swift")
    options = arguments.parse_args()
    by_hand = json.loads((HERE / "by-hand.json").read_text(encoding="utf-8"))
    read = readings(options.unicode, by_hand)
    simple = simplified(options.unicode, by_hand, read)
    compatible = compatibility(options.unicode)

    usual, others = {}, {}
    for scalar, given in read.items():
        usual.setdefault(given[0], []).append(scalar)
        for reading in given[1:]:
            others.setdefault(reading, []).append(scalar)
    syllables = sorted(set(usual) | set(others))
    lines = [f"{s} {block(usual.get(s, []))}" + (f" {block(others[s])}" if s in others else "") for s in syllables]
    by_target = {}
    for traditional, target in simple.items():
        by_target.setdefault(target, []).append(traditional)
    pairs = [chr(target) + block(sources) for target, sources in sorted(by_target.items())]
    forms = [f"{scalar:X}={''.join(map(chr, parts))}" for scalar, parts in sorted(compatible.items())]

    version = "unknown"
    question = ["dpkg-query", "-W", "-f=${Version}", "unicode-data"]
    asked = subprocess.run(question, capture_output=True, text=True, check=False)
    if asked.returncode == 0:
        version = asked.stdout
    header = f"""// swift-format-ignore-file
// Generated by Scripts/pinyin-table/generate.py: do not edit. By-hand rules: Scripts/pinyin-table/by-hand.json.
//
// Sources: Unicode Character Database and Unihan, from Debian's package unicode-data {version}:
//   Unihan_Readings (kMandarin, kHanyuPinlu, kTGHZ2013, kXHC1983, kHanyuPinyin), Unihan_Variants
//   (kSimplifiedVariant), UnicodeData (compatibility decompositions). Tones are taken off, readings that differ in
//   tone only are one, ü is v.
// Copyright © 1991-2022 Unicode, Inc. Licence: Unicode Licence Agreement for Data Files and Software,
//   https://www.unicode.org/license.txt (SPDX Unicode-DFS-2016).
// {len(read)} characters, {sum(map(len, read.values()))} readings, {len(syllables)} syllables; {len(simple)} traditional characters; {len(compatible)} compatibility characters.

extension ReadingTable {{
"""
    body = "\n\n".join([
        wrapped("readingLines", "A line a syllable: the syllable, the characters whose usual reading it is, those that have it too.", lines),
        wrapped("simplifiedLines", "Pieces divided by blanks: the simplified character, then its traditional forms.", [" ".join(pairs)]),
        wrapped("compatibilityLines", "Pieces divided by blanks: a scalar in hexadecimal, =, what it is to be read as.", [" ".join(forms)]),
    ])
    options.output.write_text(header + body + "\n}\n", encoding="utf-8")
    print(f"{options.output.name}: {options.output.stat().st_size} bytes")


if __name__ == "__main__":
    main()
