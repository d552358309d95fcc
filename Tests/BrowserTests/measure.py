"""Figures, printed and not judged: cold start, taps with 5,000 places, long tasks while the map is moved.

    THAT-PYTHON Tests/BrowserTests/measure.py [MAP.osm.pbf]

A map with 20,000 buildings is asked for: Malta's has them. Use a release build (QUARTER_BUILD=.build/release).
"""

import json
import os
import random
import sys
import tempfile
import time

from playwright.sync_api import sync_playwright

from kiosk import CHROMIUM, ORIGIN, SIZES, Daemon, Screen, Town

PLACES = 5000
LONG = """
window.longTasks = [];
new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((one) => one.duration))).observe({ type: 'longtask', buffered: true });
"""


def percentile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))]


def many(town, types):
    """5,000 more places within the walk of the first kiosk."""
    random.seed(5)
    made = [{
        "id": f"many-{n}", "type": random.choice(types), "name": f"{random.choice('春夏秋冬江河湖海')}{random.choice('风云雨雪花月山水')}{n}号店",
        "location": {"lat": 32.0045 + random.uniform(-0.008, 0.008), "lon": 118.6945 + random.uniform(-0.008, 0.010)},
        "hours": random.choice(["24/7", "Mo-Su 06:00-22:00", "Mo-Fr 09:00-17:00", "08:00-12:00,14:00-20:00"]),
    } for n in range(PLACES)]
    path = os.path.join(town.folder, "many.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"places": made}, file, ensure_ascii=False)
    town.ctl("import", "records", path, "--source", "many", "--json")


def taps(screen):
    """From the finger to the first frame with the answer in it, for what people tap, in milliseconds."""
    page = screen.page
    rows = "!document.querySelector('.waiting') && document.querySelectorAll('.results .row').length > 0"
    detail = "document.querySelector('.checks') !== null && document.querySelector('[data-key=route]') !== null"
    steps = "document.querySelector('.steps li') !== null"
    home = "document.querySelectorAll('.tile').length === 8"
    times = {}

    def tap(name, press, answered):
        # The page's policy forbids eval, so each condition is written into the function that looks for it.
        times.setdefault(name, []).append(page.evaluate(f"""
        (press) => new Promise((resolve) => {{
          const begin = performance.now();
          document.querySelector(press).click();
          const look = () => (({answered}) ? resolve(performance.now() - begin) : requestAnimationFrame(look));
          requestAnimationFrame(look);
        }})""", press))

    for _ in range(8):
        for tile in ("eat", "buy", "doctor", "mend"):
            tap("tile to list", f'[data-key="tile-{tile}"]', rows)
            page.wait_for_timeout(30)
            tap("a condition", '[data-key="open-now"]', rows)
            tap("a condition", '[data-key="open-now"]', rows)
            tap("a profile", '.list-head .choice [data-key$="-elder"]', rows)
            tap("row to detail", ".results [data-place]", detail)
            tap("detail to way", '[data-key="route"]', steps)
            tap("home", '[data-key="bar-home"]', home)
            page.wait_for_timeout(30)
    # The pad: from the key to results that are of what was typed.
    page.evaluate("document.querySelector('[data-key=\"search-field\"]').click()")
    for word in ("csc", "mianbao", "yaodian", "xiuxie"):
        for letter in word:
            page.wait_for_timeout(60)
            times.setdefault("a key of the pad", []).append(page.evaluate("""
            (letter) => new Promise((resolve) => {
              const begin = performance.now();
              const results = document.querySelector('.search-results .results');
              const watch = new MutationObserver(() => { watch.disconnect(); requestAnimationFrame(() => resolve(performance.now() - begin)); });
              watch.observe(results, { childList: true });
              document.querySelector(`[data-letter="${letter}"]`).setAttribute('aria-disabled', 'false');
              document.querySelector(`[data-letter="${letter}"]`).click();
            })""", letter))
        page.evaluate("document.querySelector('[data-key=\"clear\"]').click()")
        page.wait_for_timeout(100)
    everything = [value for values in times.values() for value in values]
    for name, values in [*times.items(), ("all taps", everything)]:
        print(f"  {name:18} {len(values):4} times, p50 {percentile(values, 0.5):6.1f} ms, p95 {percentile(values, 0.95):6.1f} ms, most {max(values):6.1f} ms")


def cold(play, daemon):
    """A new browser each time: from the request of the page to the first tile that can be pressed."""
    times = []
    for _ in range(5):
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1080, "height": 1920})
        begin = time.perf_counter()
        page.goto(f"{daemon.address}/kiosk/?origin={ORIGIN}", wait_until="commit")
        page.wait_for_selector(".tile")
        inside = page.evaluate("performance.now()")
        times.append((time.perf_counter() - begin) * 1000)
        print(f"  cold start: {times[-1]:.0f} ms as the driver sees it, {inside:.0f} ms as the page does")
        browser.close()


def panning(browser, daemon, origin):
    """Long tasks while the map is dragged about at each size, with what the map shows."""
    for size in SIZES:
        screen = Screen(browser, daemon, size, origin=origin, before=LONG)
        page = screen.page
        screen.press("open-now")
        screen.press("tile-eat")
        page.wait_for_selector(".results > *")
        screen.settled()
        screen.press("map")
        page.wait_for_selector(".leaflet-tile-pane canvas", state="attached")
        page.wait_for_timeout(3000)
        page.evaluate("window.longTasks.length = 0")
        box = page.locator(".map-frame").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        frames = page.evaluate("performance.now()")
        for step in range(12):
            dx, dy = ((-1, 0), (0, -1), (1, 0), (0, 1))[step % 4]
            page.mouse.move(x - dx * box["width"] / 3, y - dy * box["height"] / 3)
            page.mouse.down()
            for part in range(1, 13):
                page.mouse.move(x + dx * box["width"] / 3 * part / 12, y + dy * box["height"] / 3 * part / 12)
            page.mouse.up()
            page.wait_for_timeout(300)
            if step in (4, 8):
                page.evaluate("key => document.querySelector(`[data-key=\"${key}\"]`).click()", "zoom_out")
                page.wait_for_timeout(600)
        page.wait_for_timeout(1500)
        tasks = page.evaluate("window.longTasks")
        over = [round(value) for value in tasks if value > 200]
        print(f"  {size:10} {len(tasks):3} tasks over 50 ms, the longest {max(tasks, default=0):.0f} ms, over 200 ms: {over or 'none'}")
        screen.context.close()


def main():
    with sync_playwright() as play:
        town = Town()
        daemon = Daemon(town)
        print("the demo town:")
        cold(play, daemon)
        types = [one["id"] for one in daemon.get("/v1/types")["types"]]
        many(town, types)
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        print(f"with {daemon.get('/v1/health')['counts']['places']} places:")
        screen = Screen(browser, daemon, "portrait")
        taps(screen)
        screen.context.close()
        daemon.kill()
        if len(sys.argv) > 1:
            folder = tempfile.mkdtemp(prefix="quarter-map-")
            other = Town.__new__(Town)
            other.folder, other.state = folder, os.path.join(folder, "state")
            os.makedirs(other.state)
            other.ctl("import", "osm", sys.argv[1], "--json")
            daemon = Daemon(other)
            # The densest place is as good as any: the middle of the origins.
            origins = daemon.get("/v1/origins?limit=500")["origins"]
            origin = origins[len(origins) // 2]["id"]
            print(f"the map of {os.path.basename(sys.argv[1])}, from {origin}:")
            panning(browser, daemon, origin)
        browser.close()


if __name__ == "__main__":
    main()
