"""Nobody there any more: warning, then home, and nothing of the last person is left."""

from kiosk import Screen, expect, run

LEFT = """
async () => ({
  history: history.length,
  local: Object.keys(localStorage).length, session: Object.keys(sessionStorage).length,
  cookies: document.cookie, databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker?.getRegistrations?.() ?? []).length,
  address: location.pathname + location.search, title: document.title,
  large: document.documentElement.className, language: document.documentElement.lang,
  scroll: document.querySelector('#view').scrollTop, fields: [...document.querySelectorAll('input')].map((one) => one.value),
})
"""


def later(page, seconds):
    page.evaluate("seconds => { Date.now = (now => () => now() + seconds * 1000)(Date.now) }", seconds)


def test(browser, daemon):
    screen = Screen(browser, daemon, "portrait")
    page = screen.page
    screen.settled()
    fresh = page.evaluate(LEFT)
    first = page.inner_text("#view .tiles")

    # A person changes all there is to change, types, looks at a place.
    screen.press("bar-large")
    screen.press("bar-contrast")
    screen.press("bar-language")
    screen.press("choice-Who walks-wheelchair")
    screen.press("open-now")
    screen.press("search-field")
    screen.wait("#search-input")
    page.keyboard.type("mianbao")
    screen.wait("[data-place]")
    page.locator("[data-place]").first.click()
    screen.wait(".checks")
    screen.settled()

    # Not before 60 s; then a warning that counts; a press on it goes on where one was.
    later(page, 55)
    page.wait_for_timeout(700)
    expect(page.locator("dialog").count() == 0, "the warning comes before its time")
    later(page, 6)
    screen.wait("dialog[open]")
    expect("Back to the start in" in page.inner_text("dialog"), "the warning does not say what will happen")
    view = screen.view()
    screen.tap("idle-go-on")
    screen.until("!document.querySelector('dialog')")
    expect(screen.view() == view == "detail", "going on loses the view")

    # A sign of a person puts it off.
    later(page, 58)
    page.mouse.move(300, 300)
    page.mouse.move(320, 320)
    later(page, 10)
    page.wait_for_timeout(700)
    expect(page.locator("dialog").count() == 0, "a person who moves is warned")

    # 20 s more, and all is gone.
    later(page, 55)
    screen.wait("dialog[open]")
    later(page, 12)
    page.wait_for_timeout(700)
    expect(page.locator("dialog").count() == 1, "the reset comes before its time")
    later(page, 6)
    screen.wait_view("home")
    screen.settled()
    left = page.evaluate(LEFT)
    expect(left == fresh, f"something is left: {left}, at first {fresh}")
    expect(page.inner_text("#view .tiles") == first, "another home view")
    expect(page.locator("[data-key='choice-走路的人-standard'][aria-pressed=true]").count() == 1, "the profile stays")
    expect(page.locator("[data-key='open-now'][aria-pressed=true]").count() == 1, "the switch stays")
    page.keyboard.press("Escape")
    page.go_back()
    page.wait_for_timeout(300)
    expect("mianbao" not in page.content(), "what was typed is to be had by going back")

    # At home and untouched nobody is warned.
    screen2 = Screen(browser, daemon, "landscape")
    later(screen2.page, 500)
    screen2.page.wait_for_timeout(700)
    expect(screen2.page.locator("dialog").count() == 0, "an untouched home view warns")
    screen2.done()
    screen.console = [line for line in screen.console if "about:blank" not in line]
    screen.done()
    return "warning, reset, nothing left"


if __name__ == "__main__":
    run(test)
