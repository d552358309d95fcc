import DirectoryModel
import Testing

@testable import OpeningTimes

@Suite("What people write")
struct ChineseTests {
    static let readings: [(String, String)] = [
        ("周一至周五 9:00-17:00", "Mo-Fr 09:00-17:00"),
        ("周一到周五上午8:30-12:00，下午2:00-5:30", "Mo-Fr 08:30-12:00,14:00-17:30"),
        ("星期一至星期五上午8：30～12：00 下午13：30～17：00", "Mo-Fr 08:30-12:00,13:30-17:00"),
        ("礼拜一到礼拜六 8:00—18:00", "Mo-Sa 08:00-18:00"),
        ("每天8:00-22:00", "Mo-Su 08:00-22:00"),
        ("每日 07:00–21:00", "Mo-Su 07:00-21:00"),
        ("全天", "24/7"),
        ("24小时营业", "24/7"),
        ("全天24小时开放", "24/7"),
        ("每天24小时", "24/7"),
        ("周一至周日 全天开放", "24/7"),
        ("周六全天", "Sa 00:00-24:00"),
        ("上午8点-下午5点半", "08:00-17:30"),
        ("早上6点到晚上9点", "06:00-21:00"),
        ("早8点-晚8点", "08:00-20:00"),
        ("早八点至晚十点", "08:00-22:00"),
        ("九点到十七点", "09:00-17:00"),
        ("8时30分至17时", "08:30-17:00"),
        ("8点一刻-11点三刻", "08:15-11:45"),
        ("下午2点-5点", "14:00-17:00"),
        ("中午11点半-1点半", "11:30-13:30"),
        ("晚上7点-10点", "19:00-22:00"),
        ("晚上8点到12点", "20:00-24:00"),
        ("晚上8点至凌晨2点", "20:00-02:00"),
        ("18:00-次日2:00", "18:00-02:00"),
        ("22:00至翌日凌晨6:00", "22:00-06:00"),
        ("凌晨4点-上午10点", "04:00-10:00"),
        ("周一至周五 9:00-17:00，周六日休息", "Mo-Fr 09:00-17:00; Sa-Su off"),
        ("周一至周五 9:00-17:00；节假日休息", "Mo-Fr 09:00-17:00; PH off"),
        ("周一至周五 9:00-17:00，双休日及法定节假日休息", "Mo-Fr 09:00-17:00; Sa-Su,PH off"),
        ("工作日 9:00-17:00", "Mo-Fr 09:00-17:00; PH off"),
        ("工作日9:00-17:00，周末10:00-16:00", "Mo-Fr 09:00-17:00; PH off; Sa-Su 10:00-16:00"),
        ("工作日8:30-17:00，节假日10:00-16:00", "Mo-Fr 08:30-17:00; PH 10:00-16:00"),
        ("每日8:00–20:00，法定节假日照常", "Mo-Su,PH 08:00-20:00"),
        ("周一至周五 9:00-17:00，节假日照常营业", "Mo-Fr 09:00-17:00; PH Mo-Fr 09:00-17:00"),
        ("全年无休 9:00-21:00", "Mo-Su,PH 09:00-21:00"),
        ("9:00-21:00，节假日无休", "Mo-Su,PH 09:00-21:00"),
        ("周一至周五9:00-17:00，周末照常", "Mo-Fr,Sa-Su 09:00-17:00"),
        ("周一闭馆，周二至周日9:00-17:00", "Mo off; Tu-Su 09:00-17:00"),
        ("每周二至周日9:00-17:00，逢周一休馆", "Tu-Su 09:00-17:00; Mo off"),
        ("9:00-17:00（周一闭馆）", "09:00-17:00; Mo off"),
        ("每天9:00-17:00（周一除外）", "Mo-Su 09:00-17:00; Mo off"),
        ("除周一外每天9:00-17:00", "Mo-Su 09:00-17:00; Mo off"),
        ("除法定节假日外，每天8:00-18:00", "Mo-Su 08:00-18:00; PH off"),
        ("8:30-17:30（周一至周五）", "Mo-Fr 08:30-17:30"),
        ("周一至周五 8:00-17:00，午休12:00-13:00", "Mo-Fr 08:00-17:00; 12:00-13:00 off"),
        ("周一至周五 8:00-17:00（12:00-14:00午休）", "Mo-Fr 08:00-17:00; 12:00-14:00 off"),
        ("周一至周五 9:00-17:00 中午12:00-13:30休息", "Mo-Fr 09:00-17:00; 12:00-13:30 off"),
        ("周一至周五8:30-17:30，中午不休息", "Mo-Fr 08:30-17:30"),
        (
            "夏季（5月1日-9月30日）8:00-18:00，冬季（10月1日-4月30日）8:30-17:30",
            "May 01-Sep 30 08:00-18:00; Oct 01-Apr 30 08:30-17:30"
        ),
        ("5月至9月 8:00-18:00", "May-Sep 08:00-18:00"),
        ("5-9月8:00-18:00；10月至4月休息", "May-Sep 08:00-18:00; Oct-Apr off"),
        ("7月、8月 每天 9:00-21:00", "Jul,Aug Mo-Su 09:00-21:00"),
        ("2026年10月1日至3日休息", "2026 Oct 01-03 off"),
        ("10月1日-7日 9:00-16:00", "Oct 01-07 09:00-16:00"),
        ("2026年12月30日至2027年1月2日闭馆", "2026 Dec 30-2027 Jan 02 off"),
        ("每月第一个周一 9:00-11:00", "Mo[1] 09:00-11:00"),
        ("每月第一、三个周三14:00-16:00", "We[1,3] 14:00-16:00"),
        ("每月最后一个周五下午2点-4点", "Fr[-1] 14:00-16:00"),
        ("周一、三、五 9:00-11:00", "Mo,We,Fr 09:00-11:00"),
        ("周一三五 9:00-11:00", "Mo,We,Fr 09:00-11:00"),
        ("周六、周日 10:00-16:00", "Sa,Su 10:00-16:00"),
        ("周末及节假日10:00-16:00", "Sa-Su,PH 10:00-16:00"),
        ("营业时间：7:00-22:00", "07:00-22:00"),
        ("周一至周五：9:00-17:00；周六：9:00-12:00", "Mo-Fr 09:00-17:00; Sa 09:00-12:00"),
        ("週一至週五 8時至17時", "Mo-Fr 08:00-17:00"),
        ("18:00起", "18:00+"),
        ("6:00-售完为止", "06:00+ open \"售完为止\""),
        ("周六需预约", "Sa unknown \"需预约\""),
        ("周一至周五 18:00-02:00，周六 18:00-03:00", "Mo-Fr 18:00-02:00, Sa 18:00-03:00"),
        ("日出至日落", "sunrise-sunset"),
        ("日出前30分钟-日落后1小时", "(sunrise-00:30)-(sunset+01:00)"),
        ("寒暑假的周一至周五 9:00-11:00", "SH Mo-Fr 09:00-11:00"),
        ("周一至周五 9:00-17:00; PH off", "Mo-Fr 09:00-17:00; PH off"),
        ("Mo-Fr 9:00-17:00；节假日休息", "Mo-Fr 09:00-17:00; PH off"),
        ("暂停营业", "off"),
        ("周一至周五 9-17点", "Mo-Fr 09:00-17:00"),
        ("８：３０－１７：３０", "08:30-17:30"),
    ]

    @Test("Chinese readings", arguments: readings)
    func reading(_ text: String, _ canonical: String) throws {
        #expect(OpeningSchedule.reading(text) == canonical)
        let schedule = try OpeningSchedule(text)
        #expect(!schedule.notes.isEmpty, "what is not of the specification is noted")
        // As a person writes it, and back.
        #expect(OpeningSchedule.reading(schedule.chineseText) == canonical, "\(schedule.chineseText)")
    }

    /// What can mean two things, or cannot be said in rules, is not guessed.
    static let refused: [(String, Int)] = [
        ("8点-5点", 3), ("上午8点-5点半", 5), ("9:00-17:00，夏季8:00-18:00", 23), ("夏季8:00-18:00", 12),
        ("国庆期间休息", 0), ("随便", 0), ("周一至周五", 5), ("周一至周五营业", 7), ("午休", 2),
        ("上午8:30-12:00，2:00-5:30", 13), ("下午25:00-26:00", 0), ("上午2点-下午44:00", 5), ("24:00-0:00", 0),
        ("13月1日休息", 0), ("2月30日休息", 2),
        ("周八 9:00-10:00", 1), ("每月 9:00-10:00", 3), ("9:00", 4), ("除周一", 3), ("周一第一个", 5),
        ("晚上9:00-5:00", 7), ("全年无休", 4), ("9:60-10:00 周一", 2), ("每天9:00-", 7),
    ]

    @Test("what is refused, and where", arguments: refused)
    func refusal(_ text: String, _ position: Int) {
        do {
            let schedule = try OpeningSchedule(text)
            Issue.record("\(text) was read as \(schedule.canonical)")
        } catch {
            #expect(error.position == position, "\(text): \(error)")
            #expect(!error.expected.zh.isEmpty)
        }
    }

    @Test("slips are read and noted")
    func notes() throws {
        for (text, canonical, positions) in [
            ("Mo 9-17", "Mo 09:00-17:00", [3, 5]), ("Mo-Fr 09:00-17:00;;", "Mo-Fr 09:00-17:00", [17]),
            ("Mo-Fr 09：00-17：00", "Mo-Fr 09:00-17:00", [8, 14]),
            ("Mo-Fr 09:00–17:00", "Mo-Fr 09:00-17:00", [11]),
            ("Monday-Friday 9am to 5pm", "Mo-Fr 09:00-17:00", [0, 7, 14, 18, 21]),
            ("mo-fr 9:00-17:00", "Mo-Fr 09:00-17:00", []),
            ("Mo-Fr 9.30-17.00", "Mo-Fr 09:30-17:00", [6, 11]),
        ] {
            let schedule = try OpeningSchedule(text)
            #expect(schedule.canonical == canonical)
            #expect(schedule.notes.map(\.position).sorted() == positions, "\(text): \(schedule.notes)")
        }
    }

    @Test("errors name the place and what was expected")
    func errors() {
        for (text, position, expected) in [
            ("", 0, "a date"), ("Mo-Fr 25:00-26:00", 6, "24:00"), ("Xx 09:00-10:00", 0, "a date"),
            ("24/24", 2, "\"-\""), ("Mo[6] 09:00-10:00", 3, "1–5"), ("09:00-49:00", 6, "48:00"),
            ("Mo-Fr 0900-1700", 6, "times"), ("Mo-Fr 09:00-", 12, "closing time"), ("Jan 32", 4, "1–31"),
            ("Mo- 10:00-12:00", 4, "weekday"), ("week 54 Mo", 5, "1–53"), ("10:00-12:00 \"", 13, "quotation"),
            ("(sunrise*00:10)-12:00", 8, "\"+\""), ("2026-2025 Mo", 5, "2026"),
            ("Mo 10:00", 8, "closing time"),
            ("Mo 10:00-12:00 foo", 15, "\";\""), ("09:00-17:00 ||", 14, "a date"),
            ("Mo 09:6-10", 6, "minutes"),
        ] {
            do {
                let schedule = try OpeningSchedule(text)
                Issue.record("\(text) was read as \(schedule.canonical)")
            } catch {
                #expect(error.position == position, "\(text): \(error)")
                #expect(error.expected.en.contains(expected), "\(text): \(error)")
            }
        }
        do {
            _ = try OpeningSchedule("周一至周五 9:00-25:99")
        } catch {
            #expect(error.message.zh == "第 15 个字符处应为分钟 00–59，却是“99”")
        }
    }

    @Test(
        "a lone time says that the closing time is missing",
        arguments: ["09:00", "Mo-Fr 09:00", "周一至周五 9:00", "上午9点"])
    func loneTime(text: String) {
        let error = #expect(throws: OpeningTextError.self) { try OpeningSchedule(text) }
        #expect(error?.message.zh == "只写了开始时间，缺少结束时间，请写成“09:00-18:00”的样子")
        #expect(error?.message.en == "the closing time is missing: write both, such as \"09:00-18:00\"")
    }

    @Test("as on a door, in both languages")
    func doors() throws {
        let schedule = try OpeningSchedule(
            "Mo-Fr 08:30-12:00,13:30-17:30; Sa off; PH off; Dec 24 18:00-02:00")
        #expect(
            schedule.chineseText
                == "周一至周五 08:30–12:00、13:30–17:30；周六 休息；法定节假日 休息；12月24日 18:00–次日02:00")
        #expect(
            schedule.englishText
                == "Mon–Fri 08:30–12:00 and 13:30–17:30; Sat closed; public holidays closed; "
                + "24 Dec 18:00–02:00 the next day")
    }
}
