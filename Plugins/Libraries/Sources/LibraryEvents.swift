import DirectoryModel
import ServiceTypeKit

/// The table of a library's activities.
enum LibraryEvents {
    static let table = AttributeDescription(
        key: "events", name: LocalizedText(zh: "活动安排", en: "Events"),
        kind: .rows(
            RowSchema(
                columns: [
                    AttributeDescription(
                        key: "name", name: LocalizedText(zh: "活动名称", en: "Event"), kind: .text,
                        isRequired: true, columnNames: ["活动名称", "名称", "主题"]),
                    AttributeDescription(
                        key: "kind", name: LocalizedText(zh: "活动类型", en: "Kind"), kind: .oneOf(kinds),
                        columnNames: ["活动类型", "类型", "类别"]),
                    AttributeDescription(
                        key: "times", name: LocalizedText(zh: "活动时间", en: "Times"), kind: .schedule,
                        columnNames: ["活动时间", "时间", "时段"]),
                    day("first_day", "开始日期", "First day", ["开始日期", "起始日期", "日期", "开始"]),
                    day("last_day", "结束日期", "Last day", ["结束日期", "截止日期", "结束"]),
                    AttributeDescription(
                        key: "ages", name: LocalizedText(zh: "年龄", en: "Ages"), kind: .text,
                        columnNames: ["年龄", "适合年龄", "对象"]),
                ],
                rowName: LocalizedText(zh: "活动", en: "event"))),
        columnNames: ["活动安排", "活动表", "活动日程"])

    private static let kinds = [
        LibrarySchema.option("reading", "读书会", "Reading club", ["阅读", "共读", "阅读分享"]),
        LibrarySchema.option("story", "绘本故事", "Story time", ["绘本", "故事会", "绘本故事会", "讲故事"]),
        LibrarySchema.option("lecture", "讲座", "Lecture", ["公益讲座", "课堂", "沙龙"]),
        LibrarySchema.option("exhibition", "展览", "Exhibition", ["书画展", "画展", "展出"]),
        LibrarySchema.option("film", "观影", "Film", ["电影", "电影放映"]),
        LibrarySchema.option("craft", "手工", "Crafts", ["手工坊", "手作", "非遗体验"]),
        LibrarySchema.option("other", "其他", "Other", ["其它"]),
    ]

    private static func day(_ key: String, _ zh: String, _ en: String, _ columns: [String])
        -> AttributeDescription
    {
        AttributeDescription(
            key: key, name: LocalizedText(zh: zh, en: en), kind: .date, columnNames: columns)
    }

    /// The names of events and of their kinds, each once, as many as there is room for; a name that is too long for
    /// a word is left out.
    static func words(of events: [AttributeRow], room: Int) -> [String] {
        var seen: Set<String> = []
        var words: [String] = []
        func add(_ word: String) {
            guard words.count < room, word.utf8.count <= longestWord, seen.insert(word).inserted else {
                return
            }
            words.append(word)
        }
        for event in events {
            if let name = event.text("name") { add(name) }
            if let kind = event.text("kind"), let option = kinds.first(where: { $0.key == kind }) {
                add(option.name.zh)
            }
        }
        return words
    }

    /// The event of the day that counts: one that goes on, else one that begins later, else one without times.
    static func highlight(of place: Place, in context: HighlightContext) -> Highlight? {
        guard case .rows(let events)? = place.attributes["events"] else { return nil }
        let today = context.today
        var later: (name: String, begins: Timestamp)?
        var allDay: String?
        for event in events {
            guard let name = event.text("name") else { continue }
            let first = event.text("first_day")
            let last = event.text("last_day")
            if let first, today < first { continue }
            if let last, last < today { continue }
            guard let times = event.text("times") else {
                // One day alone is that day's; no day at all says nothing.
                if last != nil || first == today { allDay = allDay ?? name }
                continue
            }
            let opening = context.opening(of: times)
            switch opening.state {
            case .open: return line(zh: "正在：", en: "Now: ", name)
            case .closed:
                guard let begins = opening.until, LibraryTimes.isToday(begins, in: context),
                    begins < later?.begins ?? Timestamp(secondsSince1970: .max)
                else { continue }
                later = (name, begins)
            case .suspended, .unknown: continue
            }
        }
        if let later, let clock = LibraryTimes.clock(later.begins, in: context) {
            return line(zh: "今天\(clock)：", en: "Today \(clock): ", later.name)
        }
        return allDay.map { line(zh: "今天：", en: "Today: ", $0) }
    }

    private static func line(zh: String, en: String, _ name: String) -> Highlight {
        Highlight(fitting: LocalizedText(zh: zh + name, en: en + name), tone: .good)
    }

    /// The most bytes of a search word: a limit of the conformance suite.
    private static let longestWord = 300
}
