"""Makes the pictures of docs/kiosk.md in the folder that is named: the demo town and nothing else, made small."""

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
            small.route("**/picture.png", lambda route, picture=picture: route.fulfill(body=picture, content_type="image/png"))
            small.route("**/page", lambda route: route.fulfill(body="<body style='margin:0'><img src=picture.png style='width:100%;display:block'>", content_type="text/html"))
            small.goto(daemon.address + "/page")
            small.wait_for_timeout(300)
            path = os.path.join(sys.argv[1], name + ".png")
            small.screenshot(path=path)
            small.close()
            print(path, os.path.getsize(path) // 1024, "KiB")
        browser.close()


if __name__ == "__main__":
    main()
