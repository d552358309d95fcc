"""Names that a register may hold: a script, right-to-left marks, 200 characters, emoji. Text, and nothing else."""

import unicodedata

from kiosk import SIZES, Screen, expect, run

IDS = ("test-script", "test-rtl", "test-long", "test-word", "test-emoji", "test-quotes")
OUT = """
() => {
  const view = document.querySelector('#view');
  return {
    wide: document.documentElement.scrollWidth > innerWidth || view.scrollWidth > view.clientWidth,
    out: [...document.querySelectorAll('#view button, #view h1, #view p, #view dd, #view td')].filter((one) => {
      const box = one.getBoundingClientRect();
      return !one.closest('.choice, .toggles, .leaflet-container') && box.width && (box.left < -1 || box.right > innerWidth + 1);
    }).length,
    scripts: document.querySelectorAll('#view script, #view img:not([data-code]), #top script').length, title: document.title,
  };
}
"""


def visible(name):
    """A name without the characters that only steer direction."""
    return "".join(one for one in name if unicodedata.category(one) not in ("Cf", "Cc") or one == "\u200d").strip()


def test(browser, daemon):
    names = {id: daemon.get(f"/v1/places/{id}")["name"] for id in IDS}
    count = 0
    for size in SIZES:
        for large in (False, True):
            screen = Screen(browser, daemon, size, before="window.alert = () => { window.wasAlerted = true }")
            page = screen.page
            if large:
                screen.press("bar-large")
            screen.press("tile-more")
            page.evaluate("document.querySelector('[data-key=\"type-bakery\"]').click()")
            screen.wait('[data-place="test-script"]')
            for id in IDS:
                row = page.locator(f'[data-place="{id}"]')
                expect(row.count() == 1, f"{id} is not listed")
                shown = row.locator(".row-name").text_content()
                expect(visible(shown) == visible(names[id]), f"{id} is shown as {shown!r}")
                # A right-to-left name turns nothing beside it.
                order = page.evaluate(
                    "id => { const row = document.querySelector(`[data-place='${id}']`); return row.querySelector('.row-main').getBoundingClientRect().left < row.querySelector('.row-walk').getBoundingClientRect().left || innerWidth < 700; }", id)
                expect(order, f"{id} turns its row round")
            found = page.evaluate(OUT)
            expect(not found["wide"] and not found["out"], f"list, {size}: {found}")
            for id in IDS:
                page.evaluate("id => document.querySelector(`[data-place='${id}']`).click()", id)
                screen.wait(".checks")
                screen.wait('[data-key="route"]')
                for next in ("detail", "route", "take"):
                    if next != "detail":
                        screen.press(next)
                        screen.wait(".steps li")
                    screen.settled()
                    found = page.evaluate(OUT)
                    expect(not found["wide"] and not found["out"], f"{next} of {id}, {size}: {found}")
                    expect(found["scripts"] == 0 and found["title"] != "owned", f"{next} of {id}: it ran: {found}")
                    count += 1
                for _ in range(3):
                    page.keyboard.press("Escape")
                screen.wait_view("list")
                screen.wait('[data-place="test-script"]')
            expect(not page.evaluate("window.wasAlerted === true"), "a script ran")
            screen.done()
    return f"{count} views"


if __name__ == "__main__":
    run(test)
