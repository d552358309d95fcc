"""Works on a workbook in LibreOffice Calc, as a clerk would: opens it, does what it is told, saves it.

  calc.py < STEPS    STEPS is JSON, a list of steps, each a list of a word and what it is done to:

  open PATH | new | sheet NAME | save PATH FILTER | close
  text CELL TEXT | number CELL NUMBER | type CELL TEXT   the last as if typed, a formula too
  format CELL CODE | merge RANGE | delete-row N | insert-row N | hide
  read CELL          prints [its kind, its text as shown] as a line of JSON

Needs the packages libreoffice-calc-nogui and python3-uno. Talks to the program through a pipe of its own and
leaves no process behind.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def option(name, value):
    wanted = PropertyValue()
    wanted.Name, wanted.Value = name, value
    return wanted


def connect(pipe, program):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        if program.poll() not in (None, 81):
            sys.exit(f"soffice ended with {program.returncode}")
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)
    sys.exit("soffice does not answer")


def work(desktop, steps):
    book = sheet = None
    for word, *what in steps:
        if word == "open":
            book = desktop.loadComponentFromURL(
                uno.systemPathToFileUrl(what[0]), "_blank", 0, (option("Hidden", True),))
            if book is None:
                sys.exit(f"Calc cannot open {what[0]}")
            sheet = book.Sheets.getByIndex(0)
        elif word == "new":
            book = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, (option("Hidden", True),))
            sheet = book.Sheets.getByIndex(0)
            sheet.Name = what[0] if what else sheet.Name
        elif word == "sheet":
            if not book.Sheets.hasByName(what[0]):
                book.Sheets.insertNewByName(what[0], book.Sheets.Count)
            sheet = book.Sheets.getByName(what[0])
        elif word == "save":
            path, kind, *details = what
            options = [option("FilterName", kind)] + [option("FilterOptions", text) for text in details]
            book.storeToURL(uno.systemPathToFileUrl(path), tuple(options))
        elif word == "close":
            book.close(False)
            book = None
        elif word == "hide":
            sheet.IsVisible = False
        elif word == "text":
            cell = sheet.getCellRangeByName(what[0])
            cell.String = what[1]
        elif word == "number":
            sheet.getCellRangeByName(what[0]).Value = what[1]
        elif word == "type":
            # A formula without a sign of equality is read as one who types it would have it read.
            sheet.getCellRangeByName(what[0]).Formula = what[1]
        elif word == "format":
            formats, place = book.NumberFormats, uno.createUnoStruct("com.sun.star.lang.Locale")
            key = formats.queryKey(what[1], place, False)
            if key == -1:
                key = formats.addNew(what[1], place)
            sheet.getCellRangeByName(what[0]).NumberFormat = key
        elif word == "merge":
            sheet.getCellRangeByName(what[0]).merge(True)
        elif word == "delete-row":
            sheet.Rows.removeByIndex(what[0] - 1, 1)
        elif word == "insert-row":
            sheet.Rows.insertByIndex(what[0] - 1, 1)
        elif word == "read":
            cell = sheet.getCellRangeByName(what[0])
            print(json.dumps([cell.Type.value, cell.String], ensure_ascii=False))
        else:
            sys.exit(f"no such step: {word}")
    if book is not None:
        # Else the lock file of the book would stay.
        book.close(False)


def main():
    steps = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as profile:
        pipe = f"quarter-calc-{os.getpid()}"
        program = subprocess.Popen(
            ["soffice", "--headless", "--invisible", "--norestore", "--nologo", "--nodefault",
             f"-env:UserInstallation=file://{profile}/profile", f"--accept=pipe,name={pipe};urp;"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            context = connect(pipe, program)
            desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            work(desktop, steps)
            try:
                desktop.terminate()
            except Exception:  # It hangs up before it has answered.
                pass
            program.wait(60)
        finally:
            if program.poll() is None:
                program.kill()
                program.wait()


main()
