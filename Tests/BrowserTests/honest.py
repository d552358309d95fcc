"""Honest when something is wrong: no result, faults, old data, a place that cannot be reached, a kiosk not set up."""

import json
import urllib.parse

from kiosk import CANTEEN, Screen, expect, run


def answer(route, status, code, title):
    route.fulfill(status=status, content_type="application/problem+json",
                  body=json.dumps({"status": status, "code": code, "title": title}))


def test(browser, daemon):
    # Nothing within the walk: what was looked for is said, and what is a little further, as the daemon knows it.
    screen = Screen(browser, daemon, "portrait")
    page = screen.page
    types = [one["id"] for one in daemon.get("/v1/types")["types"]]

    def reach(**words):
        return daemon.get("/v1/reach?" + urllib.parse.urlencode({"origin": "kiosk-demo-1", "profile": "wheelchair", **words}))["places"]

    further = [id for id in types if not reach(type=id, minutes=15, open="arrival") and reach(type=id, minutes=30, open="arrival")]
    closed = [id for id in types if not reach(type=id, minutes=15, open="arrival") and reach(type=id, minutes=15)]
    screen.press("choice-走路的人-wheelchair")
    for id in (further + closed)[:4]:
        screen.press("tile-more")
        screen.press(f"type-{id}")
        screen.wait(".nothing")
        screen.settled()
        said = page.inner_text(".nothing")
        name = page.inner_text("h1")
        expect(name in said and "15 分钟" in said, f"{id}: it does not say what it looked for: {said}")
        wanted = [one["id"] for one in reach(type=id, minutes=30, open="arrival", limit=5)]
        shown = page.locator("[data-place]").evaluate_all("all => all.map(one => one.dataset.place)")
        expect(shown[:len(wanted)] == wanted, f"{id}: a little further there is {wanted}, shown {shown}")
        if id in closed:
            expect("没开" in page.inner_text(".results"), f"{id}: what is closed is not offered")
        screen.press("bar-home")
        screen.wait_view("home")
    expect(further or closed, "the demo town has no type to try this with")

    # A fault is a fault, on each view that asks: never an empty list.
    for pattern, leads in (
        ("**/v1/reach?*", lambda: screen.press("tile-eat")),
        ("**/v1/places/*", lambda: page.evaluate("document.querySelector('[data-place]').click()")),
    ):
        screen.press("bar-home") if screen.view() != "home" else None
        screen.wait("[data-place]")
        screen.settled()
        page.route(pattern, lambda route: answer(route, 500, "internal_error", "something inside broke"))
        leads()
        screen.wait(".problem[data-code=internal_error]")
        said = page.inner_text(".problem")
        expect("不是没有结果" in said and "internal_error" in said, f"the fault says {said}")
        expect("没有找到" not in page.inner_text("#view"), "a fault is shown as no result")
        # And it can be tried again.
        page.unroute(pattern)
        page.locator(".problem button").first.click()
        screen.until("!document.querySelector('.problem')")
    screen.console = [line for line in screen.console if "500" not in line]

    # What cannot be reached is not far away, it is unreachable, for who walks so.
    screen.press("bar-home")
    screen.press("tile-eat")
    screen.wait(f'[data-place="{CANTEEN}"]')
    page.route("**/v1/route?*", lambda route: answer(route, 404, "unreachable", "no way there"))
    screen.press(f"place-{CANTEEN}")
    screen.wait(".walk-line .problem-line")
    expect("轮椅" in page.inner_text(".walk-line"), "it does not say for whom")
    page.unroute("**/v1/route?*")
    screen.console = [line for line in screen.console if "404" not in line]

    # Old data say from when they are.
    def old(route):
        body = route.fetch().json()
        for source in body["sources"]:
            source["seen"] = "2024-03-05T02:00:00Z"
        body["confirmations"] = []
        route.fulfill(json=body)

    page.route("**/v1/provenance/*", old)
    screen.press("bar-home")
    screen.press("tile-eat")
    screen.wait(f'[data-place="{CANTEEN}"]')
    screen.press(f"place-{CANTEEN}")
    screen.wait(".checks")
    expect("2024年3月5日" in page.inner_text(".detail-body .problem-line"), "old data without their date")
    page.unroute("**/v1/provenance/*")
    screen.done()

    # A code that cannot be made is said to be missing.
    screen = Screen(browser, daemon, "portrait")
    screen.page.route("**/v1/qr?*", lambda route: answer(route, 500, "internal_error", "no"))
    screen.press("tile-eat")
    screen.wait(f'[data-place="{CANTEEN}"]')
    screen.press(f"place-{CANTEEN}")
    screen.wait('[data-key="take"]')
    screen.press("take")
    screen.wait(".code .problem-line:not([hidden])")
    screen.page.unroute("**/v1/qr?*")
    screen.until("[...document.querySelectorAll('.code img')].every(one => one.complete && one.naturalWidth)")
    screen.until("!document.querySelector('.code .problem-line:not([hidden])')")
    screen.console = [line for line in screen.console if "500" not in line]
    screen.done()

    # A kiosk that does not know where it stands asks; one that was told wrong says so.
    screen = Screen(browser, daemon, "landscape", origin=None)
    screen.wait('[data-origin="kiosk-demo-1"]')
    screen.page.click('[data-origin="kiosk-demo-1"]')
    screen.wait(".tile")
    expect("origin=kiosk-demo-1" in screen.page.url, "the choice is not in the address")
    screen.page.goto(f"{daemon.address}/kiosk/?origin=nowhere")
    screen.wait("[role=alert]")
    expect("nowhere" in screen.page.inner_text("[role=alert]"), "it does not name what is wrong")
    screen.console = [line for line in screen.console if "/v1/origins/nowhere" not in line]
    screen.done()

    # Notices: from the daemon, shown on the home view, each to be read.
    screen = Screen(browser, daemon, "portrait")
    notice = {"id": "n1", "title": "明天停水 <b>", "text": "上午八点到十二点\n请储水", "from": "2026-01-01", "until": "2036-01-02",
              "to": {"kind": "community", "id": "x", "name": "翠竹园社区"}, "by": "居委会", "urgent": True, "place": CANTEEN}
    screen.page.route("**/v1/notices?*", lambda route: route.fulfill(json={"revision": 1, "notices": [notice]}))
    screen.page.reload()
    screen.wait('[data-key="notice-n1"]')
    expect("明天停水 <b>" in screen.page.inner_text(".notices") and "紧急" in screen.page.inner_text(".notices"), "a notice is not shown as it is")
    screen.tap("notice-n1")
    screen.wait(".notice-text")
    expect(screen.page.locator(".notice-text").count() == 2, "the lines of a notice")
    screen.page.click(".reading .primary")
    screen.wait(".checks")
    screen.page.unroute("**/v1/notices?*")
    screen.page.route("**/v1/notices?*", lambda route: route.fulfill(json={"revision": 1, "notices": []}))
    screen.page.reload()
    screen.wait(".notices .none")
    screen.done()
    return f"{len(further)} types further away, {len(closed)} closed"


if __name__ == "__main__":
    run(test)
