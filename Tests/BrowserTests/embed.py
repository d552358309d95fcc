"""The map in a frame of another page: the words of its address, its messages, its faults."""

import http.server
import threading

import json
import os

from kiosk import BUILD, CANTEEN, TREE, Daemon, Screen, expect, run

PAGE = """<!doctype html><meta charset=utf-8><title>around</title><iframe style="width:800px;height:700px" src="%s"></iframe>
<script>window.heard = []; window.addEventListener('message', (event) => window.heard.push([event.origin, event.data]));
window.tell = (message) => document.querySelector('iframe').contentWindow.postMessage(message, '*');</script>"""


class Around(http.server.BaseHTTPRequestHandler):
    """Another site, on another port: another origin for the browser."""

    frame = ""

    def do_GET(self):
        body = (PAGE % self.frame).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def alone(browser, daemon, words, wanted):
    page = browser.new_page(viewport={"width": 800, "height": 700})
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{daemon.address}/embed/map?{words}")
    page.wait_for_selector(wanted)
    expect(not faults, f"{words}: {faults}")
    return page


def test(browser, daemon):
    count = 0
    # The words of the address.
    page = alone(browser, daemon, "community=demo-cuizhuyuan&type=canteen&type=library", ".map-pin")
    truth = daemon.get("/v1/places?community=demo-cuizhuyuan&type=canteen&type=library&limit=200")["places"]
    page.wait_for_timeout(300)
    expect(page.locator(".map-pin").count() == len([one for one in truth if one["location"]]), "other places than the daemon's")
    page.close()
    page = alone(browser, daemon, "origin=kiosk-demo-1&type=canteen&profile=elder&minutes=10&lang=en&large=yes&contrast=yes", ".map-legend:not([hidden])")
    page.wait_for_timeout(300)
    truth = daemon.get("/v1/reach?origin=kiosk-demo-1&type=canteen&profile=elder&minutes=10")["places"]
    expect(page.locator(".map-pin").count() == len(truth), "other places within ten minutes than the daemon's")
    expect(page.evaluate("document.documentElement.lang") == "en" and page.evaluate("document.documentElement.className") == "contrast large", "language, size or colours")
    expect("10 min" in page.inner_text(".map-legend"), "the limits are not those asked for")
    page.close()
    page = alone(browser, daemon, "lat=32.0045&lon=118.6924&reach=no", ".map-pin")
    expect(page.locator(".map-legend").is_hidden(), "reach=no shows areas")
    page.close()
    for words, says in (("", "community"), ("community=nowhere", "nowhere"), ("origin=kiosk-demo-1&colour=red", "colour"),
                        ("lat=95&lon=1", "lat"), ("origin=kiosk-demo-1&minutes=x", "minutes"), ("origin=kiosk-demo-1&parent=not-an-origin", "parent")):
        page = alone(browser, daemon, words, ".fault")
        expect(says in page.inner_text(".fault"), f"{words}: {page.inner_text('.fault')}")
        expect(page.locator(".map-pin").count() == 0, f"{words}: a map all the same")
        page.close()
        count += 1

    # Messages. The daemon's frame-ancestors may forbid the frame; then there is no map in it.
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Around)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    around = f"http://127.0.0.1:{server.server_port}"
    # Who may show the map in a frame stands in the configuration: nobody, unless somebody decides.
    daemon.kill()
    config = os.path.join(daemon.town.folder, "framers.toml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"[pages]\nfolder = {json.dumps(TREE + '/Pages')}\nframers = {json.dumps([around])}\n")
        file.write(f"[calendar]\ndirectories = {json.dumps([TREE + '/etc/quarter/calendars'])}\n")
    daemon = Daemon(daemon.town, "--config", config, "--types", TREE + "/etc/quarter/types.d", "--modules", BUILD)
    Around.frame = f"{daemon.address}/embed/map?origin=kiosk-demo-1&type=canteen&minutes=15&parent={around}"
    screen = Screen(browser, daemon, "landscape")
    page = screen.context.new_page()
    page.goto(around)
    try:
        page.frame_locator("iframe").locator(".map-pin").first.wait_for(timeout=6000)
    except Exception:  # noqa: BLE001 (whatever the driver calls it, the frame has no map)
        server.shutdown()
        expect(False, "no map in the frame: is pages.frame_ancestors set for the tests?")

    def heard(kind):
        for _ in range(100):
            found = page.evaluate("kind => window.heard.filter(([, data]) => data.kind === kind).at(-1) ?? null", kind)
            if found:
                return found
            page.wait_for_timeout(50)
        expect(False, f"no message “{kind}”: {page.evaluate('window.heard')}")

    origin, ready = heard("ready")
    expect(origin == daemon.address and ready["quarter"] == 1 and any(one["id"] == CANTEEN for one in ready["places"]), f"ready: {ready}")
    page.frame_locator("iframe").locator(".map-pin").first.dispatch_event("click")
    expect(heard("place")[1]["place"]["minutes"] >= 1, "place")
    page.evaluate("id => tell({ quarter: 1, kind: 'route', to: id })", CANTEEN)
    way = heard("route")[1]
    truth = daemon.get(f"/v1/route?origin=kiosk-demo-1&to={CANTEEN}")["properties"]
    expect(way["metres"] == truth["metres"] and way["steps"] == [one["text"] for one in truth["steps"]], f"route: {way}")
    page.evaluate("window.heard.length = 0; tell({ quarter: 1, kind: 'show', type: ['library'], minutes: 15 })")
    shown = heard("ready")[1]["places"]
    truth = daemon.get("/v1/reach?origin=kiosk-demo-1&type=library&minutes=15")["places"]
    expect([one["id"] for one in shown] == [one["id"] for one in truth], f"show: {shown}")
    page.evaluate("tell({ quarter: 1, kind: 'look', lat: 32.0, lon: 118.69, zoom: 17 })")
    page.evaluate("tell({ quarter: 1, kind: 'dance' })")
    expect(heard("fault")[1]["code"] == "unknown_message", "an unknown message")
    # What is no message of ours is nobody's business.
    page.evaluate("window.heard.length = 0; tell('hello'); tell({ kind: 'show' }); tell(null)")
    page.wait_for_timeout(300)
    expect(page.evaluate("window.heard.length") == 0, "it answers what was not said to it")
    server.shutdown()
    screen.context.close()
    return f"addresses, {count} faults, messages"


if __name__ == "__main__":
    run(test)
