"""Makes the pictures of docs/kiosk.md in the folder that is named: the demo town and nothing else, made small."""

import base64
import os
import sys

from playwright.sync_api import sync_playwright

from kiosk import CHROMIUM, Daemon, Screen, Town

PICTURES = (("home", "portrait", "kiosk-home"), ("map", "landscape", "kiosk-map"), ("take", "portrait", "kiosk-take"))


def main():
    daemon = Daemon(Town())
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for view, size, name in PICTURES:
            screen = Screen(browser, daemon, size)
            screen.show(view)
            screen.page.wait_for_timeout(1500)
            picture = screen.page.screenshot()
            screen.done()
            # Half the size, by the browser itself.
            small = browser.new_page(viewport={"width": 540 if size == "portrait" else 960, "height": 960 if size == "portrait" else 540})
            source = base64.b64encode(picture).decode()
            small.set_content(f"<body style='margin:0'><img src='data:image/png;base64,{source}' style='width:100%;display:block'>")
            small.wait_for_timeout(500)
            path = os.path.join(sys.argv[1], name + ".png")
            small.screenshot(path=path)
            small.close()
            print(path, os.path.getsize(path) // 1024, "KiB")
        browser.close()


if __name__ == "__main__":
    main()
