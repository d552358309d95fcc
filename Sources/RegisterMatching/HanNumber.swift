/// Numbers in Han characters, up to 9,999: 十二, 一百零三, 二〇三.
enum HanNumber {
    static func read(_ text: [UInt32], _ start: Int) -> (value: Int, end: Int)? {
        var end = start
        var total = 0
        var digit: Int?
        var plain = 0
        var hasUnits = false
        while end < text.count, end - start < 9 {
            if let value = digits[text[end]] {
                digit = value
                plain = min(plain * 10 + value, 99_999)
            } else if let unit = units[text[end]] {
                total += (digit ?? 1) * unit
                digit = nil
                hasUnits = true
            } else {
                break
            }
            end += 1
        }
        guard end > start else { return nil }
        return (hasUnits ? total + (digit ?? 0) : plain, end)
    }

    private static let digits: [UInt32: Int] = {
        var found: [UInt32: Int] = [0x3007: 0, 0x4E24: 2]
        for (value, scalar) in "零一二三四五六七八九".unicodeScalars.enumerated() { found[scalar.value] = value }
        return found
    }()
    private static let units: [UInt32: Int] = [0x5341: 10, 0x767E: 100, 0x5343: 1000]
}
