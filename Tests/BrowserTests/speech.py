"""Reading aloud: no button where there is no voice; with one, what is on the view, in its language, and silence after."""

from kiosk import Screen, expect, run

# Chromium without a desktop has no voice, so the engine is one that writes down what it is to say.
VOICE = """
window.spoken = [];
let speaking = false;
Object.defineProperty(window, 'speechSynthesis', { value: {
  getVoices: () => [
    { name: 'far', lang: 'zh-CN', localService: false }, { name: 'zh', lang: 'zh-CN', localService: true }, { name: 'en', lang: 'en-GB', localService: true }],
  speak: (one) => { speaking = true; window.spoken.push([one.text, one.lang, one.chosen.name]); },
  cancel: () => { if (speaking) window.spoken.push(['(silence)']); speaking = false; },
  addEventListener: () => {}, get speaking() { return speaking; }, get pending() { return false; },
} });
window.SpeechSynthesisUtterance = class extends EventTarget {
  constructor(text) { super(); this.text = text; }
  set voice(one) { this.chosen = one; }
};
"""


def test(browser, daemon):
    silent = Screen(browser, daemon, "portrait", before="""
        Object.defineProperty(window, 'speechSynthesis', { value: { getVoices: () => [{ lang: 'zh-CN', localService: false }], cancel() {}, addEventListener() {} } });""")
    silent.press("tile-eat")
    silent.wait("[data-place]")
    expect(silent.page.locator("[data-key=bar-read_aloud]").count() == 0, "a button without a voice of this machine")
    silent.done()

    for language, voice in (("zh", "zh"), ("en", "en")):
        screen = Screen(browser, daemon, "portrait", language, before=VOICE)
        screen.press("tile-eat")
        screen.wait("[data-place]")
        screen.settled()
        screen.tap("bar-read_aloud")
        spoken = screen.page.evaluate("window.spoken.filter(one => one.length > 1)")
        expect(spoken and all(one[2] == voice for one in spoken), f"another voice: {spoken}")
        first = screen.page.locator(".row-name").first.inner_text()
        expect(first in spoken[1][0], f"the first place is not read: {spoken}")
        # Another view, and the idle reset, are silence.
        screen.page.locator("[data-place]").first.click()
        screen.wait(".checks")
        expect(screen.page.evaluate("window.spoken.at(-1)") == ["(silence)"], "it goes on reading the view before")
        screen.settled()
        screen.tap("bar-read_aloud")
        expect(first in screen.page.evaluate("window.spoken.filter(one => one.length > 1).at(-1)[0] + window.spoken.map(one => one[0]).join()"), "the detail is not read")
        screen.done()
    return "no voice, two voices"


if __name__ == "__main__":
    run(test)
