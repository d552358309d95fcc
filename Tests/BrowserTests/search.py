"""Search by the pad of letters, by nine keys and by a physical keyboard: greyed keys, marks, results as one types."""

from kiosk import Screen, expect, run


def keys(page, disabled):
    return set(page.evaluate(
        "disabled => [...document.querySelectorAll('.key[data-letter]')].filter(one => (one.getAttribute('aria-disabled') === 'true') === disabled).map(one => one.dataset.letter)",
        disabled))


def suggested(daemon, q, lang="zh"):
    return set(daemon.get(f"/v1/suggest?q={q}&origin=kiosk-demo-1&kind=place&lang={lang}")["next_keys"])


def test(browser, daemon):
    screen = Screen(browser, daemon, "portrait")
    page = screen.page
    screen.tap("search-field")
    screen.wait(".pad-letters")
    letters = set("abcdefghijklmnopqrstuvwxyz")
    typed = ""
    for letter in "csc":
        screen.until("letter => document.querySelector(`[data-letter=${letter}]`)?.getAttribute('aria-disabled') === 'false'", arg=letter)
        wanted = suggested(daemon, typed)
        screen.until(
            "wanted => [...document.querySelectorAll('.key[data-letter]')].filter(one => one.getAttribute('aria-disabled') === 'false').length === wanted",
            arg=len(wanted & letters))
        expect(keys(page, False) == wanted & letters, f"after “{typed}” other keys are open than the daemon says")
        page.tap(f".key[data-letter={letter}]")
        typed += letter
    expect(page.input_value("#search-input") == "csc", "the pad does not type")
    screen.wait("[data-place]")
    screen.settled()
    # csc stands for 菜市场: every one of them is marked where it matched.
    marks = page.locator(".results mark").all_inner_texts()
    expect(marks and all(len(mark) >= 1 for mark in marks), f"nothing is marked: {marks}")
    truth = daemon.get("/v1/reach?origin=kiosk-demo-1&q=csc&minutes=30&limit=20")["places"]
    shown = page.locator("[data-place]").evaluate_all("all => all.map(one => one.dataset.place)")
    expect(shown[:len(truth)] == [one["id"] for one in truth], "other results, or another order, than the daemon's")
    match = truth[0]["match"]
    expect(marks[0] == match["text"][match["from"]:match["to"]], f"{marks[0]} is marked, not {match}")
    # A greyed key does nothing, and says so to those who do not see it.
    dead = sorted(keys(page, True))
    if dead:
        page.locator(f".key[data-letter={dead[0]}]").dispatch_event("click")
        expect(page.input_value("#search-input") == "csc", "a greyed key types")
        expect("没有结果" in page.locator(f".key[data-letter={dead[0]}]").get_attribute("aria-label"), "a greyed key does not say why")
    screen.tap("erase")
    expect(page.input_value("#search-input") == "cs", "erase")
    screen.tap("clear")
    expect(page.input_value("#search-input") == "", "clear")

    # Nine keys: 2-7-2 is csc too.
    screen.tap("pad-nine")
    screen.wait(".pad-nine")
    for digit in "272":
        page.tap(f".key[data-letter='{digit}']")
    screen.until("document.querySelector('#search-input').value === '272'")
    screen.until("document.querySelectorAll('[data-place]').length > 0")
    truth = [one["id"] for one in daemon.get("/v1/reach?origin=kiosk-demo-1&q=272&minutes=30&limit=20")["places"]]
    screen.until("id => document.querySelector('[data-place]')?.dataset.place === id", arg=truth[0])

    # A physical keyboard, wherever the focus is; Chinese goes into the field.
    screen.tap("clear")
    page.focus("[data-key=erase]")
    page.keyboard.type("xiuxie")
    expect(page.input_value("#search-input") == "xiuxie", "the keyboard does not type")
    screen.wait("[data-place]")
    page.keyboard.press("Backspace")
    expect(page.input_value("#search-input") == "xiuxi", "Backspace")
    page.fill("#search-input", "菜场")
    screen.until("[...document.querySelectorAll('.row-name mark')].some(one => one.textContent.includes('菜场'))")

    # Nothing found is said, with what was looked for; it is no fault.
    page.fill("#search-input", "qqzzxx")
    screen.until("document.querySelector('.count').textContent.includes('qqzzxx')")
    expect(page.locator(".problem").count() == 0 and page.locator("[data-place]").count() == 0, "no result is shown as a fault")

    # A result leads to its place, and back to what was typed.
    page.fill("#search-input", "全天食堂")
    screen.wait('[data-place="test-canteen"]')
    page.tap('[data-place="test-canteen"]')
    screen.wait(".checks")
    screen.tap("bar-back")
    screen.wait('[data-place="test-canteen"]')
    expect(page.input_value("#search-input") == "全天食堂", "going back loses what was typed")
    screen.done()
    return "letters, nine keys, keyboard"


if __name__ == "__main__":
    run(test)
