"""A person walks through the kiosk: home, 吃饭, the first open canteen, its detail, the way, the codes; then leaves.

In both languages and on both kinds of screen, with a finger.
"""

from kiosk import LANGUAGES, Screen, expect, run

# What stands on the screen on the way, in both languages.
SAYS = {
    "zh": {"tile": "吃饭", "open": "营业中", "go": "怎么走", "take": "带走", "minutes": "分钟"},
    "en": {"tile": "Eat", "open": "Open", "go": "How to get there", "take": "Take it with you", "minutes": "min"},
}


def walk(screen, language):
    """One walk through all views, ending on the codes."""
    page, says = screen.page, SAYS[language]
    expect(says["tile"] in page.inner_text('[data-key="tile-eat"]'), "the tile has no word")
    screen.tap("tile-eat")
    screen.wait_view("list")
    # Canteens alone: the kind is chosen by its name.
    screen.wait('[data-key="kind-canteen"]')
    screen.tap("kind-canteen")
    screen.wait(".row")
    screen.settled()
    rows = page.locator(".results ul.rows").first.locator(".row")
    first = rows.first
    said = first.inner_text()
    expect(says["open"] in said or "快关门" in said or "Closing soon" in said, f"the first canteen is not open: {said}")
    expect(says["minutes"] in said, f"no minutes: {said}")
    # The list is in the order of the walk.
    walks = [int(text) for text in rows.locator(".row-walk .big").all_inner_texts()]
    expect(walks == sorted(walks) and walks, f"minutes out of order: {walks}")
    id = first.get_attribute("data-place")
    name = first.locator(".row-name").inner_text()
    first.tap()
    screen.wait_view("detail")
    screen.wait('[data-key="route"]')
    expect(page.inner_text("h1") == name, "another name on the detail than in the list")
    screen.tap("route")
    screen.wait_view("route")
    screen.wait(".steps li")
    language_word = "zh" if language == "zh" else "en"
    truth = screen.daemon.get(f"/v1/route?origin=kiosk-demo-1&to={id}&profile=standard&lang={language_word}")
    steps = [text.split("\n")[-1] for text in page.locator(".steps li").all_inner_texts()]
    expect(steps == [step["text"] for step in truth["properties"]["steps"]], f"other steps than the daemon's: {steps}")
    screen.tap("take")
    screen.wait_view("take")
    for code in ("place", "steps"):
        screen.until(
            "code => { const image = document.querySelector(`img[data-code=${code}]`); return image?.complete && image.naturalWidth > 0; }",
            arg=code)
    expect(page.locator(".problem, .problem-line:visible").count() == 0, "a problem is shown")


def leave(screen):
    """The person goes away: a warning, then home, in Chinese."""
    page = screen.page
    page.evaluate("Date.now = (now => () => now() + 61000)(Date.now)")
    screen.wait("dialog[open]")
    page.evaluate("Date.now = (now => () => now() + 20000)(Date.now)")
    screen.until("!document.querySelector('dialog') && document.body.dataset.view === 'home'")
    expect("吃饭" in page.inner_text('[data-key="tile-eat"]'), "the language of the last person stays")


def test(browser, daemon):
    count = 0
    for size in ("portrait", "landscape", "phone"):
        for language in LANGUAGES:
            screen = Screen(browser, daemon, size, language)
            walk(screen, language)
            leave(screen)
            screen.done()
            count += 1
    return f"{count} walks"


if __name__ == "__main__":
    run(test)
