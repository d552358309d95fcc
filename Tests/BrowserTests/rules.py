"""Sizes, targets, contrast, line height, on every view, in three sizes, normal, large and in high contrast.

Screenshots of every view are left in .build/screenshots.
"""

import os

from kiosk import SCREENSHOTS, SIZES, VIEWS, Screen, expect, run

# Every text that is seen, with its size, line height and contrast; every target with its size.
MEASURE = r"""
() => {
  const seen = (element) => {
    const style = getComputedStyle(element);
    if (style.visibility === 'hidden' || style.display === 'none' || Number(style.opacity) === 0) return false;
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) return false;
    return !element.closest('.unseen, [hidden]');
  };
  const dialog = document.querySelector('dialog[open]');
  const root = dialog ?? document.body;
  const parse = (text) => {
    const parts = text.match(/[\d.]+/g).map(Number);
    return { r: parts[0], g: parts[1], b: parts[2], a: parts[3] ?? 1 };
  };
  const over = (top, under) => ({
    r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1,
  });
  const ground = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      layers.push(colour);
      if (colour.a === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), { r: 255, g: 255, b: 255, a: 1 });
  };
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const texts = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !seen(element) || element.closest('svg, noscript')) continue;
    const style = getComputedStyle(element);
    const under = ground(element);
    texts.push({
      text: text.slice(0, 20), size: parseFloat(style.fontSize),
      line: style.lineHeight === 'normal' ? 0 : parseFloat(style.lineHeight) / parseFloat(style.fontSize),
      contrast: ratio(over(parse(style.color), under), under), of: `${element.tagName}.${element.className}`,
    });
  }
  for (const input of root.querySelectorAll('input')) {
    const style = getComputedStyle(input, '::placeholder');
    texts.push({ text: 'placeholder', size: parseFloat(style.fontSize), line: 1.4, contrast: ratio(parse(style.color), ground(input)), of: 'INPUT::placeholder' });
  }
  const targets = [...root.querySelectorAll('button, input, a[href], select, [role=button]')].filter(seen).map((element) => {
    const box = element.getBoundingClientRect();
    return { name: (element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 20), width: box.width, height: box.height };
  });
  // Icons mean something where no text stands beside them: non-text contrast.
  const icons = [...root.querySelectorAll('svg.icon')].filter(seen).map((svg) => {
    const under = ground(svg.parentElement);
    return { icon: svg.firstChild.getAttribute('href').split('#')[1], contrast: ratio(parse(getComputedStyle(svg).color), under) };
  });
  const states = [...root.querySelectorAll('.state')].filter(seen).map((badge) => ({
    kind: badge.className, shape: badge.querySelector('use')?.getAttribute('href').split('#')[1] ?? '', word: badge.textContent.trim(),
  }));
  const pressed = [...root.querySelectorAll('[aria-pressed]')].filter(seen).map((one) => ({
    name: one.textContent.trim(), on: one.getAttribute('aria-pressed') === 'true',
    tick: [...one.querySelectorAll('use')].some((use) => use.getAttribute('href').endsWith('#tick')),
    border: getComputedStyle(one).borderTopWidth,
  }));
  const view = document.querySelector('#view');
  const wide = document.documentElement.scrollWidth > innerWidth || view.scrollWidth > view.clientWidth;
  const out = [...root.querySelectorAll('button, h1, h2, p, li')].filter(seen).filter((element) => {
    if (element.closest('.choice, .toggles, .leaflet-container')) return false;
    const box = element.getBoundingClientRect();
    return box.left < -1 || box.right > innerWidth + 1;
  }).map((element) => element.textContent.trim().slice(0, 20));
  return { texts, targets, icons, states, pressed, wide, out };
}
"""


def judge(where, found, is_large):
    wrong = []
    least = 30 if is_large else 18
    for one in found["texts"]:
        if one["size"] < least - 0.01:
            wrong.append(f"text under {least}px: {one}")
        if one["line"] < 1.3 - 0.001:
            wrong.append(f"line height under 1.3: {one}")
        if one["contrast"] < 4.5:
            wrong.append(f"contrast under 4.5: {one}")
    for one in found["targets"]:
        # Half a pixel is what a fractional layout takes away.
        if one["width"] < 59.5 or one["height"] < 59.5:
            wrong.append(f"target under 60x60: {one}")
    for one in found["icons"]:
        if one["contrast"] < 3:
            wrong.append(f"icon under 3:1 (WCAG 1.4.11): {one}")
    # A state has a word and a shape of its own, and no two states share either.
    shapes, words = {}, {}
    for one in found["states"]:
        if not one["shape"] or not one["word"]:
            wrong.append(f"a state by colour alone (WCAG 1.4.1): {one}")
        if shapes.setdefault(one["shape"], one["kind"]) != one["kind"]:
            wrong.append(f"two states with one shape: {one}")
        if words.setdefault(one["word"], one["kind"]) != one["kind"]:
            wrong.append(f"two states with one word: {one}")
    for one in found["pressed"]:
        if one["on"] != one["tick"]:
            wrong.append(f"a switch whose state is colour alone (WCAG 1.4.1): {one}")
    if found["wide"]:
        wrong.append("the page is wider than its screen (WCAG 1.4.10)")
    if found["out"]:
        wrong.append(f"beyond the edge: {found['out']}")
    expect(found["texts"] and found["targets"], f"{where}: nothing was measured")
    expect(not wrong, f"{where}: {len(wrong)} faults, such as " + "; ".join(wrong[:4]))
    return len(found["texts"]) + len(found["targets"]) + len(found["icons"])


def test(browser, daemon):
    os.makedirs(SCREENSHOTS, exist_ok=True)
    count = 0
    for size in SIZES:
        for dress in ("normal", "large", "contrast", "english"):
            screen = Screen(browser, daemon, size, "en" if dress == "english" else "zh")
            if dress in ("large", "contrast"):
                screen.press(f"bar-{dress}")
            for view in VIEWS:
                screen.show(view)
                screen.page.screenshot(path=f"{SCREENSHOTS}/{view}-{size}-{dress}.png")
                count += judge(f"{view}, {size}, {dress}", screen.page.evaluate(MEASURE), dress == "large")
            screen.done()
    return f"{count} texts, targets and icons measured"


if __name__ == "__main__":
    run(test)
