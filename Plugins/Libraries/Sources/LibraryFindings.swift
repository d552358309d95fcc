import DirectoryModel
import ServiceTypeKit

/// What cannot be right between the attributes of a library.
enum LibraryFindings {
    static func all(of place: Place) -> [Finding] {
        var findings: [Finding] = []
        if place.text("kind") == "school", place.flag("public_entry") == nil {
            findings.append(
                Finding(
                    .note, code: "library_of_a_school", field: "public_entry",
                    value: place.name.isEmpty ? nil : place.name,
                    message: LocalizedText(
                        zh: "看名称是学校的图书馆；请填写居民能否进入",
                        en:
                            "By its name this is a school's library; state public_entry, whether residents may enter"
                    )))
        }
        if let finding = selfService(place) { findings.append(finding) }
        if let finding = card(place) { findings.append(finding) }
        if let finding = lending(place) { findings.append(finding) }
        return findings + events(place.rows("events"))
    }

    /// Self-service around the clock, and times that do not say so, or the other way round.
    ///
    /// By the words for it alone: times such as 周一至周日 0:00-12:00,12:00-24:00 pass for times with a break.
    private static func selfService(_ place: Place) -> Finding? {
        guard let times = place.text("self_service_hours"), let claimed = place.flag("self_service_24h"),
            claimed != LibraryTimes.saysAllDay(times)
        else { return nil }
        return Finding(
            .warning, code: "hours_contradict", field: "self_service_hours",
            value: Finding.excerpt(of: times),
            message: claimed
                ? LocalizedText(
                    zh: "填了24小时自助，自助借还时间却不是全天；请核对",
                    en:
                        "Self-service is said to be open for 24 hours, but its times do not say so; check both"
                )
                : LocalizedText(
                    zh: "填了没有24小时自助，自助借还时间却是全天；请核对",
                    en: "Self-service is said not to be open for 24 hours, but its times say so; check both"))
    }

    private static func card(_ place: Place) -> Finding? {
        guard let card = place.text("card"), let isNeeded = place.flag("card_needed"),
            isNeeded != (card == "library")
        else { return nil }
        let names = LibrarySchema.card.optionNames(of: place, in: .zh)
        return Finding(
            .warning, code: "card_contradicts", field: "card_needed", value: names.first,
            message: LocalizedText(
                zh: "借书凭证与是否需办证不一致；请核对",
                en: "The card and whether one is needed contradict each other; check both"))
    }

    private static func lending(_ place: Place) -> Finding? {
        guard place.flag("lends") == false,
            let field = ["loans", "lending_hours"].first(where: { key in
                place.text(key) != nil || place.whole(key) ?? 0 > 0
            })
        else { return nil }
        return Finding(
            .warning, code: "lending_contradicts", field: field, value: nil,
            message: LocalizedText(
                zh: "填了不可外借，却有可借册数或借还时间；请核对",
                en: "Books are said not to be lent, but loans or lending times are given; check both"))
    }

    private static func events(_ events: [AttributeRow]) -> [Finding] {
        var findings: [Finding] = []
        for (number, event) in events.enumerated() {
            guard let first = event.text("first_day"), let last = event.text("last_day"), last < first,
                findings.count < RowSchema.maximumFindings
            else { continue }
            findings.append(
                Finding(
                    .warning, code: "dates_reversed", field: "events[\(number + 1)].last_day", value: last,
                    message: LocalizedText(
                        zh: "活动的结束日期\(last)早于开始日期\(first)，不会显示；请核对",
                        en:
                            "An event ends on \(last), before it begins on \(first), and never shows; check both"
                    )))
        }
        return findings
    }
}
