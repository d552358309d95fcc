"""The independent reader and writer of TableFilesTests.

  zip OUT              parts as JSON on standard input: name to text, or to {"base64": …}; OUT is the ZIP of them
  csv COUNT FOLDER     random tables as N.csv, and what Python's csv reads of them as expected.json
  write OUT            a workbook by openpyxl with one of each kind of cell
  read PATH            what openpyxl reads, as JSON
"""

import base64
import csv
import datetime
import io
import json
import random
import sys
import zipfile


def make_zip(out):
    parts = json.load(sys.stdin)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, text in parts.items():
            if isinstance(text, dict):
                text = base64.b64decode(text["base64"])
            container.writestr(name, text)


def make_tables(count, folder):
    encodings = ["utf-8", "utf-8-sig", "gb18030", "utf-16"]
    letters = list("ab,;\"\n\r 0é") + ["\r\n", '""', "翠", "竹", "𠮷", "早餐"]
    expected = []
    for seed in range(count):
        dice = random.Random(seed)
        if seed % 2:
            # A table as a program writes it.
            text = io.StringIO()
            rows = [
                ["".join(dice.choices(letters, k=dice.randrange(6))) for _ in range(dice.randrange(1, 5))]
                for _ in range(dice.randrange(1, 8))
            ]
            csv.writer(text, lineterminator=dice.choice(["\n", "\r\n"])).writerows(rows)
            text = text.getvalue()
        else:
            # Anything.
            text = "".join(dice.choices(letters, k=dice.randrange(60)))
        # Whether a quotation mark is left open shows in what becomes of a record after it.
        end = list(csv.reader(io.StringIO(text + "\nend\n", newline="")))
        is_closed = bool(end) and end[-1] == ["end"]
        rows = list(csv.reader(io.StringIO(text, newline="")))
        encoding = dice.choice(encodings)
        with open(f"{folder}/{seed}.csv", "wb") as file:
            file.write(text.encode(encoding))
        expected.append({"encoding": encoding, "closed": is_closed, "rows": rows})
    with open(f"{folder}/expected.json", "w") as file:
        json.dump(expected, file)


def make_workbook(out):
    import openpyxl

    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "台账"
    sheet.append(["名称", "日期", "时间", "时刻", "数", "码", "真", "空"])
    sheet.append([
        "翠竹园早餐店", datetime.date(2024, 5, 1), datetime.time(8, 30), datetime.datetime(2023, 12, 31, 23, 59, 58),
        31.23, "913201140000000123", True, None,
    ])
    sheet.append(["  前后有空格  ", datetime.date(1900, 1, 1), datetime.time(23, 59, 59), None, -7, 913201140000000000])
    sheet["A5"] = "合并"
    sheet.merge_cells("A5:A7")
    sheet["B5"], sheet["B6"], sheet["B7"] = 1, 2, 3
    sheet["C6"] = "=1/0"
    sheet["D5"] = datetime.timedelta(hours=36, minutes=15)
    hidden = workbook.create_sheet("隐藏的")
    hidden.sheet_state = "hidden"
    hidden["C3"] = "一 & <二>\n三"
    workbook.save(out)


def read_workbook(path):
    import openpyxl

    def plain(cell):
        value = cell.value
        if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
            return value.isoformat()
        if isinstance(value, datetime.timedelta):
            return str(value)
        return value

    workbook = openpyxl.load_workbook(path)
    result = []
    for sheet in workbook.worksheets:
        result.append({
            "name": sheet.title,
            "frozen": sheet.freeze_panes,
            "filter": sheet.auto_filter.ref,
            "bold": bool(sheet["A1"].font.b),
            "rows": [[plain(cell) for cell in row] for row in sheet.iter_rows()],
            "formats": [[cell.number_format for cell in row] for row in sheet.iter_rows()],
            "colours": [
                [cell.fill.fgColor.rgb if cell.fill.fill_type else None for cell in row] for row in sheet.iter_rows()
            ],
            "notes": {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment},
            "widths": {key: size.width for key, size in sheet.column_dimensions.items()},
        })
    json.dump(result, sys.stdout)


command, *words = sys.argv[1:]
if command == "zip":
    make_zip(*words)
elif command == "csv":
    make_tables(int(words[0]), words[1])
elif command == "write":
    make_workbook(*words)
elif command == "read":
    read_workbook(*words)
