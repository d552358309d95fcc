import ServiceTypeKit

/// What name and tags say about the kind of facility.
enum ElderCareNames {
    static func kind(of name: String) -> String? {
        words.first { _, words in name.contains(anyOf: words) }?.key
    }

    static func kind(ofFacility facility: String?) -> String? {
        switch facility {
        case "day_care": "day_care"
        case "nursing_home", "assisted_living", "group_home": "nursing_home"
        case "ambulatory_care": "home_care"
        default: nil
        }
    }

    /// Words by which a name says that it is about elders.
    static let elders = ["养老", "老年", "敬老", "托老", "为老", "助老", "长者", "颐养"]

    /// The narrower word first: a 养老服务中心 is no 养老院.
    private static let words: [(key: String, words: [String])] = [
        ("day_care", ["日间照料", "托老所", "日托"]),
        ("station", ["养老服务站", "养老驿站", "居家养老", "助老点", "养老服务点"]),
        ("centre", ["为老服务中心", "养老服务中心", "老年服务中心"]),
        ("nursing_home", ["养老院", "敬老院", "老年公寓", "护理院", "颐养院", "福利院"]),
    ]
}
