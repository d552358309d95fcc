"""The same person while the daemon is killed and started again, as systemd does: no white screen, no lost way."""

import threading
import time

from kiosk import LANGUAGES, Screen, expect, run
from walk import leave, walk


def test(browser, daemon):
    count = 0
    for size in ("portrait", "landscape"):
        for language in LANGUAGES:
            screen = Screen(browser, daemon, size, language)
            page = screen.page
            screen.may_miss = True
            screen.settled()

            # While it is away the page says so, shows what it knew, and is never blank.
            daemon.kill()
            screen.tap("tile-eat")
            screen.wait("#banner.lost")
            said = page.inner_text("#banner")
            expect("重新连接" in said or "Reconnecting" in said, f"the banner says {said}")
            expect(len(page.inner_text("#view").strip()) > 5, "the view is blank while the daemon is away")
            expect(page.locator(".results .rows li").count() == 0, "a list out of nothing")
            expect("没有找到" not in page.inner_text("#view") and "Nothing found" not in page.inner_text("#view"),
                   "an error is shown as an empty list")
            daemon.start()
            screen.wait(".row", timeout=15000)
            screen.until("document.querySelector('#banner').className !== 'lost'", timeout=15000)

            # What was seen before is there again at once, with the time that it is from.
            screen.press("bar-home")
            screen.settled()
            daemon.kill()
            screen.tap("tile-eat")
            screen.wait("#banner.lost")
            screen.wait(".row", timeout=5000)
            expect(any(part.count(":") == 1 for part in page.inner_text("#banner").split()), "the banner has no time")
            daemon.start()
            screen.until("document.querySelector('#banner').className !== 'lost'", timeout=15000)

            # The whole walk, while it goes away and comes back again and again.
            screen.press("bar-home")
            stop = threading.Event()

            def restarts(stop=stop):
                while not stop.wait(1.0):
                    daemon.kill()
                    time.sleep(0.4)
                    daemon.start()

            thread = threading.Thread(target=restarts)
            thread.start()
            try:
                walk(screen, language)
            finally:
                stop.set()
                thread.join()
            leave(screen)
            screen.done()
            count += 1
    return f"{count} persons"


if __name__ == "__main__":
    run(test)
