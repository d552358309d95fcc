"""axe-core finds no violation on any view: both languages, high contrast, large, the small and the tall screen."""

from axe_playwright_python.sync_playwright import Axe

from kiosk import VIEWS, Screen, expect, run


def test(browser, daemon):
    axe = Axe()
    count = 0
    for size, dress in (("portrait", "normal"), ("phone", "large"), ("landscape", "contrast"), ("landscape", "english")):
        screen = Screen(browser, daemon, size, "en" if dress == "english" else "zh")
        if dress in ("large", "contrast"):
            screen.press(f"bar-{dress}")
        for view in VIEWS:
            screen.show(view)
            answer = axe.run(screen.page, options={"resultTypes": ["violations"]}).response
            wrong = [
                f"{one['id']}: {one['help']} at {one['nodes'][0]['html'][:160]}"
                for one in answer["violations"]
            ]
            expect(not wrong, f"{view}, {size}, {dress}: {wrong}")
            expect(len(answer["passes"]) > 5, f"{view}: axe looked at nothing")
            count += 1
        screen.done()
    # The page for whoever sets the kiosk up.
    screen = Screen(browser, daemon, "landscape", origin=None)
    screen.wait("[data-origin]")
    wrong = [one["id"] for one in axe.run(screen.page).response["violations"]]
    expect(not wrong, f"setup: {wrong}")
    screen.done()
    return f"{count + 1} views"


if __name__ == "__main__":
    run(test)
