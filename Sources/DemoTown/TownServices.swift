internal import DirectoryModel
internal import Foundation

/// What the town's street office knows beside the map: stalls, menus, services, classes, who runs what.
enum TownServices {
    /// The records' bytes; keys sorted.
    ///
    /// - Parameter grounds: the way of each place with ground of its own, by name.
    static func json(grounds: [String: Int64]) throws -> [UInt8] {
        func id(_ name: String) -> String { grounds[name].map { "osm-w\($0)" } ?? "" }
        let file: [String: Any] = [
            "title": "演示数据 demo records", "attribution": "演示数据 demo data, made up",
            "note": "演示数据 demo: every organisation, price and class is made up",
            "organisations": organisations, "places": known(id) + centre(id) + others(id),
            "activities": activities(id), "notices": notices,
        ]
        let data = try JSONSerialization.data(
            withJSONObject: file, options: [.sortedKeys, .withoutEscapingSlashes])
        return Array(data) + [UInt8(ascii: "\n")]
    }

    private static var organisations: [[String: Any]] {
        [
            [
                "id": "org-demo-mutual", "name": "翠竹园互助会", "name_en": "Cuizhuyuan Mutual Aid Society",
                "kind": "social_organisation", "about": "邻里互助、亲子阅读、乐龄活动",
            ],
            [
                "id": "org-demo-office", "name": "翠溪街道办事处(演示)", "name_en": "Cuixi Street Office",
                "kind": "government", "phone": "12345",
            ],
            ["id": "org-demo-kitchen", "name": "银发餐饮服务社(演示)", "kind": "company", "about": "社区食堂和送餐上门"],
            ["id": "org-demo-taichi", "name": "晴山太极队", "kind": "residents", "about": "每天早上在晴山公园"],
        ]
    }

    private static func point(_ x: Double, _ y: Double) -> [String: Any] {
        let point = TownCanvas.coordinate(Spot(x: x, y: y))
        func degrees(_ value: Double) -> NSDecimalNumber {
            NSDecimalNumber(decimal: Decimal(Int((value * 1e7).rounded())) / 10_000_000)
        }
        return ["lat": degrees(point.latitude.value), "lon": degrees(point.longitude.value)]
    }

    // MARK: - Places that the map knows

    private static func known(_ id: (String) -> String) -> [[String: Any]] {
        [
            [
                "id": id("翠竹农贸市场"),
                "attributes": [
                    "stalls": stalls, "morning_peak": "06:30-08:30", "waste_rule": "厨余垃圾投放点在市场北门，每天6:00-9:00",
                    "notices": [
                        ["text": "11月25日下午水产区消毒，14:00起停售", "from": "2026-11-25", "until": "2026-11-25"]
                    ],
                ],
            ],
            [
                "id": id("老街菜场"),
                "attributes": [
                    "stalls": [
                        ["number": "1", "zone": "蔬菜区", "name": "阿英蔬菜", "goods": ["vegetables"]],
                        [
                            "number": "2", "zone": "熟食区", "name": "老周卤菜", "goods": ["cooked"],
                            "hours": "10:00-19:00",
                        ],
                        [
                            "number": "3", "zone": "豆制品区", "name": "石磨豆腐", "goods": ["soy"],
                            "hours": "05:30-12:00",
                        ],
                    ]
                ],
            ],
            [
                "id": id("银发餐厅(翠竹园社区食堂)"), "organisation": "org-demo-kitchen",
                "service_area": ["communities": [TownCommunity.cuizhuyuan.id]],
                "attributes": [
                    "sitting_times": [
                        ["sitting": "breakfast", "hours": "06:30-08:30"],
                        ["sitting": "lunch", "hours": "11:00-13:00"],
                        ["sitting": "supper", "hours": "17:00-18:30"],
                    ],
                    "menu": menu, "prices": prices, "meals_left": 18, "meals_left_on": "2026-11-25",
                    "delivery_note": "送餐上门每份加2元，上午9点前预订",
                ],
            ],
            [
                "id": id("晴山社区食堂"),
                "attributes": [
                    "menu": [
                        ["dish": "鲜肉包", "sitting": "breakfast", "kind": "breakfast", "price": 200],
                        ["dish": "小米粥", "sitting": "breakfast", "kind": "breakfast", "price": 150],
                        ["dish": "茶叶蛋", "sitting": "breakfast", "kind": "breakfast", "price": 200],
                        [
                            "dish": "清真牛肉面", "sitting": "lunch", "kind": "staple", "price": 1_600,
                            "diets": ["halal"],
                        ],
                    ],
                    "prices": [["sitting": "lunch", "group": "everyone", "price": 1_600]],
                ],
            ],
        ]
    }

    private static var stalls: [[String: Any]] {
        [
            ["number": "甲1", "zone": "蔬菜区", "name": "福满蔬菜", "goods": ["vegetables"]],
            ["number": "甲2", "zone": "水果区", "name": "四季鲜果", "goods": ["fruit"], "hours": "07:00-19:00"],
            ["number": "甲3", "zone": "水果区", "name": "甜心水果", "goods": ["fruit"], "hours": "05:30-12:00"],
            ["number": "乙1", "zone": "肉类区", "name": "放心鲜肉", "goods": ["meat"]],
            ["number": "乙2", "zone": "水产区", "name": "河畔水产", "goods": ["seafood"], "hours": "05:30-14:00"],
            ["number": "丙1", "zone": "卤菜区", "name": "吴记卤味", "goods": ["cooked"], "hours": "09:00-19:00"],
            ["number": "丙2", "zone": "半成品菜区", "name": "邻里净菜", "goods": ["semi_finished"]],
            ["number": "丁1", "zone": "小吃区", "name": "阿英锅贴", "goods": ["snacks"], "hours": "05:30-13:00"],
            [
                "number": "丁2", "zone": "小吃区", "name": "晨光豆浆", "goods": ["snacks", "soy"],
                "hours": "05:30-10:00",
            ],
        ]
    }

    private static var menu: [[String: Any]] {
        [
            ["dish": "白粥", "sitting": "breakfast", "kind": "breakfast", "price": 100, "diets": ["soft"]],
            [
                "dish": "菜包", "sitting": "breakfast", "kind": "breakfast", "price": 150,
                "diets": ["vegetarian"],
            ],
            [
                "dish": "小馄饨", "sitting": "breakfast", "kind": "breakfast", "days": ["wed", "fri"],
                "price": 600,
            ],
            ["dish": "红烧狮子头", "sitting": "lunch", "kind": "meat", "days": ["wed"], "price": 800],
            [
                "dish": "清蒸鱼片", "sitting": "lunch", "kind": "meat", "days": ["wed", "fri"],
                "diets": ["soft", "low_salt"],
            ],
            ["dish": "香菇青菜", "sitting": "lunch", "kind": "vegetable", "diets": ["vegetarian"]],
            ["dish": "番茄蛋汤", "sitting": "lunch", "kind": "soup"],
            ["dish": "无糖南瓜羹", "sitting": "supper", "kind": "soup", "diets": ["low_sugar", "soft"]],
        ]
    }

    private static var prices: [[String: Any]] {
        [
            ["sitting": "lunch", "group": "everyone", "price": 1_500],
            [
                "sitting": "lunch", "group": "elders", "from_age": 60, "to_age": 79, "price": 1_000,
                "subsidy": 500,
            ],
            ["sitting": "lunch", "group": "elders", "from_age": 80, "price": 800, "subsidy": 700],
            ["sitting": "breakfast", "group": "everyone", "price": 500],
        ]
    }

    // MARK: - A centre whose rooms are used by turns

    private static func centre(_ id: (String) -> String) -> [[String: Any]] {
        let centre = id("翠竹园社区党群服务中心")
        let at = point(680, 945)
        return [
            ["id": centre, "organisation": "org-demo-office"],
            [
                "id": "demo-hall-canteen", "type": "canteen", "name": "翠竹园长者食堂(多功能厅)", "location": at,
                "within": centre, "room": "多功能厅", "hours": "Mo-Fr 11:00-13:00; PH off",
                "organisation": "org-demo-kitchen",
                "attributes": [
                    "open_to": ["elders"], "sittings": ["lunch"],
                    "prices": [["sitting": "lunch", "group": "elders", "from_age": 60, "price": 900]],
                ],
            ],
            [
                "id": "demo-hall-dance", "type": "activity_room", "name": "翠竹园舞蹈室(多功能厅)", "location": at,
                "within": centre, "room": "多功能厅", "hours": "Mo-Fr 16:00-20:00; PH off",
                "organisation": "org-demo-mutual",
            ],
            [
                "id": "demo-library", "type": "library", "name": "翠竹园邻里书屋",
                "name_en": "Cuizhuyuan Reading Room",
                "location": at, "within": centre, "room": "101", "hours": "24/7",
                "attributes": [
                    "reading_hours": "Tu-Su 09:00-20:00", "lending_hours": "Tu-Su 09:00-17:00",
                    "self_service_hours": "24/7", "children_area": true, "seats": 36, "loans": 10,
                    "loan_days": 30,
                    "card": "id",
                    "events": [
                        [
                            "name": "绘本故事会", "kind": "story", "times": "Sa 10:00-11:00",
                            "first_day": "2026-09-05", "last_day": "2027-01-16", "ages": "3-8岁",
                        ]
                    ],
                ],
            ],
            [
                "id": "demo-homework", "type": "volunteer_tutoring", "name": "翠竹园四点半课堂", "location": at,
                "within": centre,
                "room": "205", "hours": "Mo-Fr 16:30-18:00; PH off; SH off",
                "organisation": "org-demo-mutual",
                "attributes": [
                    "guardian_consent_required": true, "minimum_age": 6, "maximum_age": 12,
                    "sessions": [
                        [
                            "subject": "homework", "grades": ["grade_1", "grade_2", "grade_3"],
                            "format": "class",
                            "capacity": 20, "places_left": 4, "times": "Mo-Th 16:30-18:00; PH off; SH off",
                            "first_day": "2026-09-01", "last_day": "2027-01-20", "price": 0,
                        ],
                        [
                            "subject": "english", "grades": ["grade_3", "grade_4"], "format": "one_to_one",
                            "capacity": 1, "places_left": 0, "times": "Fr 16:30-17:15",
                            "first_day": "2026-09-04",
                            "last_day": "2027-01-15", "language": "english", "price": 0,
                        ],
                    ],
                ],
            ],
        ]
    }

    // MARK: - Places that no map has

    private static func others(_ id: (String) -> String) -> [[String: Any]] {
        [
            [
                "id": "demo-plaza-market", "type": "wet_market", "name": "翠竹广场净菜市",
                "location": point(500, 960), "within": id("翠竹广场"), "hours": "08:00-21:00",
                "attributes": [
                    "stalls": [
                        ["number": "B1-1", "name": "净菜工坊", "goods": ["semi_finished", "vegetables"]],
                        ["number": "B1-2", "name": "果然好", "goods": ["fruit"]],
                    ]
                ],
            ],
            [
                "id": "demo-station", "type": "elder_care", "name": "翠竹园养老服务站", "location": point(720, 880),
                "hours": "08:30-17:30", "organisation": "org-demo-mutual", "phone": "12349",
                "attributes": [
                    "offers": offers, "beds": 12, "beds_free": 2, "day_places": 20, "day_places_free": 6,
                    "free_on": "2026-11-25",
                ],
            ],
            [
                "id": "demo-home-visits", "type": "elder_care", "name": "银龄上门照护(演示)", "walk_in": false,
                "community": TownCommunity.nanmen.id, "hours": "08:00-20:00", "phone": "12349",
                "service_area": ["communities": [TownCommunity.nanmen.id, TownCommunity.cuizhuyuan.id]],
                "attributes": [
                    "offers": [
                        ["service": "bathing", "where": ["home"], "price": 8_000, "unit": "once"],
                        [
                            "service": "medical", "where": ["home"], "price": 5_000, "unit": "once",
                            "minimum_age": 70,
                        ],
                    ]
                ],
            ],
        ]
    }

    private static var offers: [[String: Any]] {
        [
            ["service": "meals", "where": ["station", "home"], "price": 1_000, "unit": "once"],
            [
                "service": "bathing", "where": ["station"], "price": 3_000, "unit": "once",
                "hours": "Tu,Th 09:00-11:30",
            ],
            ["service": "cleaning", "where": ["home"], "price": 3_500, "unit": "hour"],
            [
                "service": "rehabilitation", "where": ["station"], "price": 0, "unit": "once",
                "minimum_age": 60,
            ],
        ]
    }

    // MARK: - Activities

    private static func activities(_ id: (String) -> String) -> [[String: Any]] {
        [
            [
                "id": "act-demo-reading", "name": "邻里读书会", "name_en": "Neighbours' book club",
                "place": "demo-library",
                "organisation": "org-demo-mutual", "times": "Sa 14:00-16:00", "price": 0, "capacity": 20,
                "about": "每月一本书",
            ],
            [
                "id": "act-demo-taichi", "name": "太极晨练", "name_en": "Morning tai chi",
                "location": point(1_575, 1_340),
                "organisation": "org-demo-taichi", "times": "06:30-07:30", "price": 0, "minimum_age": 16,
            ],
            [
                "id": "act-demo-clinic", "name": "免费量血压", "name_en": "Blood pressure checks",
                "place": "demo-station",
                "times": "Mo 09:00-11:00; PH off", "price": 0, "minimum_age": 60,
            ],
            [
                "id": "act-demo-dance", "name": "广场舞班", "place": "demo-hall-dance",
                "organisation": "org-demo-mutual",
                "times": "Tu,Th 19:00-20:00", "price": 500, "first_day": "2026-10-09",
                "last_day": "2026-12-31",
                "exceptions": [
                    ["from": "2026-11-26", "until": "2026-11-26", "state": "closed", "reason": "消毒"]
                ],
                "registration": "在服务中心一楼前台报名",
            ],
            [
                "id": "act-demo-story", "name": "绘本故事会", "place": "demo-library", "times": "Sa 10:00-11:00",
                "maximum_age": 8, "price": 0, "first_day": "2026-09-05", "last_day": "2027-01-16",
            ],
        ]
    }

    // MARK: - Notices

    private static var notices: [[String: Any]] {
        [
            [
                "id": "notice-demo-water", "title": "停水通知", "title_en": "Water off on Friday",
                "text": "11月27日(周五)9:00–16:00检修水管，请提前储水。\n恢复供水后请先放掉黄水。",
                "text_en": "On Friday 27 November, 9:00–16:00, pipes are mended: store some water.\n"
                    + "Afterwards let the yellow water run off first.",
                "to": ["kind": "community", "id": TownCommunity.cuizhuyuan.id], "from": "2026-11-25",
                "until": "2026-11-27T16:00:00+08:00", "urgent": true, "organisation": "org-demo-office",
            ],
            [
                "id": "notice-demo-clinic", "title": "周六义诊：量血压、测血糖", "title_en": "Free check-ups on Saturday",
                "text": "11月28日(周六)9:00–11:30，翠竹园养老服务站，60岁以上免费。",
                "to": ["kind": "community", "id": TownCommunity.cuizhuyuan.id], "from": "2026-11-20",
                "until": "2026-11-28T11:30:00+08:00", "organisation": "org-demo-mutual",
                "place": "demo-station",
            ],
            [
                "id": "notice-demo-elders", "title": "重阳节敬老活动", "title_en": "Double Ninth Festival",
                "text": "10月18日下午2点，邻里书屋，70岁以上的邻居请来喝茶。",
                "to": ["kind": "community", "id": TownCommunity.cuizhuyuan.id], "from": "2026-10-10",
                "until": "2026-10-18", "organisation": "org-demo-mutual", "place": "demo-library",
            ],
            [
                "id": "notice-demo-kiosk", "title": "自助终端上的都是演示数据", "title_en": "All of this is made up",
                "text": "这座城镇、它的店铺和通知全部是虚构的。",
                "text_en": "This town, its shops and its notices are all invented.",
                "to": ["kind": "origin", "id": "kiosk-demo-1"], "from": "2026-01-01", "until": NSNull(),
            ],
        ]
    }
}
