"""Map, coverage and notices show what the daemon has; the door opens once; a daemon that is away is said to be."""

from playwright.sync_api import Error

from staff import Page, everything, expect, run


# The middles of what is drawn: points of the canvas with nothing but dots around them, one for each some pixels.
DOTS = """() => {
  const canvas = [...document.querySelectorAll('.leaflet-overlay-pane canvas')].at(-1);
  const box = canvas.getBoundingClientRect();
  const scale = canvas.width / box.width;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const isDrawn = (x, y) => data[(y * canvas.width + x) * 4 + 3] > 200;
  const found = [];
  for (let y = 4; y < canvas.height - 4; y += 2) {
    for (let x = 4; x < canvas.width - 4; x += 2) {
      if (![[0, 0], [3, 0], [-3, 0], [0, 3], [0, -3]].every(([right, below]) => isDrawn(x + right, y + below))) continue;
      const point = [box.left + x / scale, box.top + y / scale];
      const isNear = found.some((other) => Math.hypot(other[0] - point[0], other[1] - point[1]) < 10);
      if (!isNear && document.elementFromPoint(...point) === canvas) found.push(point);
    }
  }
  return found;
}"""


def test(context, desk, daemon):
    page = Page(context, desk)
    places = everything(daemon)

    # The address is used up; the session is not, in another tab.
    stranger = context.browser.new_context().new_page()
    stranger.goto(desk.address)
    expect("每个地址只能用一次" in stranger.inner_text("body"), stranger.inner_text("body"))
    expect(stranger.goto(desk.base + "/v1/places").status == 403, "a stranger may read")
    stranger.context.close()
    Page(context, desk, opens=False).done()
    # The page's scripts cannot read the session.
    expect(page.page.evaluate("document.cookie") == "", "a script can read the session's cookie")

    page.show("map")
    lacking = [place for place in places if not place["location"]]
    page.until("count => Number(document.querySelector('.map-canvas')?.dataset.dots) === count", len(places) - len(lacking))
    expect(page.page.locator("#unplaced li").count() == len(lacking) > 0, "the unplaced are not listed")
    page.page.click("#unplaced button >> nth=0")
    page.until("name => document.querySelector('.picked').innerText.includes(name)", lacking[0]["name"])
    # Dots are picked with the mouse.
    page.page.select_option('[data-key="type"]', "wet_market")
    markets = {place["name"] for place in places if place["type"] == "wet_market"}
    page.until("count => Number(document.querySelector('.map-canvas').dataset.dots) === count", len(markets))
    page.page.wait_for_timeout(600)
    picked = set()
    for across, down in page.page.evaluate(DOTS):
        page.page.mouse.click(across, down)
        page.page.wait_for_timeout(60)
        picked |= {name for name in markets if name in page.page.inner_text(".picked")}
    expect(picked == markets, f"of {markets} only {picked} are picked on the map")

    page.show("coverage")
    types = {one["id"]: one for one in daemon.get("/v1/types")["types"]}
    for community in daemon.get("/v1/communities")["communities"]:
        own = [place for place in places if place["community"] == community["id"]]
        there = {place["type"] for place in own}
        row = page.page.locator("tbody tr", has_text=community["name"]).all_inner_texts()[0].split("\t")
        basic = [id for id, one in types.items() if one["class"] == "basic"]
        expect(row[1].strip() == str(len(own)), f"{community['id']}: {row}, {len(own)} places")
        expect(row[3].strip() == f"{len(there & set(basic))} / {len(basic)}", f"{community['id']}: {row}")
        page.page.click(f"[data-community='{community['id']}'] summary")
        words = page.page.inner_text(f"[data-community='{community['id']}']")
        for id in basic:
            if id not in there:
                expect(types[id]["name"] in words.split("缺")[1], f"{community['id']} lacks {id}: {words}")

    page.show("notices")
    before = page.page.locator("[data-notice]").count()
    page.page.click("summary")
    page.page.fill('[data-key="title"]', "停水 <b>通知</b>")
    page.page.fill('[data-key="text"]', "明天上午停水。")
    page.press("post")
    page.until("count => document.querySelectorAll('[data-notice]').length === count", before + 1)
    posted = [one for one in daemon.get("/v1/notices?all=yes")["notices"] if one["title"] == "停水 <b>通知</b>"]
    expect(len(posted) == 1, f"{posted}")
    page.page.click(f"[data-withdraw='{posted[0]['id']}']")
    page.page.click("dialog button.grave")
    page.until("count => document.querySelectorAll('[data-notice]').length === count", before)

    # The daemon goes away and comes again: no white page, no empty list.
    page.may_miss = True
    daemon.kill()
    page.page.click("[data-view=duplicates]")
    page.wait(".lost")
    expect("没有看起来相同" not in page.text() and "没有待确认" not in page.text(), "an error is shown as an empty list")
    daemon.start()
    page.wait("[data-pair]", timeout=30000)
    page.until("!document.querySelector('.lost')")
    # The command ends, and with it the session; the page says what may be the matter.
    desk.end()
    page.page.click("[data-view=imports]")
    page.wait(".lost.ended", timeout=30000)
    try:
        page.page.goto(desk.base + "/staff/")
        expect(False, "the desk still answers")
    except Error:
        pass
    page.page.close()
    return f"{len(places)} places"


if __name__ == "__main__":
    run(test)
