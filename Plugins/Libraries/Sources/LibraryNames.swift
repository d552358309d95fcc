import ServiceTypeKit

/// What a library's name says about it.
enum LibraryNames {
    /// The key of the kind, or nil when the name does not say.
    ///
    /// Schools first: 附小图书馆 is a school's.
    static func kind(of name: String) -> String? {
        words.first { _, words in name.contains(anyOf: words) }?.key
    }

    private static let words: [(key: String, words: [String])] = [
        ("school", ["大学", "学院", "中学", "小学", "附中", "附小", "University", "College", "School"]),
        ("farm_bookroom", ["农家书屋"]),
        ("city_study", ["城市书房", "智慧书房", "24小时书房", "城市书吧", "悦读空间"]),
        ("bookcase", ["漂流书", "图书角", "书柜", "书架"]),
        ("reading_room", ["图书室", "阅览室", "阅读室", "书屋", "书房", "圖書室", "閱覽室"]),
        ("public_library", ["图书馆", "圖書館", "Public Library", "City Library", "Central Library"]),
    ]
}
