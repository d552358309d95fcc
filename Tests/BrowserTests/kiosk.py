"""What the browser tests share: a town in a state folder, the real daemon, a real Chromium, and views to go to.

Each test is a script of its own. It fails with a line that says what was wrong, and where. By hand:

    Scripts/browser-python.sh                 # prints the Python to use
    THAT-PYTHON Tests/BrowserTests/walk.py    # with .build/debug built
"""

import atexit
import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from playwright.sync_api import sync_playwright

# Whoever started this may have signals blocked in its threads; what is started here must hear them.
signal.pthread_sigmask(signal.SIG_SETMASK, [])

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("QUARTER_BUILD", os.path.join(TREE, ".build", "debug"))
CHROMIUM = os.environ.get("QUARTER_CHROMIUM", "/usr/bin/chromium")
SCREENSHOTS = os.path.join(TREE, ".build", "screenshots")
ORIGIN = "kiosk-demo-1"
# Open at any hour, so that no test depends on the clock.
CANTEEN = "test-canteen"

SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080), "phone": (390, 844)}
LANGUAGES = ("zh", "en")


class Failure(Exception):
    """What a test found wrong."""


def expect(holds, words):
    """Ends the test with these words unless something holds."""
    if not holds:
        raise Failure(words)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def places():
    """The places that tests need besides those of the demo town, as a register of records."""
    hostile = [
        ("test-script", "<script>document.title='owned'</script><img src=x onerror=alert(1)>店"),
        ("test-rtl", "\u202eتكرار العربية עברית\u202c面包"),
        ("test-long", "很长的名字" * 40),
        ("test-word", "W" * 200),
        ("test-emoji", "👨‍👩‍👧‍👦🧓🏽🥟面包店👩🏿‍🦽🏳️‍🌈"),
        ("test-quotes", "\"'`&amp;${1+1}{{7*7}}店"),
    ]
    near = {"lat": 32.0046, "lon": 118.6931}
    made = [
        {
            "id": CANTEEN, "type": "canteen", "name": "全天食堂(测试)", "name_en": "All-day canteen (test)",
            "location": near, "hours": "24/7", "address": "竹园街1号", "phone": "12345",
            "attributes": {"lunch_price": 1200, "sittings": ["lunch", "supper"], "wheelchair": "yes"},
        }
    ]
    for number, (id, name) in enumerate(hostile):
        made.append({
            "id": id, "type": "bakery", "name": name, "hours": "24/7", "address": name[:60],
            "location": {"lat": 32.0042 + number * 0.0003, "lon": 118.6934},
        })
    return {"places": made}


class Town:
    """A state folder with the demo town and the places above."""

    def __init__(self, folder=None):
        self.folder = folder or os.environ.get("QUARTER_BROWSER_STATE")
        if not self.folder:
            self.folder = tempfile.mkdtemp(prefix="quarter-browser-")
            atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.state = os.path.join(self.folder, "state")
        if not os.path.exists(os.path.join(self.folder, "ready")):
            self.make()

    def ctl(self, *words):
        done = subprocess.run(
            [os.path.join(BUILD, "quarterctl"), "--state", self.state, *words],
            capture_output=True, text=True, timeout=300, check=False)
        expect(done.returncode == 0, f"quarterctl {' '.join(words)}: {done.stderr}")
        return done.stdout

    def make(self):
        demo = os.path.join(self.folder, "demo")
        os.makedirs(self.state, exist_ok=True)
        self.ctl("demo", demo)
        more = os.path.join(self.folder, "more.json")
        with open(more, "w", encoding="utf-8") as file:
            json.dump(places(), file, ensure_ascii=False)
        for words in (
            ("osm", demo + "/demo-town.osm.pbf"), ("communities", demo + "/demo-communities.geojson"),
            ("records", demo + "/demo-records.json"), ("records", more, "--source", "browser"),
        ):
            self.ctl("import", *words, "--json")
        open(os.path.join(self.folder, "ready"), "w", encoding="utf-8").close()


class Daemon:
    """The real daemon on the town, on a loopback port that stays the same over a restart."""

    def __init__(self, town, *more):
        self.town = town
        self.more = more
        self.port = free_port()
        self.process = None
        self.start()
        atexit.register(self.kill)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.log = open(os.path.join(self.town.folder, "daemon.log"), "a", encoding="utf-8")
        self.process = subprocess.Popen(
            [os.path.join(BUILD, "quarterd"), "--state", self.town.state, "--kiosk",
             f"127.0.0.1:{self.port}", *self.more], stdout=self.log, stderr=self.log)
        for _ in range(600):
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError, urllib.error.URLError):
                with urllib.request.urlopen(self.address + "/v1/health", timeout=2):
                    return
            time.sleep(0.05)
        with open(self.log.name, encoding="utf-8") as said:
            raise Failure("the daemon does not answer: " + said.read()[-800:])

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def get(self, path):
        """What the daemon answers, to compare the page with; asked again while it is being restarted."""
        end = time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(self.address + path, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError:
                raise
            except (OSError, http.client.HTTPException):
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)


class Screen:
    """A page of the kiosk, and whatever went wrong on it."""

    def __init__(self, browser, daemon, size="portrait", language="zh", origin=ORIGIN, before=None, watch=None, **context):
        width, height = SIZES[size]
        self.size = size
        self.daemon = daemon
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, has_touch=True, locale="zh-CN", **context)
        self.page = self.context.new_page()
        self.console = []
        self.foreign = []
        # A daemon that is being restarted refuses connections, and the browser says so on its console.
        self.may_miss = False
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.console.append(f"uncaught: {error}"))
        self.page.on("request", self.see)
        if watch:
            self.page.on("response", watch)
        if before:
            self.page.add_init_script(before)
        self.page.goto(f"{daemon.address}/kiosk/" + (f"?origin={origin}" if origin else ""))
        if origin:
            self.page.wait_for_selector(".tile")
            if language == "en":
                self.press("bar-language")

    def hear(self, message):
        if message.type not in ("error", "warning"):
            return
        if self.may_miss and "net::ERR_" in message.text:
            return
        # A route that this daemon does not have (notices, the street map) is asked for once and answered with 404.
        if "404" in message.text and any(
                part in (message.location or {}).get("url", "") for part in ("/v1/notices", "/v1/map", "/settings.json")):
            return
        self.console.append(f"{message.type}: {message.text} {(message.location or {}).get('url', '')}")

    def see(self, request):
        if not request.url.startswith((self.daemon.address + "/", "data:", "blob:")):
            self.foreign.append(request.url)

    def press(self, key):
        """Presses what the page names with `data-key`, wherever it stands (a phone has some in its settings)."""
        self.page.evaluate(
            "key => document.querySelector(`[data-key=\"${CSS.escape(key)}\"]`).click()", key)

    def tap(self, key):
        """The same with a finger: it must be seen and be reached."""
        self.page.tap(f'[data-key="{key}"]')

    def wait(self, selector, **options):
        return self.page.wait_for_selector(selector, **options)

    def until(self, condition, arg=None, timeout=10000):
        """Waits until a condition in JavaScript holds.

        Playwright's own wait_for_function evaluates text in the page, which the page's security policy forbids.
        """
        end = time.time() + timeout / 1000
        while True:
            found = self.page.evaluate(condition, arg) if arg is not None else self.page.evaluate(condition)
            if found:
                return
            expect(time.time() < end, f"{self.size}: after {timeout} ms it does not hold that {condition} ({arg}); the page: "
                   + self.text()[:300].replace("\n", " "))
            self.page.wait_for_timeout(40)

    def view(self):
        return self.page.evaluate("document.body.dataset.view")

    def wait_view(self, name):
        self.until("name => document.body.dataset.view === name", arg=name)

    def missing_type(self):
        """A type of which no place within the walk is open on arrival."""
        for one in self.daemon.get("/v1/types")["types"]:
            if not self.daemon.get(f"/v1/reach?origin={ORIGIN}&type={one['id']}&open=arrival&minutes=15&limit=1")["places"]:
                return one["id"]
        raise Failure("every type has an open place; import fewer")

    def settled(self):
        """Nothing is awaited any more."""
        self.until("!document.querySelector('.waiting')")
        self.page.wait_for_timeout(150)

    def text(self):
        return self.page.inner_text("body")

    def show(self, name):
        """Goes to a view from home, by what a person would press."""
        page = self.page
        if self.view() != "home":
            self.press("bar-home")
        self.wait_view("home")
        if name in ("list", "detail", "route", "take", "map", "nothing"):
            self.press("tile-eat")
            self.wait("[data-place]")
        if name == "map":
            self.press("map")
            self.wait(".map-pin")
            page.wait_for_timeout(900)
        if name in ("detail", "route", "take"):
            self.press(f"place-{CANTEEN}")
            self.wait(".checks")
            self.wait('[data-key="route"]')
        if name == "route":
            self.press("route")
            self.wait(".steps li")
            page.wait_for_timeout(900)
        if name == "take":
            self.press("take")
            self.wait(".code img")
        if name == "nothing":
            self.press("bar-home")
            self.press("tile-more")
            self.press(f"type-{self.missing_type()}")
            self.wait(".nothing")
        if name == "types":
            self.press("tile-more")
        if name == "settings":
            page.evaluate("document.querySelector('.bar-settings button').click()")
        if name == "search":
            self.press("search-field")
            self.wait("#search-input")
            page.keyboard.type("mianbao")
            self.wait("[data-place]")
        if name == "idle":
            self.press("tile-more")
            page.evaluate("Date.now = (now => () => now() + 62000)(Date.now)")
            self.wait("dialog[open]")
        self.settled()

    def done(self):
        """The page has been looked at: nothing may have gone wrong on it."""
        expect(not self.console, f"{self.size}: the console says {self.console}")
        expect(not self.foreign, f"{self.size}: requests to elsewhere: {self.foreign}")
        self.context.close()


VIEWS = ("home", "list", "map", "detail", "route", "take", "search", "types", "settings", "nothing", "idle")


def run(test):
    """Runs a test with a daemon and a browser, and says how it went."""
    started = time.time()
    try:
        town = Town()
        daemon = Daemon(town)
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            count = test(browser, daemon)
            browser.close()
    except Failure as failure:
        sys.exit(f"✘ {os.path.basename(sys.argv[0])}: {failure}")
    print(f"✔ {os.path.basename(sys.argv[0])}: {count}, {time.time() - started:.0f} s")
