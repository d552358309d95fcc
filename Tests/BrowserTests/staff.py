"""What the tests of the staff page share: a town of their own, for they change it, a desk, and views to go to.

    THAT-PYTHON Tests/BrowserTests/staff_import.py    # with .build/debug built
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import time

from playwright.sync_api import Error, sync_playwright

from kiosk import BUILD, CHROMIUM, TREE, Daemon, Failure, Town, expect

SIZES = {"desk": (1280, 800), "wide": (1920, 1080), "phone": (390, 844)}
VIEWS = ("import", "imports", "duplicates", "freshness", "map", "coverage", "notices")
CAPTAIN = "captain-3"
# The pages that are open.
SHOWN = []


def table(rows):
    """A table as an office keeps it, as text with commas."""
    head = ["编号", "名称", "业态", "地址", "营业时间", "联系电话", "经度（WGS84）", "纬度（WGS84）"]
    quoted = lambda cell: '"' + str(cell).replace('"', '""') + '"'
    return "\n".join(",".join(quoted(cell) for cell in row) for row in [head, *rows]) + "\n"


def shop(key, name, type="便利店", hours="8:00-20:00", lon=118.6951, lat=32.0031, address="测试路1号"):
    return [key, name, type, address, hours, "", lon, lat]


def everything(daemon):
    """All places of the daemon."""
    found, cursor = [], ""
    while True:
        page = daemon.get(f"/v1/places?limit=500{cursor}")
        found += page["places"]
        if "next" not in page:
            return found
        cursor = "&cursor=" + page["next"]


class StaffTown(Town):
    """A town that a test may change: a copy of the shared one."""

    def __init__(self):
        folder = tempfile.mkdtemp(prefix="quarter-staff-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        shared = Town()
        shutil.copytree(shared.folder, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sock", "org.quarter.Directory", "lock", "*.log"))
        super().__init__(folder)
        self.config = os.path.join(folder, "quarter.toml")

    def configure(self, building):
        """A configuration with two parties."""
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f"""
[modules]
directories = ["{BUILD}"]
type_directories = ["{TREE}/etc/quarter/types.d"]
[calendar]
directories = ["{TREE}/etc/quarter/calendars"]
[[parties]]
id = "{CAPTAIN}"
name = "3幢楼栋长"
kind = "building_captain"
communities = ["demo-cuizhuyuan"]
buildings = ["{building}"]
""")


class Desk:
    """`quarterctl staff`, as a person starts it."""

    def __init__(self, town, *more):
        self.process = subprocess.Popen(
            [os.path.join(BUILD, "quarterctl"), "--state", town.state, "staff", "--pages", os.path.join(TREE, "Pages"), *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        atexit.register(self.end)
        self.address = ""
        for line in self.process.stdout:
            if "http://" in line:
                self.address = line.strip()
            if "Ctrl-C" in line:
                break
        expect(self.address, "no address: " + (self.process.stderr.read() if self.process.poll() is not None else ""))
        self.base = self.address.split("/open/")[0]

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError("quarterctl staff did not end when it was told to")


class Page:
    """The staff page, and whatever went wrong on it."""

    def __init__(self, context, desk, size="desk", language="zh", opens=True):
        self.context = context
        self.desk = desk
        self.size = size
        self.page = context.new_page()
        SHOWN.append(self)
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})
        self.console = []
        self.foreign = []
        self.may_miss = False
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.console.append(f"uncaught: {error}"))
        self.page.on("request", self.see)
        self.page.goto(desk.address if opens else desk.base + "/staff/")
        self.wait(".drop")
        if language == "en":
            self.press("language")

    def hear(self, message):
        url = (message.location or {}).get("url", "")
        if message.type not in ("error", "warning") or self.may_miss:
            return
        # The demo town has no street map where the map was not imported with one; it is asked for once.
        if "404" in message.text and "/v1/map" in url:
            return
        self.console.append(f"{message.type}: {message.text} {url}")

    def see(self, request):
        if not request.url.startswith((self.desk.base + "/", "data:", "blob:")):
            self.foreign.append(request.url)

    def wait(self, selector, timeout=15000):
        return self.page.wait_for_selector(selector, timeout=timeout)

    def until(self, condition, arg=None, timeout=15000):
        """Waits until a condition in JavaScript holds (`wait_for_function` is forbidden by the page's policy)."""
        end = time.time() + timeout / 1000
        while not self.page.evaluate(condition, arg):
            expect(time.time() < end, f"{self.size}: it does not hold that {condition} ({arg}); the page: "
                   + self.page.inner_text("body")[:600].replace("\n", " "))
            self.page.wait_for_timeout(40)

    def press(self, key):
        self.page.click(f'[data-key="{key}"]')

    def show(self, view):
        self.page.click(f'[data-view="{view}"]')
        self.until("view => document.querySelector(`[data-view='${view}']`).getAttribute('aria-current') === 'page'", view)
        self.settled()

    def settled(self):
        self.until("!document.querySelector('.waiting, .sending')")
        self.page.wait_for_timeout(150)

    def drop(self, name, text):
        """Drops a file on the page, as a hand with a mouse does."""
        self.page.evaluate("""([name, text]) => {
          const data = new DataTransfer();
          data.items.add(new File([text], name));
          const zone = document.querySelector('.drop');
          for (const kind of ['dragenter', 'dragover', 'drop']) {
            zone.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
          }
        }""", [name, text])
        self.wait('[data-key="source"]')

    def take_in(self, name, text, source):
        """Tries a file, then takes it in."""
        self.drop(name, text)
        self.page.fill('[data-key="source"]', source)
        self.press("try")
        self.wait('[data-key="take-in"]')
        self.press("take-in")
        self.wait('[data-key="undo"]')

    def figures(self):
        """The figures of the report that is shown, a row for each kind."""
        return self.page.evaluate(
            "[...document.querySelectorAll('.report table')][0].innerText.split('\\n').map(line => line.split('\\t'))")

    def text(self):
        return self.page.inner_text("body")

    def done(self):
        expect(not self.console, f"{self.size}: the console says {self.console}")
        expect(not self.foreign, f"{self.size}: requests to elsewhere: {self.foreign}")
        self.page.close()


def run(test):
    """Runs a test with a daemon, a desk and a browser, and says how it went."""
    started = time.time()
    try:
        town = StaffTown()
        daemon = Daemon(town)
        buildings = daemon.get("/v1/origins?kind=building&community=demo-cuizhuyuan&limit=1")["origins"]
        town.configure(buildings[0]["id"])
        daemon.kill()
        daemon = Daemon(town, "--config", town.config)
        desk = Desk(town)
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            context = browser.new_context(locale="zh-CN", accept_downloads=True)
            try:
                count = test(context, desk, daemon)
            except Error as error:
                # While the pages are still there to tell.
                said = " / ".join(page.text()[:800].replace("\n", " ") for page in SHOWN if not page.page.is_closed())
                raise Failure(f"{error.message.splitlines()[0]}; the pages say {said}") from error
            browser.close()
        desk.end()
        daemon.kill()
    except Failure as failure:
        sys.exit(f"✘ {os.path.basename(sys.argv[0])}: {failure}")
    print(f"✔ {os.path.basename(sys.argv[0])}: {count}, {time.time() - started:.0f} s")
