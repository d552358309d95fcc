"""What the codes hold, read by zbarimg from what is on the screen, is what the page and the daemon say."""

import os
import subprocess
import tempfile

from kiosk import CANTEEN, LANGUAGES, Screen, expect, run


def read(element, folder, name):
    path = os.path.join(folder, name + ".png")
    element.screenshot(path=path)
    done = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", "-Stest-inverted", path], capture_output=True, check=False)
    return done.stdout.decode("utf-8").rstrip("\n")


def test(browser, daemon):
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        for size in ("portrait", "landscape", "phone"):
            for language in LANGUAGES:
                screen = Screen(browser, daemon, size, language)
                screen.show("take")
                page = screen.page
                screen.until("[...document.querySelectorAll('.code img')].every(one => one.complete && one.naturalWidth)")
                place = daemon.get(f"/v1/places/{CANTEEN}")
                way = daemon.get(f"/v1/route?origin=kiosk-demo-1&to={CANTEEN}&profile=standard&lang={language}")["properties"]
                held = {code: read(page.locator(f"img[data-code={code}]"), folder, f"{code}-{size}-{language}") for code in ("place", "steps")}
                # RFC 5870, WGS-84: the daemon's own coordinates.
                scheme, _, rest = held["place"].partition(":")
                expect(scheme == "geo", f"no geo: link: {held['place']!r}")
                lat, lon = (float(part) for part in rest.split(","))
                expect(abs(lat - place["location"]["lat"]) < 1e-6 and abs(lon - place["location"]["lon"]) < 1e-6, f"{held['place']} is elsewhere")
                expect(held["place"] in page.inner_text(".codes"), "the page says another place than its code")
                expect(held["steps"] == page.locator("img[data-code=steps]").get_attribute("data-text"), "the code of the steps holds something else")
                for step in way["steps"]:
                    expect(step["text"] in held["steps"], f"“{step['text']}” is not in the code: {held['steps']!r}")
                count += 2
                # What the page shows as steps is what the code holds.
                for text in page.locator(".paper .steps li").all_inner_texts():
                    expect(text.split("\n")[-1] in held["steps"], f"the page shows “{text}”, the code does not hold it")
                screen.done()
        # On paper: both codes and the steps, without the page's buttons.
        screen = Screen(browser, daemon, "portrait")
        screen.show("take")
        page = screen.page
        page.evaluate("window.print = () => { window.wasPrinted = true }")
        screen.tap("print")
        expect(page.evaluate("window.wasPrinted === true"), "the button does not print")
        page.emulate_media(media="print")
        expect(page.locator("#bar").is_hidden() and page.locator(".paper").is_visible(), "the print view shows the bar, or no steps")
        expect(read(page.locator("img[data-code=place]"), folder, "printed").startswith("geo:"), "the printed code cannot be read")
        expect(len(page.pdf(print_background=False)) > 5000, "nothing is printed")
        screen.done()
    return f"{count} codes read"


if __name__ == "__main__":
    run(test)
