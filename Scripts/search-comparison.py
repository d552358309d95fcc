#!/usr/bin/env python3
"""Compares TextSearch with SQLite's FTS5 trigram index and PostgreSQL's pg_trgm on the same names and questions.

    python3 Scripts/search-comparison.py [--names FILE] [--count N]

Names are one a line in FILE; without it 100,000 are composed, from the names beside the repository if they are there.
Needs the Swift toolchain and Python's sqlite3; PostgreSQL with pg_trgm (Debian: postgresql) is left out where it is
not installed. Everything is made in a temporary folder and taken away again. Prints a table in Markdown.

Time is the median for an answer of at most 50; found is the share of questions whose name is among all answers.
"""
import argparse
import glob
import os
import pathlib
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SUFFIXES = (
    "菜市场 便利店 社区食堂 卫生服务站 图书馆 理发店 药店 洗衣店 养老服务站 幼儿园 便民服务中心 早餐店 家电维修部 银行 "
    "公园 健身中心 再生资源回收点 邮政快递驿站 超市 老年助餐点 音乐培训中心 会计服务部"
).split()
KINDS = [
    "one character", "two characters", "three characters", "whole name", "traditional", "full pinyin", "initials",
    "telephone digits", "one letter wrong",
]

PACKAGE = """// swift-tools-version: 6.2
import PackageDescription
let package = Package(name: "comparison", targets: [
    .target(name: "TextSearch"), .executableTarget(name: "compare", dependencies: ["TextSearch"]),
])
"""

MAIN = r"""
import Foundation
import TextSearch

struct Numbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

func run(_ folder: String, _ count: Int) throws {
    let text = try String(contentsOfFile: folder + "/names.txt", encoding: .utf8)
    let names = text.split(separator: "\n").map(String.init)
    var index = SearchIndex()
    for (id, name) in names.enumerated() { index.insert(id: UInt32(id), names: SearchNames(name)) }
    var numbers = Numbers(state: 1)
    let keys = Array("22233344455566677778889999")
    let traditional: [Character: Character] = [
        "区": "區", "图": "圖", "书": "書", "馆": "館", "发": "髮", "药": "藥", "养": "養", "务": "務", "银": "銀",
        "会": "會", "计": "計", "乐": "樂", "场": "場", "园": "園", "东": "東", "门": "門", "镇": "鎮",
    ]
    var questions: [(kind: Int, id: Int, query: String)] = []
    while questions.count < count * 9 {
        let id = Int.random(in: 0..<names.count, using: &numbers)
        let name = Array(names[id])
        let reading = SearchIndex.reading(of: names[id])
        guard name.count > 3, reading.count == name.count else { continue }
        func part(_ length: Int) -> String {
            let start = Int.random(in: 0...name.count - length, using: &numbers)
            return String(name[start..<start + length])
        }
        let pinyin = reading.joined()
        var wrong = Array(pinyin)
        wrong[Int.random(in: 1..<wrong.count, using: &numbers)] = "e"
        let digits = pinyin.map { $0.isLetter ? keys[Int($0.asciiValue ?? 97) - 97] : $0 }
        let queries = [
            part(1), part(2), part(3), names[id], String(name.map { traditional[$0] ?? $0 }), pinyin,
            reading.map { String($0.prefix(1)) }.joined(), String(digits), String(wrong),
        ]
        for (kind, query) in queries.enumerated() { questions.append((kind, id, query)) }
    }
    var lines: [String] = []
    for question in questions {
        let start = DispatchTime.now().uptimeNanoseconds
        let hits = index.search(question.query, limit: 50)
        let time = DispatchTime.now().uptimeNanoseconds - start
        let found = !index.search(question.query, limit: 1) { $0 == question.id ? 0 : nil }.isEmpty
        lines.append("\(question.kind)\t\(question.id)\t\(question.query)\t\(time)\t\(found ? 1 : 0)\t\(hits.count)")
    }
    try lines.joined(separator: "\n").write(toFile: folder + "/questions.tsv", atomically: true, encoding: .utf8)
    print("TextSearch: \(names.count) names, \(index.bytes.index / names.count) bytes a name besides the names")
}
try run(CommandLine.arguments[1], Int(CommandLine.arguments[2]) ?? 100)
"""

POSTGRES = """
create extension pg_trgm;
create table names (id int primary key, name text not null);
\\copy names from '{folder}/names.tsv'
create index on names using gin (name gin_trgm_ops);
create table questions (number serial, kind int, id int, pattern text);
\\copy questions (kind, id, pattern) from '{folder}/patterns.tsv'
vacuum analyze names;
create table answers (kind int, microseconds float, found bool);
do $$
declare q record; start timestamptz; spent float; n int; f bool;
begin
  for q in select * from questions order by number loop
    start := clock_timestamp();
    execute 'select count(*) from (select id from names where name ilike $1 limit 50) x' into n using q.pattern;
    spent := extract(epoch from clock_timestamp() - start) * 1e6;
    execute 'select exists (select 1 from names where id = $2 and name ilike $1)' into f using q.pattern, q.id;
    insert into answers values (q.kind, spent, f);
  end loop;
end $$;
\\copy answers to '{folder}/postgres.tsv'
"""


def shared_names():
    """The names of communities and streets beside the repository, or a few made ones."""
    folder = ROOT.parent / "shared/data/text"
    names = []
    for file, columns in (("jiangsu-communities.csv", (3, 4)), ("jiangsu-streets-codes.csv", (1,))):
        if (folder / file).exists():
            text = (folder / file).read_bytes().replace(b"\r", b"").decode("utf-8-sig")
            for line in text.split("\n")[1:]:
                fields = [field.strip(' "') for field in line.split(",")]
                names += [fields[column] for column in columns if column < len(fields)]
    if not names:
        first, second = "梅兰竹菊松柏桃李杏荷翠绿蓝红金银玉珠天地", "园苑庄村桥街路湖山河塘溪湾城门亭台阁楼坊"
        names = [a + b + c + "社区" for a in first for b in second for c in "东西南北"]
    return [name for name in dict.fromkeys(names) if name]


def composed(names, count):
    """Names of places: a community and what is there, always the same."""
    chance = random.Random(7)
    result = dict.fromkeys(names)
    while len(result) < count:
        name = chance.choice(names) + chance.choice(SUFFIXES)
        if chance.random() < 0.3:
            name += f"{chance.randint(1, 30)}号店"
        result[name] = None
    return list(result)[:count]


def ours(folder, count):
    """Builds the module by itself with a small program, which makes the questions and answers them."""
    shutil.copytree(ROOT / "Sources/TextSearch", folder / "Sources/TextSearch")
    (folder / "Sources/compare").mkdir()
    (folder / "Sources/compare/main.swift").write_text(MAIN, encoding="utf-8")
    (folder / "Package.swift").write_text(PACKAGE, encoding="utf-8")
    build = ["swift", "build", "-c", "release", "--package-path", str(folder)]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([str(folder / ".build/release/compare"), str(folder), str(count)], check=True)
    rows = []
    for line in (folder / "questions.tsv").read_text(encoding="utf-8").split("\n"):
        kind, number, query, nanoseconds, found, _ = line.split("\t")
        rows.append((int(kind), int(number), query, int(nanoseconds) / 1000, found == "1"))
    return rows


def sqlite(names, questions):
    """FTS5 with its trigram tokenizer; it has no index for less than three characters, LIKE reads all rows then."""
    base = sqlite3.connect(":memory:")
    base.execute("create virtual table names using fts5(name, tokenize='trigram')")
    base.executemany("insert into names(rowid, name) values (?, ?)", list(enumerate(names)))
    rows = []
    for kind, number, query, _, _ in questions:
        if len(query) < 3:
            where, value = "name like ?", f"%{query}%"
        else:
            where, value = "names match ?", '"' + query.replace('"', '""') + '"'
        start = time.perf_counter_ns()
        base.execute(f"select rowid from names where {where} limit 50", (value,)).fetchall()
        spent = (time.perf_counter_ns() - start) / 1000
        found = base.execute(f"select 1 from names where {where} and rowid = ?", (value, number)).fetchone()
        rows.append((kind, spent, found is not None))
    return rows


def postgres(folder, names, questions):
    """A server of its own in the folder, on a socket in it; None where PostgreSQL is not installed."""
    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not programs and not shutil.which("initdb"):
        return None
    where = pathlib.Path(programs[-1] if programs else os.path.dirname(shutil.which("initdb")))
    # The server refuses to run as root.
    before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    (folder / "names.tsv").write_text("".join(f"{i}\t{n}\n" for i, n in enumerate(names)), encoding="utf-8")
    patterns = "".join(f"{kind}\t{number}\t%{query}%\n" for kind, number, query, _, _ in questions)
    (folder / "patterns.tsv").write_text(patterns, encoding="utf-8")
    (folder / "postgres.sql").write_text(POSTGRES.format(folder=folder), encoding="utf-8")
    if before:
        subprocess.run(["chown", "-R", "postgres", str(folder)], check=True)
    data, quiet = str(folder / "data"), {"check": True, "stdout": subprocess.DEVNULL}
    make = [str(where / "initdb"), "-D", data, "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust"]
    subprocess.run(before + make, **quiet)
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c jit=off"
    control = [str(where / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log")]
    subprocess.run(before + control + ["-o", options, "start"], **quiet)
    try:
        ask = [str(where / "psql"), "-h", str(folder), "-d", "postgres", "-q", "-v", "ON_ERROR_STOP=1"]
        subprocess.run(before + ask + ["-f", str(folder / "postgres.sql")], **quiet)
    finally:
        subprocess.run(before + control + ["-m", "fast", "stop"], **quiet)
    rows = []
    for line in (folder / "postgres.tsv").read_text(encoding="utf-8").splitlines():
        kind, spent, found = line.split("\t")
        rows.append((int(kind), float(spent), found == "t"))
    return rows


def cell(rows, kind):
    """Median time and share of what was found, of one kind of question."""
    own = [row for row in rows if row[0] == kind]
    spent = statistics.median(row[1] for row in own)
    return f"{spent:,.0f} µs, {100 * sum(row[2] for row in own) / len(own):.0f}%"


def main():
    arguments = argparse.ArgumentParser(description="TextSearch beside SQLite FTS5 trigram and pg_trgm")
    arguments.add_argument("--names", type=pathlib.Path, help="a file with one name a line")
    arguments.add_argument("--count", type=int, default=200, help="questions of each kind")
    options = arguments.parse_args()
    if options.names:
        names = [line for line in options.names.read_text(encoding="utf-8").split("\n") if line]
    else:
        names = composed(shared_names(), 100_000)
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        os.chmod(folder, 0o755)
        (folder / "names.txt").write_text("\n".join(names), encoding="utf-8")
        questions = ours(folder, options.count)
        columns = [("TextSearch", [(k, t, f) for k, _, _, t, f in questions])]
        columns.append((f"SQLite {sqlite3.sqlite_version} FTS5 trigram", sqlite(names, questions)))
        answers = postgres(folder, names, questions)
        if answers is None:
            print("PostgreSQL is not installed: left out", file=sys.stderr)
        else:
            columns.append(("PostgreSQL pg_trgm", answers))
    print("| question | " + " | ".join(title for title, _ in columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for number, kind in enumerate(KINDS):
        print(f"| {kind} | " + " | ".join(cell(rows, number) for _, rows in columns) + " |")


if __name__ == "__main__":
    main()
