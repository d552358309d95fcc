"""A register is dropped, tried, looked at, taken in, mended, brought again, and taken back."""

import urllib.parse

from staff import Page, expect, run, shop, table

HOSTILE = "<img src=x onerror=alert(1)>\u202e店"


def test(context, desk, daemon):
    page = Page(context, desk)
    before = daemon.get("/v1/health")["counts"]["places"]
    faulty = table([
        shop("a1", "好再来便利店"), shop("a2", ""), shop("a3", "飞船专卖店", type="飞船店", lon=118.6961),
        shop("a4", HOSTILE, hours="乱七八糟", lon=118.6971), shop("a5", "城东杂货", lon=118.6981, lat=32.0041),
    ])
    page.drop("网点台账.csv", faulty)
    expect(page.page.input_value('[data-key="format"]') == "table", "a .csv is not told to be a table")
    page.page.fill('[data-key="source"]', "clerk")
    page.press("try")
    page.wait('[data-key="take-in"]')
    expect(daemon.get("/v1/health")["counts"]["places"] == before, "a trial wrote something")
    # The mapping with its samples.
    mapping = page.page.inner_text(".report details")
    for words in ("名称", "name", "好再来便利店", "经度（WGS84）", "lon"):
        expect(words in mapping, f"the mapping does not say {words}: {mapping[:400]}")
    # Findings by row: sheet, row, column, value, and what to do.
    found = page.page.evaluate("[...document.querySelectorAll('.findings tbody tr')].map(row => [...row.cells].map(cell => cell.innerText))")
    by_row = {row[2]: row for row in found}
    expect({"3", "4", "5"} <= set(by_row), f"findings: {found}")
    expect("B 名称" in by_row["3"][3] and "请填写" in by_row["3"][6] and "name_missing" in by_row["3"][6], f"{by_row['3']}")
    expect("飞船店" in by_row["4"][5] and "错误" in by_row["4"][0], f"{by_row['4']}")
    expect("提醒" in by_row["5"][0] and "乱七八糟" in by_row["5"][5] and "<img" in by_row["5"][4], f"{by_row['5']}")
    sums = page.page.evaluate("[...document.querySelectorAll('.sum')].map(one => [one.innerText, one.dataset.holds])")
    expect(sums == [["3 + 0 + 0 + 2 + 0 = 5", "true"]], f"the figures: {sums}")

    page.press("take-in")
    page.wait('[data-key="undo"]')
    expect(daemon.get("/v1/health")["counts"]["places"] == before + 3, "the import did not take its three rows")
    # The answer file, in pieces.
    with page.page.expect_download() as wait:
        page.press("answer")
    with open(wait.value.path(), encoding="utf-8-sig") as file:
        answer = file.read()
    expect("一刻圈结果" in answer and "未导入" in answer and "城东杂货" in answer, f"the answer file: {answer[:400]}")
    expect(wait.value.suggested_filename.endswith(".csv"), wait.value.suggested_filename)

    # Mended and brought again: the source is remembered by the file's name.
    mended = table([
        shop("a1", "好再来便利店"), shop("a2", "有名便利店", lat=32.0051), shop("a3", "飞船专卖店", lon=118.6961),
        shop("a4", HOSTILE, hours="9:00-17:00", lon=118.6971), shop("a5", "城东杂货", lon=118.6981, lat=32.0041),
    ])
    page.drop("网点台账.csv", mended)
    expect(page.page.input_value('[data-key="source"]') == "clerk", "the source is not remembered")
    page.press("try")
    page.wait('[data-key="take-in"]')
    page.press("take-in")
    page.wait('[data-key="undo"]')
    sums = page.page.evaluate("[...document.querySelectorAll('.sum')].map(one => one.innerText)")
    expect(sums == ["2 + 1 + 2 + 0 + 0 = 5"], f"mended: {sums}")
    expect(daemon.get("/v1/health")["counts"]["places"] == before + 5, "the mended rows are not there")

    # Taken back, after asking; by the list as well.
    page.press("undo")
    page.wait("dialog[open]")
    page.page.click("dialog button.grave")
    page.until("document.querySelector('.remark.good')?.innerText.includes('已撤回')")
    expect(daemon.get("/v1/health")["counts"]["places"] == before + 3, "nothing was taken back")
    page.show("imports")
    expect("已撤回" in page.page.inner_text("tbody tr >> nth=0"), "the list does not tell what was taken back")
    # By the list: another source's import; Escape is no yes.
    page.show("import")
    page.take_in("另一份.csv", table([shop("o1", "另一份便利店", lon=118.6911)]), "other-clerk")
    page.show("imports")
    page.page.click("[data-undo] >> nth=0")
    page.wait("dialog[open]")
    page.page.keyboard.press("Escape")
    page.until("!document.querySelector('dialog')")
    expect(daemon.get("/v1/health")["counts"]["places"] == before + 4, "Escape is no yes")
    page.page.click("[data-undo] >> nth=0")
    page.page.click("dialog button.grave")
    page.until("document.querySelector('tbody tr')?.innerText.includes('已撤回') ?? false")
    expect(daemon.get("/v1/health")["counts"]["places"] == before + 3, "the list took nothing back")

    # A file that is none changes nothing, and says why.
    page.show("import")
    page.may_miss = True
    page.drop("坏.geojson", "{\"type\":\"FeatureCollection\",")
    page.page.fill('[data-key="source"]', "clerk")
    page.press("try")
    page.wait(".remark.bad")
    expect("invalid_file" in page.text() or "unreadable" in page.text(), page.text()[-500:])
    page.may_miss = False
    expect("onerror" not in urllib.parse.unquote(page.page.url), "a name came into the address")
    page.done()
    return "five rows, twice, and back"


if __name__ == "__main__":
    run(test)
