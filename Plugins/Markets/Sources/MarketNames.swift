import ServiceTypeKit

/// What a market's name says about it.
enum MarketNames {
    /// The key of the kind, or nil when the name does not say.
    ///
    /// Wares come first: 花鸟夜市 sells no vegetables.
    static func kind(of name: String) -> String? {
        if name.contains(anyOf: foodWords) { return "food" }
        if name.contains(anyOf: otherWords) { return "other" }
        if name.contains("夜市") { return "night" }
        return name.contains("早市") ? "morning" : nil
    }

    /// The keys of the goods that the name of a specialised market names, in the schema's order; nil for none.
    static func goods(in name: String) -> [String]? {
        let goods = goodsWords.filter { _, words in name.contains(anyOf: words) }.map(\.key)
        return goods.isEmpty ? nil : goods
    }

    private static let foodWords = ["菜市", "菜场", "农贸", "集贸", "生鲜", "农副产品", "肉菜"]
    private static let otherWords = [
        "花鸟", "花卉", "小商品", "服装", "古玩", "旧货", "二手", "跳蚤", "家具", "建材", "电子", "数码", "图书", "汽车", "钢材", "灯具", "宠物",
        "珠宝",
        "茶叶城", "五金",
    ]
    private static let goodsWords: [(key: String, words: [String])] = [
        ("vegetables", ["蔬菜"]), ("fruit", ["水果", "果品"]), ("meat", ["肉类", "鲜肉", "肉菜"]),
        ("seafood", ["水产", "海鲜"]),
        ("grain_oil", ["粮油"]), ("dried", ["干货", "调味"]),
    ]
}
