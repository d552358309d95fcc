"""On each view, size and language: axe, sizes, contrast of states by words, nothing too wide; keyboard; hostile names."""

import os
import time
import unicodedata

from axe_playwright_python.sync_playwright import Axe

from kiosk import SCREENSHOTS
from staff import VIEWS, Page, everything, expect, run, shop, table

NAMES = ["<script>document.title='owned'</script>", "\u202eتكرار العربية\u202c面包", "很长的名字" * 38, "W" * 190, "👨‍👩‍👧‍👦🥟店"]
MEASURE = """() => {
  const seen = (one) => { const box = one.getBoundingClientRect(); return box.width > 1 && box.height > 1; };
  const size = (one) => parseFloat(getComputedStyle(one).fontSize);
  const texts = [...document.querySelectorAll('#view *, #top *, #nav *')].filter((one) => seen(one) && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  return {
    wide: document.documentElement.scrollWidth > innerWidth,
    small: texts.filter((one) => size(one) < 16).map((one) => one.outerHTML.slice(0, 120)),
    main: texts.filter((one) => !one.closest('code') && size(one) < (document.documentElement.classList.contains('large') ? 30 : 18)).map((one) => one.outerHTML.slice(0, 120)),
    tight: texts.filter((one) => parseFloat(getComputedStyle(one).lineHeight) < 1.29 * size(one)).map((one) => one.outerHTML.slice(0, 120)),
    targets: [...document.querySelectorAll('button, select, input, summary, #nav a')].filter(seen).filter((one) => {
      const box = (one.closest('.tick') ?? one).getBoundingClientRect();
      return !one.matches('.unseen') && (box.height < 59.5 || box.width < 59.5);
    }).map((one) => one.outerHTML.slice(0, 120)),
    ran: document.title === 'owned' || document.querySelectorAll('#view script').length > 0,
  };
}"""


def test(context, desk, daemon):
    os.makedirs(SCREENSHOTS, exist_ok=True)
    page = Page(context, desk)
    rows = [shop(f"h{number}", name, type="bakery", lon=118.69 + number / 1000) for number, name in enumerate(NAMES)]
    page.take_in("怪名.csv", table([*rows, shop("", "")]), "hostile")
    known = daemon.get("/v1/places/demo-hall-canteen")
    page.take_in("食堂.csv", table([shop("k1", known["name"], type="社区食堂", lon=known["location"]["lon"], lat=known["location"]["lat"])]), "canteens")
    page.done()
    axe = Axe()
    count = 0
    for size, language, large in (("desk", "zh", False), ("desk", "en", False), ("phone", "zh", False), ("phone", "en", False), ("wide", "zh", True), ("phone", "zh", True)):
        page = Page(context, desk, size, language, opens=False)
        if large:
            page.press("large")
        for view in VIEWS:
            page.show(view)
            if view == "import":
                page.drop("怪名.csv", table([*rows, shop("", "")]))
                page.press("try")
                page.wait(".report")
            if view == "freshness":
                page.page.select_option('[data-key="months"]', "0")
                page.settled()
            if view == "map":
                page.until("document.querySelector('.map-canvas')?.dataset.dots > 0")
                page.page.wait_for_timeout(500)
            if view == "notices":
                page.page.click("summary")
            name = f"staff-{view}-{size}-{language}{'-large' if large else ''}"
            page.page.screenshot(path=f"{SCREENSHOTS}/{name}.png", full_page=page.page.evaluate("document.documentElement.scrollHeight < 6000"))
            found = page.page.evaluate(MEASURE)
            wrong = {key: value for key, value in found.items() if value}
            expect(not wrong, f"{name}: {wrong}")
            answer = axe.run(page.page, options={"resultTypes": ["violations"]}).response
            wrong = [f"{one['id']}: {one['help']} at {one['nodes'][0]['html'][:160]}" for one in answer["violations"]]
            expect(not wrong, f"{name}: {wrong}")
            expect(len(answer["passes"]) > 5, f"{name}: axe looked at nothing")
            count += 1
        page.done()

    # Hostile names are what they are.
    page = Page(context, desk, opens=False)
    page.show("map")
    page.page.click(".side summary")
    page.page.evaluate("() => { for (let more; (more = document.querySelector('.side .more button'));) more.click() }")
    listed = page.page.inner_text(".side")
    stored = [place["name"] for place in everything(daemon) if place["id"].startswith("hostile-")]
    expect(len(stored) == len(NAMES), f"{stored}")
    for name in stored:
        shown = "".join(one for one in name if unicodedata.category(one) not in ("Cf", "Cc") or one == "\u200d").strip()
        expect(shown in listed, f"{name[:40]!r} is not listed as it is")

    # By keyboard alone: skip link, views, file, trial, taking in, dialog; with a focus that is seen.
    # Whoever waits for choosers only when a key is pressed may miss the first: the browser is told beside the key.
    choosers = []
    page.page.on("filechooser", lambda chooser: choosers.append(chooser))
    page.page.goto(desk.base + "/staff/")
    page.wait(".drop")
    page.settled()
    page.page.keyboard.press("Tab")
    expect(page.page.evaluate("document.activeElement.id") == "skip", "the first stop is not the skip link")
    page.page.keyboard.press("Enter")
    stops = []
    while "choose" not in stops and len(stops) < 6:
        page.page.keyboard.press("Tab")
        stops.append(page.page.evaluate("document.activeElement.dataset.key ?? document.activeElement.outerHTML.slice(0, 80)"))
    expect("choose" in stops, f"the button that chooses a file is not reached by Tab: {stops}")
    page.page.keyboard.press("Enter")
    end = time.time() + 30
    while not choosers:
        expect(time.time() < end, "Enter on the button opens no chooser of files; the focus is on "
               + page.page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
        page.page.wait_for_timeout(40)
    choosers[0].set_files({"name": "键盘.csv", "mimeType": "text/csv", "buffer": table([shop("t1", "键盘便利店", lon=118.6921)]).encode()})
    page.wait('[data-key="source"]')
    seen = set()
    for key, act in (("source", "keyboard"), ("try", None), ("take-in", None), ("undo", None)):
        page.wait(f'[data-key="{key}"]')
        for _ in range(40):
            page.page.keyboard.press("Tab")
            on, outline = page.page.evaluate(
                "[document.activeElement.dataset.key ?? document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth]")
            expect(outline == "solid5px", f"the focus on {on} is not seen: {outline}")
            seen.add(on)
            if on == key:
                break
        expect(on == key, f"{key} is not reached by Tab: {seen}")
        if act:
            page.page.keyboard.type(act)
        else:
            page.page.keyboard.press("Enter")
            page.settled()
    page.wait("dialog[open]")
    for _ in range(4):
        page.page.keyboard.press("Tab")
        if page.page.evaluate("document.activeElement.matches('dialog .grave')"):
            break
    page.page.keyboard.press("Enter")
    page.until("document.body.innerText.includes('已撤回')")
    page.done()
    return f"{count} views"


if __name__ == "__main__":
    run(test)
