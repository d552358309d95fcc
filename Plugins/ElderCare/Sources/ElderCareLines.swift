import DirectoryModel
import ServiceTypeKit

/// The lines of a kiosk, most important first; texts that can be are made once.
enum ElderCareLines {
    static func all(of place: Place, in context: HighlightContext) -> [Highlight] {
        var lines: [Highlight] = []
        lines.reserveCapacity(Highlight.maximumCount)
        if place.receivesNobody { lines.append(visitsOnly) }
        if let free = FreePlaces.highlight("beds_free", FreePlaces.beds, place, context) {
            lines.append(free)
        }
        if let free = FreePlaces.highlight("day_places_free", FreePlaces.dayPlaces, place, context) {
            lines.append(free)
        }
        if let now = ServicesNow.highlight(place, context) {
            lines.append(now)
        } else if MealTime.minutes.contains(context.minuteOfDay),
            place.options("services").contains("meals")
        {
            // Around noon the meal is what one walks there for.
            lines.append(meals)
        }
        for line in standing where lines.count < Highlight.maximumCount {
            if let highlight = line(place) { lines.append(highlight) }
        }
        return lines
    }

    /// What holds at any time.
    private static let standing: [@Sendable (Place) -> Highlight?] = [
        { services.highlight(for: $0) },
        { homeServices.highlight(for: $0) },
        { place in
            guard let age = place.whole("minimum_age"), age > 0 else { return nil }
            return ages.indices.contains(age) ? ages[age] : nil
        },
        { place in
            guard let places = place.whole("day_places"), places > 0 else { return nil }
            return Highlight(
                fitting: LocalizedText(
                    zh: "日托\(places)位", en: places == 1 ? "1 day place" : "\(places) day places"))
        },
        { place in
            guard place.whole("beds_free") == nil, let beds = place.whole("beds"), beds > 0 else {
                return nil
            }
            return Highlight(
                fitting: LocalizedText(zh: "床位\(beds)张", en: beds == 1 ? "1 bed" : "\(beds) beds"))
        },
    ]

    private static let visitsOnly = Highlight(
        LocalizedText(zh: "只上门，不接待", en: "Home visits only"), tone: .caution)
    private static let meals = Highlight(LocalizedText(zh: "有助餐", en: "Meals served"), tone: .good)
    private static let ages = (0...120).map { age in
        Highlight(LocalizedText(zh: "\(age)岁以上", en: "From \(age) years of age"), tone: .caution)
    }
    private static let services = OptionHighlight(ElderCareSchema.services)
    private static let homeServices = OptionHighlight(
        ElderCareSchema.homeServices, zh: "上门：", en: "At home: ", tone: .good)
}

/// When elders come for lunch, in minutes of the day.
///
/// Chosen, not measured: it only orders the highlights.
private enum MealTime {
    static let minutes = (10 * 60 + 30)..<(13 * 60)
}

/// How many are free, with the day of the count where that is another one.
private enum FreePlaces {
    typealias Words = (
        none: LocalizedText, some: [LocalizedText], text: @Sendable (Int) -> LocalizedText
    )

    static let beds = words(none: LocalizedText(zh: "无空床", en: "No bed free")) { count in
        LocalizedText(zh: "空床\(count)张", en: count == 1 ? "1 bed free" : "\(count) beds free")
    }
    static let dayPlaces = words(none: LocalizedText(zh: "日托已满", en: "No day place free")) { count in
        LocalizedText(
            zh: "日托空位\(count)个", en: count == 1 ? "1 day place free" : "\(count) day places free")
    }

    static func highlight(
        _ key: String, _ words: Words, _ place: Place, _ context: HighlightContext
    ) -> Highlight? {
        guard let count = place.whole(key), count >= 0 else { return nil }
        let tone: Highlight.Tone = count > 0 ? .good : .caution
        let text = words.some.indices.contains(count) ? words.some[count] : words.text(count)
        guard let day = place.text("free_on") else { return Highlight(fitting: text, tone: tone) }
        let today = context.today
        if day == today { return Highlight(text, tone: tone) }
        return Highlight(
            fitting: dated(text, day, isThisYear: day.utf8.prefix(4).elementsEqual(today.utf8.prefix(4))),
            tone: tone)
    }

    /// The text with the day in brackets, with the year where that is another one.
    private static func dated(_ text: LocalizedText, _ day: String, isThisYear: Bool) -> LocalizedText {
        guard let date = LocalDay(day) else { return text }
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let year = isThisYear ? ("", "") : ("\(date.year)年", " \(date.year)")
        return LocalizedText(
            zh: text.zh + "（" + year.0 + "\(date.month)月\(date.day)日数据）",
            en: text.en + " (as of \(date.day) " + months[date.month - 1] + year.1 + ")")
    }

    private static func words(
        none: LocalizedText, text: @escaping @Sendable (Int) -> LocalizedText
    ) -> Words {
        (none, [none] + (1..<100).map(text), text)
    }
}

/// Which services of the table one finds open, or which is next today.
private enum ServicesNow {
    /// The most rows with hours of their own that are looked at.
    ///
    /// Chosen, not measured: there are twelve services.
    private static let maximumRows = 12

    static func highlight(_ place: Place, _ context: HighlightContext) -> Highlight? {
        guard case .rows(let rows)? = place.attributes["offers"] else { return nil }
        var open: [String] = []
        var next: (service: String, start: Timestamp)?
        var looked = 0
        for row in rows where looked < maximumRows {
            guard let hours = row.text("hours"), let service = row.text("service"),
                row.isAt("station", in: place)
            else { continue }
            looked += 1
            let opening = context.opening(of: hours)
            if opening.state == .open {
                if !open.contains(service) { open.append(service) }
            } else if opening.state == .closed, let start = opening.until,
                next.map({ start < $0.start }) ?? true
            {
                next = (service, start)
            }
        }
        if !open.isEmpty { return names(open) }
        guard let next, let minute = context.minuteLaterToday(next.start) else { return nil }
        guard let name = optionNames[next.service] else { return nil }
        let time = clock[minute]
        return Highlight(
            fitting: LocalizedText(zh: time + "起" + name.zh, en: name.en + " from " + time))
    }

    private static func names(_ services: [String]) -> Highlight {
        // One name of at most four characters each: five fit 20 characters with the words in front.
        let named = services.prefix(4).compactMap { optionNames[$0] }
        return Highlight(
            fitting: LocalizedText(
                zh: "到时开放：" + named.map(\.zh).joined(separator: "、"),
                en: "Open: " + named.map(\.en).joined(separator: ", ")), tone: .good)
    }

    private static let optionNames = Dictionary(
        ElderCareSchema.serviceOptions.map { ($0.key, $0.name) }
    ) { first, _ in first }

    /// Every minute of a day as a clock shows it.
    private static let clock = (0..<1_440).map { minute in
        "\(minute / 60):" + (minute % 60 < 10 ? "0" : "") + "\(minute % 60)"
    }
}

extension HighlightContext {
    /// The local minute of the day of a later moment of the same day; nil where it is of another day.
    fileprivate func minuteLaterToday(_ later: Timestamp) -> Int? {
        let (ahead, overflow) = later.secondsSince1970.subtractingReportingOverflow(
            moment.secondsSince1970)
        // Whole minutes: opening times know none smaller, and the moment's own seconds do not carry.
        guard !overflow, ahead >= 0, ahead < 86_400 else { return nil }
        let (local, tooFar) = later.secondsSince1970.addingReportingOverflow(Int64(utcOffset))
        guard !tooFar, local >= 0 else { return nil }
        let minute = Int(local % 86_400 / 60)
        return minute >= minuteOfDay ? minute : nil
    }
}
