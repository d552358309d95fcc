"""Duplicates are decided, what was joined is parted, facts are confirmed; and the page hears what others change."""

from staff import CAPTAIN, Page, expect, run, shop, table


def test(context, desk, daemon):
    page = Page(context, desk)
    known = daemon.get("/v1/places/demo-hall-canteen")
    point = known["location"]
    twin = lambda key: shop(key, known["name"], type="社区食堂", lon=point["lon"], lat=point["lat"], address="")
    page.take_in("食堂.csv", table([twin("k1"), twin("k2"), shop("k3", "别处的便利店", lon=118.6901)]), "canteens")
    expect(page.page.inner_text(".sum") == "1 + 0 + 0 + 0 + 2 = 3", f"the figures: {page.page.inner_text('.report')[:600]}")
    expect("2 行待确认" in page.page.inner_text(".remark.soon"), "nobody is told of rows that wait")
    page.page.click("a[href='#/duplicates'] >> nth=-1")
    page.wait("[data-row]")
    page.settled()
    expect(page.page.locator("[data-row]").count() == 2, f"{page.page.locator('[data-row]').count()} rows wait")
    card = page.page.locator("[data-row] >> nth=0")
    words = card.inner_text()
    expect("可能是同一家" in words and "相距 0 米" in words, words)
    marked = card.locator("tr.differs").all_inner_texts()
    expect(any("营业时间" in one for one in marked), f"what differs is not marked: {marked}")
    expect(not any("名称" in one for one in marked), f"equal names are marked: {marked}")
    card.locator("[data-decide=join]").click()
    page.until("document.querySelectorAll('[data-row]').length === 1")
    sources = [one["source"] for one in daemon.get("/v1/places/demo-hall-canteen")["sources"]]
    expect("canteens" in sources, f"joined: {sources}")
    page.page.locator("[data-row] [data-decide=apart]").click()
    page.until("document.querySelectorAll('[data-row]').length === 0")

    # Parted again.
    page.page.fill('[data-key="part-search"]', known["name"])
    page.page.keyboard.press("Enter")
    page.page.locator("li", has_text="canteens").locator("[data-decide=part] >> nth=0").click()
    page.page.click("dialog button.primary")
    page.until("document.body.innerText.includes('已从“')")
    sources = [one["source"] for one in daemon.get("/v1/places/demo-hall-canteen")["sources"] if one["present"]]
    expect("canteens" not in sources, f"parted: {sources}")

    # Two stored places that look like one: kept apart, and not asked about again.
    page.show("duplicates")
    page.page.wait_for_selector("[data-pair]")
    pair = page.page.locator("[data-pair] >> nth=0").get_attribute("data-pair")
    page.page.locator(f"[data-pair='{pair}'] [data-decide=apart]").click()
    page.until("pair => !document.querySelector(`[data-pair='${pair}']`)", pair)

    # What somebody else changes is told, and drawn again when it is asked for.
    page.show("imports")
    rows = page.page.locator("[data-undo]").count()
    records = daemon.town.folder + "/other.json"
    with open(records, "w", encoding="utf-8") as file:
        file.write('{"places":[{"id":"from-elsewhere","type":"bakery","name":"别人加的","location":{"lat":32.0046,"lon":118.6931}}]}')
    daemon.town.ctl("import", "records", records, "--source", "other", "--json")
    page.wait(".fresh")
    page.page.click(".fresh button")
    page.settled()
    expect(page.page.locator("[data-undo]").count() == rows + 1, "the list is not drawn again")

    # Freshness: the captain's word, and the other one.
    page.show("freshness")
    page.page.select_option('[data-key="months"]', "0")
    page.settled()
    place = "demo-hall-canteen"
    page.page.wait_for_selector("[data-confirm]")
    page.page.evaluate("() => { for (let more; (more = document.querySelector('.more button'));) more.click() }")
    page.page.select_option('[data-key="fact"]', "hours")
    page.page.fill('[data-key="party"]', CAPTAIN)
    page.page.click(f"[data-confirm='{place}']")
    page.until("place => document.querySelector(`[data-place='${place}'] .remark.good`)", place)
    said = daemon.get(f"/v1/places/{place}")["confirmations"]
    expect([(one["party"], one["fact"]) for one in said] == [(CAPTAIN, "hours")], f"{said}")
    # A party that is none is refused, in words.
    page.may_miss = True
    page.page.fill('[data-key="party"]', "nobody")
    page.page.click("[data-contest] >> nth=0")
    page.wait(".remark.bad")
    expect("nobody" in page.page.inner_text(".remark.bad"), page.page.inner_text(".remark.bad"))
    page.may_miss = False
    page.done()
    return "two rows, a pair, a part, two words"


if __name__ == "__main__":
    run(test)
