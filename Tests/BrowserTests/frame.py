"""What the page is made of: its policy, its weight, no request to elsewhere, no storage, one address."""

import os
import re
import urllib.request

from kiosk import TREE, VIEWS, Screen, expect, run

LIMIT = 300 * 1024


def test(browser, daemon):
    with urllib.request.urlopen(daemon.address + "/kiosk/") as answer:
        policy = answer.headers["Content-Security-Policy"] or ""
        expect(answer.headers["X-Content-Type-Options"] == "nosniff", "no X-Content-Type-Options")
    rules = dict((part.strip().split(" ", 1) + [""])[:2] for part in policy.split(";") if part.strip())
    expect(rules.get("default-src") == "'none'" and rules.get("script-src") == "'self'" and rules.get("style-src") == "'self'",
           f"the policy is {policy!r}")
    expect("unsafe" not in policy, f"the policy allows what it should not: {policy!r}")

    screen = Screen(browser, daemon, "landscape")
    page = screen.page
    # An inline script and eval are refused by the browser itself.
    refused = page.evaluate("""() => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.head.append(script);
      return window.ran !== true;
    }""")
    expect(refused, "an inline script runs")
    expect(any("Content Security Policy" in line for line in screen.console), "the browser does not report it")
    screen.console.clear()
    screen.done()

    # Everything on every view, without Leaflet and without the daemon's answers.
    sizes = {}

    def weigh(response):
        path = response.url[len(daemon.address):].split("?")[0]
        if response.status == 200 and path.startswith(("/kiosk/", "/common/")) and path != "/kiosk/settings.json":
            sizes[path] = len(response.body())

    screen = Screen(browser, daemon, "landscape", watch=weigh)
    page = screen.page
    for view in VIEWS:
        screen.show(view)
    page.wait_for_timeout(500)
    total = sum(sizes.values())
    expect(len(sizes) > 10, f"only {sorted(sizes)} was loaded")
    expect(total <= LIMIT, f"the page has {total} bytes: {sizes}")
    # Nothing in the tree is loaded that was not counted.
    for folder, _, names in os.walk(os.path.join(TREE, "Pages", "kiosk")):
        for name in names:
            if name.endswith((".js", ".css", ".html", ".svg")):
                path = "/kiosk/" + os.path.relpath(os.path.join(folder, name), os.path.join(TREE, "Pages", "kiosk"))
                known = path in sizes or path in ("/kiosk/index.html", "/kiosk/icons/favicon.svg")
                expect(known, f"{path} is never loaded")
    expect(page.evaluate("history.length") <= 2 and not page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length"), "something is stored")
    # No style or script in the HTML itself, no innerHTML and no eval in the modules.
    for folder in ("kiosk", "common", "embed"):
        for place, _, names in os.walk(os.path.join(TREE, "Pages", folder)):
            for name in names:
                with open(os.path.join(place, name), encoding="utf-8") as file:
                    text = file.read()
                if name.endswith(".js"):
                    code = "\n".join(line for line in text.split("\n") if not line.strip().startswith(("//", "*", "/*")))
                    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "localStorage", "sessionStorage", "pushState", "http://", "https://"):
                        if word == "http://" and "http://www.w3.org/2000/svg" in code:
                            code = code.replace("http://www.w3.org/2000/svg", "")
                        expect(word not in code, f"{name}: {word}")
                if name.endswith(".html"):
                    expect(not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*src=)", text), f"{name}: inline style or handler")
    screen.done()
    return f"{total} bytes in {len(sizes)} files"


if __name__ == "__main__":
    run(test)
