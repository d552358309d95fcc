import Testing

@testable import TableFiles

@Suite("Number formats")
struct NumberFormatTests {
    @Test("Codes of dates, Chinese ones too")
    func dates() {
        for code in [
            "yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\";@", "[$-804]yyyy\"年\"m\"月\"d\"日\"", "yyyy/m/d", "m/d",
            "mmm-yy",
            "[$-411]ggge\"年\"m\"月\"d\"日\"", "[DBNum1][$-804]yyyy\"年\"m\"月\";@", "aaaa", "yyyy年m月d日", "d", "M",
            "[$-F800]dddd, mmmm dd, yyyy", "e/m/d", "[红色]yyyy-mm",
        ] {
            #expect(NumberFormat(code: code) == .date, "\(code)")
        }
    }

    @Test("Codes of times, of both, of what goes on beyond a day")
    func times() {
        for code in [
            "h:mm", "hh:mm:ss", "h:mm AM/PM", "上午/下午h\"时\"mm\"分\"", "mm:ss", "[$-804]h\"时\"mm\"分\";@",
            "mm:ss.0",
            "h:mm A/P", "[$-409]h:mm:ss AM/PM;@",
        ] {
            #expect(NumberFormat(code: code) == .time, "\(code)")
        }
        for code in [
            "yyyy-mm-dd hh:mm", "m/d/yy h:mm", "yyyy/m/d\\ h:mm;@",
            "[$-804]yyyy\"年\"m\"月\"d\"日\"\\ 上午/下午h:mm",
        ] {
            #expect(NumberFormat(code: code) == .dateAndTime, "\(code)")
        }
        for code in ["[h]:mm", "[hh]:mm:ss", "[m]", "[ss].00", "[mm]:ss"] {
            #expect(NumberFormat(code: code) == .elapsed, "\(code)")
        }
    }

    @Test("Codes of numbers and texts")
    func numbers() {
        for code in [
            "General", "GENERAL", "G/通用格式", "0", "0.00", "#,##0.00", "0%", "0.00E+00", "@", "##0.0E+0",
            "_ * #,##0_ ",
            "\"日\"0", "0\"m\"", "[Red]0", "[>1]0;[<0]0", "\\d0", "¥#,##0;[Red]¥-#,##0", "0;yyyy", "", "[",
            "\"", "\\", "[h",
        ] where code != "[h" {
            #expect(NumberFormat(code: code) == .number, "\(code)")
        }
        _ = NumberFormat(code: "[h")
    }

    @Test("Built-in numbers, as Chinese programs know them")
    func builtIn() {
        for id in [14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58] {
            #expect(NumberFormat(builtIn: id) == .date, "\(id)")
        }
        for id in [18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56] {
            #expect(NumberFormat(builtIn: id) == .time, "\(id)")
        }
        #expect(NumberFormat(builtIn: 22) == .dateAndTime)
        #expect(NumberFormat(builtIn: 46) == .elapsed)
        for id in [-1, 0, 1, 4, 9, 13, 23, 26, 37, 44, 48, 49, 59, 164, .max] {
            #expect(NumberFormat(builtIn: id) == .number, "\(id)")
        }
    }

    @Test(
        "Day counts, the day in 1900 that was none and the count from 1904 too",
        arguments: [
            (1.0, false, "1900-01-01"), (59, false, "1900-02-28"), (60, false, "1900-02-29"),
            (61, false, "1900-03-01"),
            (25_569, false, "1970-01-01"), (45_413, false, "2024-05-01"), (2_958_465, false, "9999-12-31"),
            (0, true, "1904-01-01"), (43_951, true, "2024-05-01"), (60, true, "1904-03-01"),
            (45_413.999_999, false, "2024-05-01"),
        ])
    func dayCounts(serial: Double, counts1904: Bool, text: String) {
        #expect(NumberFormat.date.moment(of: serial, counts1904: counts1904)?.text == text)
    }

    @Test(
        "Clock times are rounded to the second; what goes beyond a day stays; what is no moment is a number")
    func clocks() {
        let time = NumberFormat.time
        #expect(time.moment(of: 0.354_166_666_666_667, counts1904: false)?.text == "08:30")
        #expect(time.moment(of: 45_413.5, counts1904: false) == TableMoment(hour: 12, minute: 0, second: 0))
        #expect(time.moment(of: 1, counts1904: false)?.text == "00:00")
        #expect(NumberFormat.elapsed.moment(of: 1, counts1904: false)?.text == "24:00")
        #expect(NumberFormat.elapsed.moment(of: 1.510_416_666_7, counts1904: false)?.text == "36:15")
        let both = NumberFormat.dateAndTime
        #expect(both.moment(of: 45_413.999_999_9, counts1904: false)?.text == "2024-05-02 00:00")
        #expect(both.moment(of: 0.25, counts1904: false)?.text == "06:00")
        for serial in [-1, -0.5, 2_958_466, 1e18, .infinity, .nan, -.infinity] {
            for format in [NumberFormat.date, .time, .dateAndTime, .elapsed] {
                #expect(format.moment(of: serial, counts1904: false) == nil, "\(serial)")
            }
        }
        #expect(NumberFormat.date.moment(of: 0, counts1904: false) == nil)
    }

    @Test("Every day from 1900 to 2100 has its number, and no other date has one")
    func serials() {
        for serial in 1...73_415 where serial != 60 {
            let date = NumberFormat.date.moment(of: Double(serial), counts1904: false)
            #expect(
                NumberFormat.serial(year: date?.year ?? 0, month: date?.month ?? 0, day: date?.day ?? 0)
                    == serial)
        }
        for (year, month, day) in [
            (1899, 12, 31), (2023, 2, 29), (2024, 4, 31), (2024, 13, 1), (2024, 0, 1), (10_000, 1, 1),
        ] {
            #expect(NumberFormat.serial(year: year, month: month, day: day) == nil)
        }
    }
}
