"""What axe-core cannot see, by the criteria of WCAG 2.2 (A and AA); others are in keys.py and rules.py."""

from kiosk import CANTEEN, VIEWS, Screen, expect, run


def one_way_of_three_one(screen):
    """3.1.1 Language of Page, 3.1.2 Language of Parts."""
    page = screen.page
    expect(page.evaluate("document.documentElement.lang") == "zh-CN", "3.1.1: the page is not said to be Chinese")
    expect(page.get_attribute("[data-key=bar-language]", "lang") == "en", "3.1.2: “English” is not said to be English")
    screen.press("bar-language")
    expect(page.evaluate("document.documentElement.lang") == "en", "3.1.1: the English page is not said to be English")
    expect(page.get_attribute("[data-key=bar-language]", "lang") == "zh-CN", "3.1.2: “中文” is not said to be Chinese")
    screen.press("bar-language")


def titles(screen):
    """2.4.2 Page Titled, 2.4.6 Headings: each view has one first heading and a title of its own; levels leave none out."""
    seen = set()
    for view in VIEWS:
        if view in ("idle", "nothing", "map"):
            continue
        screen.show(view)
        heads = screen.page.evaluate("[...document.querySelectorAll('h1, h2, h3')].filter(one => one.getClientRects().length).map(one => [Number(one.tagName[1]), one.textContent.trim()])")
        expect([level for level, _ in heads].count(1) == 1, f"2.4.6: {view} has {heads}")
        expect(all(text for _, text in heads), f"2.4.6: {view} has an empty heading")
        levels = [level for level, _ in heads]
        expect(all(b - a <= 1 for a, b in zip(levels, levels[1:])), f"1.3.1: {view} leaves out a level: {heads}")
        seen.add((view, screen.page.title()))
    expect(len({title for _, title in seen}) >= 6, f"2.4.2: {seen}")


def reflow(browser, daemon):
    """1.4.10 Reflow: at 320 pixels nothing has to be moved sideways. 1.4.4 Resize Text: twice the size does neither."""
    for scale, width in ((1, 320), (2, 640)):
        context = browser.new_context(viewport={"width": width // scale, "height": 800}, device_scale_factor=scale)
        page = context.new_page()
        page.goto(f"{daemon.address}/kiosk/?origin=kiosk-demo-1")
        page.wait_for_selector(".tile")
        page.evaluate("document.querySelector('[data-key=tile-eat]').click()")
        page.wait_for_selector("[data-place]")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth + document.querySelector('#view').scrollWidth - document.querySelector('#view').clientWidth")
        expect(wide <= 0, f"1.4.10: {wide} pixels too wide at {width // scale}")
        context.close()


def spacing(screen):
    """1.4.12 Text Spacing: with wider lines, letters and words nothing is cut off."""
    page = screen.page
    for view in ("home", "list", "detail", "route", "take"):
        screen.show(view)
        page.evaluate("""() => {
          for (const one of document.querySelectorAll('#view *')) {
            one.style.setProperty('line-height', '1.5', 'important');
            one.style.setProperty('letter-spacing', '0.12em', 'important');
            one.style.setProperty('word-spacing', '0.16em', 'important');
          }
        }""")
        cut = page.evaluate("""() => [...document.querySelectorAll('#view button, #view h1, #view h2, #view p, #view dd')].filter((one) => {
          const box = one.getBoundingClientRect();
          return box.width > 1 && !one.closest('.choice, .toggles, .leaflet-container') && (one.scrollWidth > one.clientWidth + 2 && getComputedStyle(one).overflow !== 'visible' || box.right > innerWidth + 1);
        }).map((one) => one.textContent.slice(0, 20))""")
        expect(not cut, f"1.4.12: {view} cuts off {cut}")


def status(screen):
    """4.1.3 Status Messages: what comes without a change of view is said to a screen reader."""
    page = screen.page
    screen.show("list")
    expect(page.locator(".count[role=status]").count() == 1, "4.1.3: the number of results is no status")
    expect(page.locator("#banner[role=status]").count() == 1, "4.1.3: the banner is no status")
    screen.show("search")
    expect(page.locator(".count[role=status]").count() == 1, "4.1.3: the number of results is no status")
    screen.show("idle")
    expect(page.locator("dialog[role=alertdialog][aria-labelledby][aria-describedby]").count() == 1, "4.1.3: the warning is no alert")
    page.keyboard.press("Escape")


def timing(screen):
    """2.2.1 Timing Adjustable: one is warned, has 20 s, and a simple action goes on; it is asked for by any key too."""
    page = screen.page
    screen.show("idle")
    text = page.inner_text("#idle-text")
    seconds = int("".join(one for one in text if one.isdigit()))
    expect(seconds >= 17, f"2.2.1: only {seconds} s are left")
    page.keyboard.press("Enter")
    screen.until("!document.querySelector('dialog')")


def pointers(screen):
    """2.5.1 Pointer Gestures, 2.5.7 Dragging: the map has buttons; 2.5.2: what is pressed acts on release."""
    page = screen.page
    screen.show("map")
    before = page.evaluate("document.querySelector('.leaflet-tile-pane')?.innerHTML.length + document.querySelector('.map-pin').style.transform")
    page.tap("[data-key=zoom_in]")
    page.wait_for_timeout(600)
    after = page.evaluate("document.querySelector('.leaflet-tile-pane')?.innerHTML.length + document.querySelector('.map-pin').style.transform")
    expect(before != after, "2.5.1: the map cannot be zoomed with one finger")
    # Whatever the map tells stands in the list too.
    pins = page.locator(".map-pin").count()
    rows = page.locator(".list-part .results > ul.rows").first.locator("li").count()
    expect(pins == rows and pins > 0, f"1.1.1: {pins} pins, {rows} rows")
    numbers = page.locator(".list-part .results > ul.rows").first.locator(".number").all_inner_texts()
    expect(numbers == [str(n + 1) for n in range(rows)], f"pins and rows have other numbers: {numbers}")
    names = page.locator(".map-pin").evaluate_all("all => all.map(one => one.getAttribute('aria-label')).sort()")
    shown = page.locator(".list-part .results > ul.rows").first.locator("li").evaluate_all("all => all.map(one => one.querySelector('.number').textContent + ' ' + one.querySelector('.row-name').textContent).sort()")
    expect(names == shown, "a pin has another name than its row")
    screen.press("bar-home")
    box = page.locator("[data-key=tile-eat]").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    expect(screen.view() == "home", "2.5.2: it acts before it is released")
    page.mouse.move(box["x"] + 20, box["y"] - 300)
    page.mouse.up()
    page.wait_for_timeout(200)
    expect(screen.view() == "home", "2.5.2: moving away does not call it off")


def names(screen):
    """2.5.3 Label in Name, 4.1.2 Name, Role, Value; 1.3.1 tables have headers; 3.2.3 the bar is the same everywhere."""
    page = screen.page
    bars = set()
    for view in ("list", "detail", "route", "take", "search", "types"):
        screen.show(view)
        bars.add(tuple(page.locator("#bar button").evaluate_all("all => all.filter(one => one.getClientRects().length).map(one => one.dataset.key)")))
        nameless = page.evaluate("[...document.querySelectorAll('button, [role=button], input')].filter(one => one.getClientRects().length && !(one.getAttribute('aria-label') ?? one.textContent).trim()).length")
        expect(nameless == 0, f"4.1.2: {nameless} without a name on {view}")
    expect(len(bars) == 1, f"3.2.3: the bar changes: {bars}")
    screen.show("detail")
    heads = page.evaluate("[...document.querySelectorAll('table')].every(one => one.querySelector('th[scope]') && one.caption)")
    expect(heads, "1.3.1: a table without headers or caption")
    today = page.locator(".week tr").first.inner_text()
    expect("今天" in today, f"1.3.3: today is not said in words: {today}")
    expect(page.locator(".week tr").count() == 7, "the week has not seven days")
    expect("12345" in page.inner_text(".detail-body"), "the service number is not shown")
    order = [one["names"]["zh"] for one in screen.daemon.get("/v1/types/canteen")["attributes"]
             if one["key"] in screen.daemon.get(f"/v1/places/{CANTEEN}")["attributes"]]
    shown = page.evaluate("[...document.querySelector('.detail-body').querySelectorAll('.card')].flatMap(card => [...card.querySelectorAll('dt, h3')].map(one => one.textContent))")
    expect([one for one in shown if one in order] == order, f"1.3.2: the module's order is {order}, shown {shown}")


def test(browser, daemon):
    screen = Screen(browser, daemon, "portrait")
    checks = (one_way_of_three_one, titles, status, timing, pointers, names, spacing)
    for check in checks:
        check(screen)
    screen.done()
    reflow(browser, daemon)
    return f"{len(checks) + 1} groups of criteria"


if __name__ == "__main__":
    run(test)
