import DirectoryModel
import ServiceTypeKit

/// The kiosk's lines of a library, most important first.
enum LibraryHighlights {
    static func all(of place: Place, in context: HighlightContext) -> [Highlight] {
        var lines: [Highlight] = []
        lines.reserveCapacity(8)
        if place.flag("public_entry") == false { lines.append(closedToResidents) }
        if let rooms = rooms(of: place, in: context) { lines.append(rooms) }
        let selfService = selfService(of: place, in: context)
        let minute = context.minuteOfDay
        let isNight = minute < dayBegins || minute >= dayEnds
        // By night it is what one can use, by day a remark among others.
        if let selfService, isNight || selfService.isJudged { lines.append(selfService.line) }
        if let event = LibraryEvents.highlight(of: place, in: context) { lines.append(event) }
        if let seats = place.whole("seats"), seats > 0 {
            lines.append(
                Highlight(LocalizedText(zh: "\(seats)个座位", en: seats == 1 ? "1 seat" : "\(seats) seats")))
        }
        if lines.count < Highlight.maximumCount, place.flag("lends") == true { lines.append(lending(place)) }
        // What follows is asked for only where it still finds room.
        if lines.count < Highlight.maximumCount, place.flag("children_area") == true {
            lines.append(childrenArea)
        }
        if lines.count < Highlight.maximumCount, let selfService, !isNight, !selfService.isJudged {
            lines.append(selfService.line)
        }
        if lines.count < Highlight.maximumCount, let activities = activities.highlight(for: place) {
            lines.append(activities)
        }
        if lines.count < Highlight.maximumCount, place.flag("internet") == true { lines.append(internet) }
        if lines.count > Highlight.maximumCount {
            lines.removeLast(lines.count - Highlight.maximumCount)
        }
        return lines
    }

    /// Whether one can read and borrow on arrival, and until when; where neither is open, when reading begins again.
    private static func rooms(of place: Place, in context: HighlightContext) -> Highlight? {
        let reading = place.text("reading_hours").map { context.opening(of: $0) }
        let lending = place.text("lending_hours").map { context.opening(of: $0) }
        if reading == nil, lending == nil { return nil }
        let reads = reading?.state == .open
        let lends = lending?.state == .open
        if reads || lends {
            var text = LocalizedText(zh: "", en: "")
            if reads { text = said("阅览", "Reading", until: reading?.until, in: context) }
            if lends {
                let more = said("借还", reads ? "lending" : "Lending", until: lending?.until, in: context)
                text.zh += (reads ? "，" : "") + more.zh
                text.en += (reads ? ", " : "") + more.en
            }
            return Highlight(text, tone: .good)
        }
        guard let reading, reading.state == .closed, let begins = reading.until,
            LibraryTimes.isToday(begins, in: context), let clock = LibraryTimes.clock(begins, in: context)
        else { return nil }
        return Highlight(LocalizedText(zh: "阅览\(clock)开始", en: "Reading from \(clock)"), tone: .caution)
    }

    private static func said(_ zh: String, _ en: String, until: Timestamp?, in context: HighlightContext)
        -> LocalizedText
    {
        guard let until, let clock = LibraryTimes.clock(until, in: context) else {
            return LocalizedText(zh: zh + "开放中", en: en + " open")
        }
        return LocalizedText(zh: zh + "到" + clock, en: en + " until " + clock)
    }

    /// The self-service: by its times where they are stated and can be read, else as the record says.
    ///
    /// - Returns: nil where there is none, or where it is closed; whether it was judged by its times.
    private static func selfService(of place: Place, in context: HighlightContext)
        -> (line: Highlight, isJudged: Bool)?
    {
        if let times = place.text("self_service_hours") {
            let opening = context.opening(of: times)
            switch opening.state {
            case .open:
                // What does not change within a day is said to be open around the clock.
                guard let until = opening.until, let clock = LibraryTimes.clock(until, in: context) else {
                    return (aroundTheClock, true)
                }
                return (
                    Highlight(
                        LocalizedText(zh: "自助借还到\(clock)", en: "Self-service until \(clock)"), tone: .good),
                    true
                )
            case .closed, .suspended: return nil
            case .unknown: break
            }
        }
        return place.flag("self_service_24h") == true ? (aroundTheClock, false) : nil
    }

    private static func lending(_ place: Place) -> Highlight {
        var text = LocalizedText(zh: "可借书", en: "Lends books")
        if let loans = place.whole("loans"), loans > 0 {
            text = LocalizedText(zh: "可借\(loans)册", en: "Lends \(loans)")
            if let days = place.whole("loan_days"), days > 0 {
                text.zh += "\(days)天"
                text.en += " for \(days) days"
            }
        }
        let card = card(place)
        text.zh += card.words.zh
        text.en += card.words.en
        return Highlight(text, tone: card.tone)
    }

    /// What one has to bring, to be put behind what is lent.
    private static func card(_ place: Place) -> (words: LocalizedText, tone: Highlight.Tone) {
        switch place.text("card") {
        case "none": (LocalizedText(zh: "，免办证", en: ", no card needed"), .good)
        case "id": (LocalizedText(zh: "，凭身份证", en: ", ID card"), .good)
        case "credit": (LocalizedText(zh: "，信用免押", en: ", no deposit"), .good)
        case "library": (LocalizedText(zh: "，需借书证", en: ", library card"), .neutral)
        default:
            switch place.flag("card_needed") {
            case true?: (LocalizedText(zh: "，需办证", en: ", card needed"), .neutral)
            case false?: (LocalizedText(zh: "，免办证", en: ", no card needed"), .good)
            case nil: (LocalizedText(zh: "", en: ""), .good)
            }
        }
    }

    private static let activities = OptionHighlight(LibrarySchema.activities)
    private static let aroundTheClock = Highlight(
        LocalizedText(zh: "24小时自助借还", en: "24-hour self-service"), tone: .good)
    private static let closedToResidents = Highlight(
        LocalizedText(zh: "不对居民开放", en: "Not open to residents"), tone: .caution)
    private static let childrenArea = Highlight(
        LocalizedText(zh: "有少儿阅览区", en: "Children's area"), tone: .good)
    private static let internet = Highlight(LocalizedText(zh: "可上网", en: "Internet access"))

    /// When reading rooms are usually staffed, in minutes of the day.
    ///
    /// Chosen, not measured: it only orders the lines.
    private static let dayBegins = 8 * 60
    private static let dayEnds = 20 * 60
}
