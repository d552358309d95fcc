"""Everything by keyboard alone, with a focus that is seen (WCAG 2.2: 2.1.1, 2.1.2, 2.4.3, 2.4.7, 2.4.11, 2.5.8)."""

from kiosk import CANTEEN, VIEWS, Screen, expect, run

# What has the focus, and whether a person sees it.
FOCUS = """
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const frame = element.matches('.search-input') ? element.parentElement : element;
  const style = getComputedStyle(frame);
  const box = element.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
  const at = document.elementFromPoint(x, y);
  return {
    key: element.dataset.key ?? '', tag: element.tagName, text: (element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 24),
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    free: at === element || element.contains(at) || at?.contains(element) === true,
    number: [...document.querySelectorAll('*')].indexOf(element),
  };
}
"""
# What a person could press.
ALL = """
() => [...(document.querySelector('dialog[open]') ?? document).querySelectorAll('button, input, [role=button]')].filter((element) => {
  const box = element.getBoundingClientRect();
  return box.width > 1 && getComputedStyle(element).visibility !== 'hidden' && !element.closest('[hidden]') && !element.disabled;
}).length
"""


def tab_through(screen, where):
    """Tab reaches everything once, each with a focus that is seen, and comes round: there is no trap."""
    page = screen.page
    count = page.evaluate(ALL)
    page.evaluate("document.activeElement?.blur()")
    reached = {}
    rounds = 0
    for _ in range(count * 2 + 40):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            # Between the last stop and the first the browser's own frame has the focus.
            rounds += 1
            if rounds == 2:
                break
            continue
        if focus["number"] in reached:
            break
        reached[focus["number"]] = focus
        expect(focus["outline"] >= 3, f"{where}: no visible focus on {focus}")
        expect(focus["seen"] and focus["free"], f"{where}: the focus is hidden on {focus}")
    pressed = [one for one in reached.values() if one["tag"] in ("BUTTON", "INPUT", "DIV")]
    buttons = [one for one in pressed if one["tag"] != "DIV" or one["text"]]
    expect(len(buttons) >= count, f"{where}: {len(buttons)} of {count} reached by Tab")
    return len(buttons)


def tab_to(screen, key):
    """Tabs until this has the focus."""
    for _ in range(200):
        screen.page.keyboard.press("Tab")
        focus = screen.page.evaluate(FOCUS)
        if focus and focus["key"] == key:
            return
    expect(False, f"{key} is not reached by Tab")


def test(browser, daemon):
    count = 0
    for size in ("portrait", "landscape", "phone"):
        screen = Screen(browser, daemon, size)
        for view in VIEWS:
            screen.show(view)
            count += tab_through(screen, f"{view}, {size}")
        screen.done()

    # The walk of walk.py without a finger.
    screen = Screen(browser, daemon, "landscape")
    page = screen.page
    screen.settled()
    tab_to(screen, "tile-eat")
    page.keyboard.press("Enter")
    screen.wait("[data-place]")
    expect(page.evaluate("document.activeElement.tagName") == "H1", "the focus does not come along to the list")
    tab_to(screen, "kind-canteen")
    page.keyboard.press("Space")
    screen.settled()
    expect(page.evaluate("document.activeElement.dataset.key") == "kind-canteen", "a switch loses the focus when it is pressed")
    tab_to(screen, f"place-{CANTEEN}")
    page.keyboard.press("Enter")
    screen.wait('[data-key="route"]')
    tab_to(screen, "route")
    page.keyboard.press("Enter")
    screen.wait(".steps li")
    tab_to(screen, "take")
    page.keyboard.press("Enter")
    screen.wait(".code img")
    # Escape goes back, view by view.
    for view, key in (("route", "take"), ("detail", "route"), ("list", f"place-{CANTEEN}"), ("home", "tile-eat")):
        page.keyboard.press("Escape")
        screen.wait_view(view)
        # The focus is where it was, WCAG 2.4.3.
        screen.until("key => document.activeElement.dataset.key === key", arg=key)
    page.keyboard.press("Escape")
    screen.wait_view("home")

    # The warning takes the focus, keeps it, and gives way to Escape.
    screen.show("idle")
    expect(page.evaluate("document.activeElement.dataset.key") == "idle-go-on", "the warning has no focus")
    for _ in range(5):
        page.keyboard.press("Tab")
        inside = page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
        expect(inside, "Tab leaves the warning")
    page.keyboard.press("Escape")
    screen.until("!document.querySelector('dialog')")
    expect(screen.view() == "types", "Escape in the warning leaves the view")

    # The map by keys: it moves, and a pin opens its place.
    screen.show("map")
    page.focus(".leaflet-container")
    before = page.evaluate("document.querySelector('.leaflet-map-pane').style.transform")
    page.keyboard.press("ArrowRight")
    screen.until("before => document.querySelector('.leaflet-map-pane').style.transform !== before", arg=before)
    page.focus(".map-pin")
    page.keyboard.press("Enter")
    screen.wait_view("detail")
    screen.done()
    return f"{count} stops of Tab"


if __name__ == "__main__":
    run(test)
