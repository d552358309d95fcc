import DirectoryModel
import ServiceTypeKit

/// The lines of a kiosk, most important first; texts that can be are made once.
enum TutoringLines {
    static func all(of place: Place, in context: HighlightContext) -> [Highlight] {
        var lines: [Highlight] = []
        lines.reserveCapacity(Highlight.maximumCount)
        if let session = SessionLine.highlight(place, context) ?? days(place, on: context.weekday) {
            lines.append(session)
        }
        if let line = subjects.highlight(for: place) { lines.append(line) }
        if place.flag("guardian_consent_required") == true { lines.append(consent) }
        if let price = place.money("price") {
            lines.append(price.fen == 0 ? free : costs(price))
        }
        if lines.count < Highlight.maximumCount, place.text("format") == "one_to_one" {
            lines.append(oneToOne)
        }
        if lines.count < Highlight.maximumCount, let line = grades.highlight(for: place) {
            lines.append(line)
        }
        return lines
    }

    /// Today's day of the week where it is one of the days, else the days.
    ///
    /// It says nothing of holidays: the opening state does.
    private static func days(_ place: Place, on weekday: Int) -> Highlight? {
        let days = place.options("weekdays")
        guard !days.isEmpty, todays.indices.contains(weekday - 1) else { return nil }
        let today = todays[weekday - 1]
        return days.contains(today.key) ? today.highlight : weekdays.highlight(for: place)
    }

    private static func costs(_ price: Money) -> Highlight {
        Highlight(
            fitting: LocalizedText(zh: "每场\(price.text(in: .zh))", en: "\(price.text(in: .en)) a session"))
    }

    private static let todays: [(key: String, highlight: Highlight)] = {
        guard case .manyOf(let days) = TutoringSchema.weekdays.kind else { return [] }
        return days.map { day in
            let text = LocalizedText(zh: "\(day.name.zh)有课", en: "Sessions on \(day.name.en)s")
            return (day.key, Highlight(fitting: text, tone: .good))
        }
    }()
    private static let consent = Highlight(
        LocalizedText(zh: "需监护人同意", en: "Guardian's consent required"), tone: .caution)
    private static let free = Highlight(LocalizedText(zh: "免费", en: "Free of charge"), tone: .good)
    private static let oneToOne = Highlight(LocalizedText(zh: "一对一", en: "One to one"), tone: .good)
    private static let subjects = OptionHighlight(TutoringSchema.subjects)
    private static let grades = OptionHighlight(TutoringSchema.grades)
    private static let weekdays = OptionHighlight(TutoringSchema.weekdays, zh: "上课日：", en: "Sessions: ")
}
