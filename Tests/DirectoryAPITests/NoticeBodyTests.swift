import DirectoryModel
import Testing

@testable import DirectoryAPI

/// Notices as clients send them, and as answers have them.
@Suite struct NoticeBodyTests {
    private static func body(_ json: String) throws(DirectoryError) -> NoticeBody {
        try NoticeBody(JSONValue(json: Array(json.utf8)))
    }

    private static func json(
        title: String = "停水通知", text: String = "8点起停水。", _ more: String = #","until":"2026-11-28""#
    ) -> String {
        #"{"title":"\#(title)","text":"\#(text)","to":{"id":"c"},"from":"2026-11-27"\#(more)}"#
    }

    @Test func aNoticeIsRead() throws {
        let body = try Self.body(
            #"{"title":" 停水通知 🚰 ","title_en":"Water off","text":"\n 27日 8 点起停水。\r\n\t请储水。\u2028谢谢！\n\n","#
                + #""to":{"kind":"grid","id":"g-1"},"from":"2026-11-26","until":"2026-11-27T18:00:00+08:00","#
                + #""urgent":true,"organisation":"org-1","place":"p","text_en":null}"#)
        #expect(body.title == "停水通知 🚰" && body.titleEnglish == "Water off")
        #expect(body.text == "27日 8 点起停水。\n请储水。\n谢谢！" && body.textEnglish == nil)
        #expect(body.to.addressee == .grid(GridID(unchecked: "g-1")))
        #expect(body.from == LocalDay("2026-11-26").map { .day($0) })
        #expect(body.until == .moment(Timestamp(secondsSince1970: 1_795_773_600)))
        #expect(body.isUrgent && body.organisation?.rawValue == "org-1" && body.place?.rawValue == "p")
        #expect(try Self.body(Self.json(#","until":null"#)).until == nil, "until further notice was said")
        #expect(try !Self.body(Self.json()).isUrgent)
    }

    @Test(arguments: [
        (json(title: ""), "title"), (json(title: " "), "title"), (json(text: #"\n \n"#), "text"),
        (json(""), "until"), (json(#","until":"soon""#), "until"), (json(#","until":"2026-02-30""#), "until"),
        (json(#","until":5"#), "until"), (json(#","until":{"day":"2026-11-28"}"#), "until"),
        (json(text: #"a\u0007b"#), "text"), (json(title: #"a\nb"#), "title"),
        (json(#","until":null,"urgent":"yes""#), "urgent"), (json(#","until":null,"colour":1"#), "colour"),
        (#"{"title":"a","text":"b","from":"2026-11-27","until":null}"#, "to"),
        (#"{"title":"a","text":"b","to":{"id":"c"},"until":null}"#, "from"),
        (#"{"title":"a","to":{"id":"c"},"from":"2026-11-27","until":null}"#, "text"),
        (#"{"title":"a","text":["b"],"to":{"id":"c"},"from":"2026-11-27","until":null}"#, "text"),
        ("[]", nil), (#""x""#, nil), ("{}", "title"),
    ])
    func aWrongFieldIsNamed(_ json: String, _ field: String?) {
        let error = #expect(throws: DirectoryError.self) { try Self.body(json) }
        #expect(error?.code == .invalidRecord || error?.code == .invalidRequest)
        if let field { #expect(error?.location == field, "\(String(describing: error))") }
    }

    /// Characters are counted as a reader counts them, whatever they are made of.
    @Test func lengthsHaveLimits() throws {
        let family = "👨‍👩‍👧‍👦"
        #expect(try Self.body(Self.json(title: String(repeating: family, count: 60))).title.count == 60)
        #expect(throws: DirectoryError.self) {
            try Self.body(Self.json(title: String(repeating: "水", count: 61)))
        }
        let lines = Array(repeating: "通知", count: 667).joined(separator: #"\n"#)
        #expect(try Self.body(Self.json(text: lines)).text.count == 2_000)
        #expect(throws: DirectoryError.self) { try Self.body(Self.json(text: lines + "。")) }
        #expect(throws: DirectoryError.self) {
            try Self.body(Self.json(text: String(repeating: "知", count: 2_001)))
        }
        #expect(throws: DirectoryError.self) {
            try Self.body(Self.json(text: String(repeating: #"\n"#, count: 1_000_000) + "a" + lines + lines))
        }
    }

    @Test(arguments: [
        "联系张三 13812345678", "１３８１２３４５６７８", "138 1234 5678", "+86 138-1234-5678", "身份证 32010419500101123X",
    ])
    func personalNumbersAreRefused(_ number: String) throws {
        for (json, field) in [
            (Self.json(text: "请注意。\(number)。"), "text"), (Self.json(title: number), "title"),
            (Self.json(#","until":null,"text_en":"call \#(number)""#), "text_en"),
        ] {
            let error = try #require(throws: DirectoryError.self) { try Self.body(json) }
            #expect(error.code == .invalidRecord && error.location == field)
            #expect(error.message.contains("***") && !error.description.contains("12345678"), "\(error)")
        }
        // Those of services are what a notice is for.
        for service in ["12345", "025-84412345", "400-123-4567", "96889"] {
            _ = try Self.body(Self.json(text: "详询 \(service)"))
        }
    }

    /// The answer, letter by letter.
    @Test func theAnswerIsAsDocumented() throws {
        let body = try Self.body(Self.json(#","until":"2026-11-28","title_en":"Water <off>","urgent":true"#))
        let notice = body.notice(
            NoticeID(unchecked: "water-1"), to: .origin(OriginID(unchecked: "b3")),
            community: CommunityID(unchecked: "c"))
        let reply = NoticeReply(
            notice: notice, addressee: LocalizedText(zh: "翠竹园3幢", en: "Building 3"),
            offsets: (8 * 3600, -12_600),
            organisation: nil, state: .current,
            rank: NoticeRank(
                isUrgent: true, width: 1, begin: Timestamp(secondsSince1970: 1_795_708_800), id: notice.id),
            tag: "t")
        let page = NoticePage(
            revision: Revision(7), notices: [reply], next: NoticeCursor(reply.rank), language: .en)
        var json = JSONWriter()
        page.write(to: &json)
        #expect(
            String(decoding: json.bytes(), as: UTF8.self) == #"""
                {"revision":7,"notices":[{"id":"water-1","title":"Water <off>","titles":{"zh":"停水通知",\#
                "en":"Water <off>"},"text":"8点起停水。","texts":{"zh":"8点起停水。","en":null},"from":"2026-11-27",\#
                "until":"2026-11-28","to":{"kind":"origin","id":"b3","name":"Building 3"},"community":"c",\#
                "organisation":null,"urgent":true,"place":null,"status":"active","by":null,"state":"current"}],\#
                "next":"1.1.1795708800.water-1"}
                """#)
        // Moments are told by the clock there, which may be behind Greenwich, and by half an hour.
        var moments = reply
        moments.notice.from = .moment(Timestamp(secondsSince1970: 1_795_708_800))
        moments.notice.until = .moment(Timestamp(secondsSince1970: 1_795_719_600))
        json = JSONWriter()
        moments.write(to: &json, revision: Revision(7), in: .zh)
        let text = String(decoding: json.bytes(), as: UTF8.self)
        #expect(
            text.contains(#""from":"2026-11-27T00:00:00+08:00","until":"2026-11-26T15:30:00-03:30""#),
            "\(text)")
        #expect(try NoticeCursor(text: "1.1.1795708800.water-1").rank == reply.rank)
        #expect(try NoticeCursor(text: "0.4.-5.a.b").rank.id.rawValue == "a.b", "an id may have points")
    }
}
