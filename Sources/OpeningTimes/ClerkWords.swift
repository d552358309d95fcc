/// The words that the reader of Chinese knows.
enum ClerkWords {
    /// A word, ready to be compared.
    struct Entry {
        var scalars: [UInt32]
        var token: ClerkToken
    }

    /// Words by their first character, longest first.
    static let table: [UInt32: [Entry]] = {
        var table: [UInt32: [Entry]] = [:]
        for (token, words) in lists {
            for word in words.split(separator: " ") {
                let scalars = word.unicodeScalars.map(\.value)
                table[scalars[0], default: []].append(Entry(scalars: scalars, token: token))
            }
        }
        return table.mapValues { $0.sorted { $0.scalars.count > $1.scalars.count } }
    }()

    /// Traditional characters of these words, and their simplified forms.
    static let simplified: [UInt32: UInt32] = {
        let pairs = "時时點点週周開开節节業业門门間间營营禮礼無无為为個个後后雙双號号兩两國国書书館馆診诊辦办務务關关閉闭斷断還还約约預预電电話话須须須须熱热從从對对來来黃黄曉晓歇歇夠够園园該该過过"
        let scalars = pairs.unicodeScalars.map(\.value)
        var table: [UInt32: UInt32] = [:]
        for index in stride(from: 0, to: scalars.count - 1, by: 2) {
            table[scalars[index]] = scalars[index + 1]
        }
        return table
    }()

    private static let everyDay = ClerkToken.weekdays([WeekdayRange(from: 0, to: 6)])
    private static let weekend = ClerkToken.weekdays([WeekdayRange(from: 5, to: 6)])

    private static let lists: [(ClerkToken, String)] = [
        (everyDay, "每天 每日 天天 日日 一周七天 周一到周日每天"),
        (weekend, "双休日 双休 周六日 周六周日"),
        (.workdays, "工作日 上班日 平日"),
        (
            .publicHoliday,
            """
            国家法定节假日 国家法定假日 国家节假日 法定节假日 法定假日 法定假期 法定节日 公众假期 公众假日 公共假日 公共假期 \
            公休日 节假日 节日 假日 假期
            """
        ),
        (.schoolHoliday, "学校假期 寒暑假期间 寒暑假 学生假期"),
        (.period(.night), "凌晨 半夜 深夜"),
        (.period(.morning), "早上 早晨 清晨 上午 早间 晨 早"),
        (.period(.noon), "中午 正午 午间"),
        (.period(.afternoon), "下午 午后"),
        (.period(.evening), "晚上 夜晚 夜里 夜间 傍晚 晚间 晚"),
        (.nextDay, "次日凌晨 次日 翌日凌晨 翌日 第二天凌晨 第二天 隔天 第二日"),
        (.sun(TimePoint(event: .dawn, minutes: 0)), "天亮 黎明"),
        (.sun(TimePoint(event: .sunrise, minutes: 0)), "日出"),
        (.sun(TimePoint(event: .sunset, minutes: 0)), "日落"),
        (.sun(TimePoint(event: .dusk, minutes: 0)), "天黑 黄昏"),
        (.hyphen, "- -- 至 到 直至 直到 ——"),
        (.comma, ", 和 及 以及 与 . ·"),
        (.semicolon, "; |"),
        (.fallback, "|| 否则"),
        (.openParenthesis, "( ["),
        (.closeParenthesis, ") ]"),
        (.closedAll, "均休息 都休息 均不营业 都不营业 均不开放 都不开放 均闭馆 都闭馆"),
        (.season, "夏季 冬季 春季 秋季 夏令时 冬令时 夏令 冬令 夏天 冬天 淡季 旺季 夏秋季 冬春季 春夏季 秋冬季"),
        (
            .closed,
            """
            休息 休馆 闭馆 关门 关闭 停业 歇业 打烊 放假 休业 暂停营业 停止营业 暂停开放 不营业 不开放 不开门 不上班 不办公 不办理 停诊 \
            不开 休诊 闭园 公休 休
            """
        ),
        (
            .open,
            """
            营业 开放 开门 办公 上班 对外开放 正常营业时间 开馆 开园 接诊 开诊 开市 办理业务 办理 服务 开业 对外营业 开
            """
        ),
        (.unknown, "时间不定 不定时 不定 时间未定 未定 不确定"),
        (
            .usual,
            """
            照常营业 照常开放 照常上班 照常办公 照常开门 照常开馆 照常服务 照常 正常营业 正常开放 正常上班 正常办公 不休息 不休 无休 \
            全年无休 常年无休 节假日无休 节假日不休 节假日不休息 节假日照常营业 节假日照常 不打烊 不放假 不闭馆 无休息日 年中无休 \
            全年不休 365天 全年
            """
        ),
        (.allDay, "24小时 二十四小时 全天24小时 全天候 全天 昼夜 整天 全日 24h 24H"),
        (.always, "24/7 7x24小时 7×24小时 7*24小时 24x7"),
        (.except, "除了 除"),
        (.outside, "除外 以外 之外 外"),
        (.noonBreak, "午休时间 午休 中午休息 午间休息"),
        (.onwards, "起 以后 之后 开始 + 后"),
        (.monthly, "每个月 每月 当月"),
        (.week, "全年第"),
        (.additional, "另加 另外 另"),
        (.override, "以此为准:"),
        (.remark("需预约"), "需要预约 需预约 须预约 请预约 需提前预约 请提前预约"),
        (.remark("提前预约"), "提前预约"),
        (.remark("电话预约"), "电话预约"),
        (.remark("预约"), "预约"),
        (.remark("售完为止"), "售完为止 卖完为止 售罄为止 售完即止 卖完"),
        (
            .filler,
            """
            营业时间 开放时间 服务时间 办公时间 工作时间 上班时间 门诊时间 接待时间 开馆时间 对外开放时间 办理时间 经营时间 时间 \
            : 为 是 的 都 均 每逢 每 逢 则 也 期间 每年 中午不休息 中午不休 午间不休 午休不休 中午无休 中午不关门 / 小时制 其中 其余 \
            对外 全部 一律
            """
        ),
    ]
}
