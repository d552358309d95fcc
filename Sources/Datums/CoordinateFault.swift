package import DirectoryModel

/// What is wrong or doubtful about a coordinate cell, for a clerk.
package struct CoordinateFault: Error, Hashable, Sendable {
    /// A stable code.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// Refused: there is nothing in the cell.
        case empty
        /// Refused: something in the cell is no coordinate.
        case unreadable
        /// Refused: one number, or more than two.
        case count
        /// Refused: which number is the latitude cannot be told.
        case order
        /// Refused: both are marked as latitude, or both as longitude.
        case sameAxis = "same_axis"
        /// Refused: a latitude over 90° or a longitude over 180°, minutes or seconds of 60 and more.
        case range
        /// Refused: 0, 0 is what programs write for "not known".
        case zero
        /// Refused: metres of a projection, no degrees.
        case projected
        /// Refused: degrees times a million.
        case scaled
        /// Taken, the other way round: latitude and longitude were exchanged.
        case swapped
        /// Taken: the point lies outside of China.
        case outsideChina = "outside_china"
        /// Taken: the numbers have so few decimals that the point is rough.
        case rough
    }

    /// Which fault.
    package let code: Code
    /// What is wrong, in one line.
    package let message: LocalizedText
    /// What to do about it.
    package let advice: LocalizedText

    private init(_ code: Code, _ zh: String, _ en: String, _ adviceZh: String, _ adviceEn: String) {
        self.code = code
        message = LocalizedText(zh: zh, en: en)
        advice = LocalizedText(zh: adviceZh, en: adviceEn)
    }

    static let empty = Self(
        .empty, "坐标为空", "the coordinate is empty", "填写经度和纬度，或者只填地址",
        "fill in longitude and latitude, or the address alone")

    static func unreadable(_ what: String) -> Self {
        let what = String(what.prefix(24))
        return Self(
            .unreadable, "坐标里的“\(what)”读不懂", "“\(what)” in the coordinate is not understood",
            "写成“118.7781,32.0415”这样的经纬度", "write longitude and latitude such as “118.7781,32.0415”")
    }

    static func count(_ count: Int) -> Self {
        Self(
            .count, "坐标应有两个数，这里有\(count)个", "a coordinate has two numbers, here are \(count)",
            "写成“118.7781,32.0415”这样的经纬度", "write longitude and latitude such as “118.7781,32.0415”")
    }

    static let order = Self(
        .order, "看不出哪个数是纬度", "which number is the latitude cannot be told",
        "说明此列是“经度,纬度”还是“纬度,经度”", "state whether the column is “longitude, latitude” or “latitude, longitude”")

    static let sameAxis = Self(
        .sameAxis, "两个数都标成了经度，或都标成了纬度", "both numbers are marked as longitude, or both as latitude",
        "改正东经、北纬的标记", "correct the marks of east and north")

    static func range(_ what: String) -> Self {
        Self(
            .range, "\(what)超出范围", "\(what) is out of range", "纬度在-90到90之间，经度在-180到180之间，分和秒小于60",
            "latitudes are -90 to 90, longitudes -180 to 180, minutes and seconds below 60")
    }

    static let zero = Self(
        .zero, "坐标是0,0，多半表示“没有”", "the coordinate is 0, 0, which mostly means “none”",
        "没有坐标就让单元格空着", "leave the cell empty where there is no coordinate")

    static let projected = Self(
        .projected, "这是以米为单位的投影坐标（如CGCS2000高斯投影），不是经纬度",
        "these are metres of a projection (such as Gauss-Krüger on CGCS2000), no degrees",
        "请测绘部门换算成经纬度（十进制度）后再导入；换算需要中央子午线和带号",
        "have them converted to degrees first: that needs the central meridian and the zone")

    static let scaled = Self(
        .scaled, "这像是放大了一百万倍的度数", "these look like degrees times a million",
        "除以1000000后再导入", "divide by 1,000,000 and import again")

    static let swapped = Self(
        .swapped, "经度和纬度写反了，已经换过来", "latitude and longitude are exchanged; taken the other way round",
        "检查表头或列的次序", "check the heads of the columns or their order")

    static let outsideChina = Self(
        .outsideChina, "这个点不在中国境内", "the point lies outside of China", "检查有没有写错数字", "check the digits")

    static func rough(_ metres: Int) -> Self {
        Self(
            .rough, "小数位太少，位置误差约\(metres)米", "too few decimals: the point is off by up to some \(metres) m",
            "至少保留小数点后5位", "keep at least five decimals")
    }
}
