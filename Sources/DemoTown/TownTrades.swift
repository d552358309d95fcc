/// One kind of shop front of the town: its tags, what such places are called, how many there are.
struct Trade {
    /// The tags that say what it is.
    var tags: [String: String]
    /// What its name ends with; empty for things that mappers leave unnamed.
    var words: [String]
    /// How many stand in 翠竹园, in the old quarter, and in 晴山蓝城.
    var counts: (cuizhuyuan: Int, nanmen: Int, qingshan: Int)
    /// Opening times that it may have; an empty text: none are known.
    var hours: [String]
    /// Further tags, one value of each list.
    var extras: [String: [String]] = [:]

    func count(in community: TownCommunity) -> Int {
        switch community {
        case .cuizhuyuan: counts.cuizhuyuan
        case .nanmen: counts.nanmen
        case .qingshan: counts.qingshan
        }
    }
}

/// The trades of the town: every type of the catalogue, and some that no type wants.
enum TownTrades {
    static let shop = ["Mo-Su 08:00-21:00", "Mo-Su 09:00-21:30", "09:00-20:00", ""]
    static let late = ["Mo-Su 06:30-23:00", "24/7", "Mo-Su 07:00-24:00"]
    static let meals = [
        "Mo-Su 10:30-14:00,17:00-21:00", "11:00-22:00", "Tu-Su 10:30-14:00,16:30-20:30; Mo off", "",
    ]
    static let office = [
        "Mo-Fr 09:00-17:30; PH off", "Mo-Fr 08:30-12:00,14:00-17:30; PH off", "Mo-Sa 09:00-17:00",
    ]
    static let morning = ["05:30-10:30", "Mo-Su 06:00-11:00", "06:00-10:00,16:00-19:00", "每天 6:00-10:30"]

    /// Whether a wheelchair gets in, and how one pays: what mappers most often add.
    private static let access: [String: [String]] = [
        "wheelchair": ["yes", "no", "limited", "", "", ""], "payment:cash": ["yes", "", ""],
    ]

    static let all: [Trade] = daily + services + quality + community + unwanted

    private static let daily: [Trade] = [
        Trade(
            tags: ["shop": "convenience"], words: ["便利店", "烟酒便利"], counts: (8, 7, 26), hours: late,
            extras: access),
        Trade(tags: ["shop": "kiosk"], words: ["小卖部", "报刊亭"], counts: (1, 4, 2), hours: shop),
        Trade(tags: ["shop": "general"], words: ["杂货店"], counts: (0, 3, 1), hours: shop),
        Trade(
            tags: ["shop": "supermarket"], words: ["超市", "购物中心"], counts: (3, 2, 9),
            hours: ["Mo-Su 07:30-21:30", "08:00-22:00"], extras: access),
        Trade(tags: ["shop": "greengrocer"], words: ["果蔬店", "水果店"], counts: (4, 5, 15), hours: shop),
        Trade(tags: ["shop": "butcher"], words: ["鲜肉店"], counts: (1, 3, 3), hours: ["05:30-19:00"]),
        Trade(tags: ["shop": "seafood"], words: ["水产店"], counts: (0, 2, 2), hours: ["06:00-18:30"]),
        Trade(tags: ["shop": "frozen_food"], words: ["冷冻食品店"], counts: (1, 0, 2), hours: shop),
        Trade(
            tags: ["amenity": "fast_food"], words: ["包子铺", "豆浆油条", "锅贴店", "小馄饨"], counts: (7, 10, 17),
            hours: morning, extras: ["takeaway": ["yes", ""]]),
        Trade(
            tags: ["amenity": "restaurant", "breakfast": "yes"], words: ["早餐面馆", "早点铺"], counts: (2, 4, 4),
            hours: ["05:30-13:30", "Mo-Su 06:00-14:00"]),
        Trade(
            tags: ["amenity": "pharmacy"], words: ["大药房", "药店"], counts: (4, 4, 12), hours: late,
            extras: access),
        Trade(
            tags: ["shop": "outpost"], words: ["前置仓"], counts: (1, 0, 2), hours: ["06:30-22:00"],
            extras: ["delivery_minutes": ["30", "45"], "delivery": ["yes"]]),
    ]

    private static let services: [Trade] = [
        Trade(tags: ["shop": "laundry"], words: ["洗衣店"], counts: (2, 1, 5), hours: shop),
        Trade(tags: ["shop": "dry_cleaning"], words: ["干洗店"], counts: (1, 1, 3), hours: shop),
        Trade(
            tags: ["shop": "hairdresser"], words: ["理发店", "美发沙龙"], counts: (6, 7, 18),
            hours: ["10:00-21:00", "We-Mo 09:00-20:00; Tu off", ""]),
        Trade(tags: ["shop": "beauty"], words: ["美容院", "美甲店"], counts: (2, 1, 6), hours: shop),
        Trade(tags: ["shop": "copyshop"], words: ["文印店", "图文快印"], counts: (2, 1, 4), hours: office),
        Trade(tags: ["shop": "photo"], words: ["照相馆"], counts: (1, 1, 2), hours: shop),
        Trade(
            tags: ["office": "employment_agency"], words: ["家政服务", "月嫂保洁"], counts: (2, 2, 5), hours: office),
        Trade(tags: ["shop": "repair"], words: ["家电维修部"], counts: (1, 2, 2), hours: shop),
        Trade(
            tags: ["shop": "shoe_repair"], words: ["修鞋铺", "修鞋配钥匙"], counts: (1, 3, 2),
            hours: ["08:00-18:00", ""]),
        Trade(tags: ["shop": "tailor"], words: ["裁缝店", "改衣坊"], counts: (2, 3, 2), hours: shop),
        Trade(tags: ["shop": "bicycle"], words: ["车行"], counts: (1, 1, 3), hours: shop),
        Trade(tags: ["craft": "key_cutter"], words: ["配匙店"], counts: (1, 1, 1), hours: [""]),
        Trade(tags: ["shop": "mobile_phone"], words: ["手机维修"], counts: (1, 1, 3), hours: shop),
        Trade(
            tags: ["amenity": "post_office"], words: ["邮政所"], counts: (1, 1, 1),
            hours: ["Mo-Fr 09:00-17:00; Sa 09:00-12:00; PH off"]),
        Trade(
            tags: ["shop": "outpost"], words: ["快递驿站", "菜鸟代收点"], counts: (3, 1, 7), hours: ["08:00-21:00"]),
        Trade(
            tags: ["amenity": "parcel_locker"], words: [], counts: (6, 2, 20), hours: ["24/7"],
            extras: ["capacity": ["36", "60", "84"], "operator": ["演示快递柜"]]),
        Trade(
            tags: ["amenity": "recycling", "recycling_type": "container"], words: [], counts: (3, 2, 8),
            hours: [""],
            extras: ["recycling:clothes": ["yes", ""], "recycling:paper": ["yes"]]),
        Trade(
            tags: ["amenity": "recycling", "recycling_type": "centre"], words: ["再生资源回收站"], counts: (1, 1, 2),
            hours: ["Mo-Sa 07:30-17:00"]),
        Trade(tags: ["amenity": "car_wash"], words: ["洗车行"], counts: (1, 0, 4), hours: ["08:00-20:00"]),
    ]

    private static let quality: [Trade] = [
        Trade(
            tags: ["amenity": "restaurant"], words: ["小炒", "面馆", "私房菜", "火锅", "鸭血粉丝", "饭庄"],
            counts: (12, 13, 38), hours: meals,
            extras: ["cuisine": ["chinese", "noodle", "hotpot", ""], "wheelchair": ["yes", "no", "", ""]]),
        Trade(tags: ["shop": "bakery"], words: ["面包房", "烘焙坊"], counts: (3, 2, 8), hours: shop),
        Trade(tags: ["shop": "pastry"], words: ["糕团店", "西点店"], counts: (1, 3, 2), hours: shop),
        Trade(
            tags: ["shop": "books"], words: ["书店", "书屋"], counts: (1, 1, 3),
            hours: ["10:00-21:00", "Tu-Su 10:00-20:00"]),
        Trade(
            tags: ["leisure": "fitness_centre"], words: ["健身房"], counts: (2, 0, 6),
            hours: ["Mo-Su 09:00-22:00"]),
        Trade(tags: ["leisure": "sports_centre"], words: ["文体中心"], counts: (0, 0, 1), hours: ["08:30-21:30"]),
        Trade(
            tags: ["amenity": "childcare"], words: ["托育园"], counts: (2, 0, 4),
            hours: ["Mo-Fr 07:30-18:00; PH off"]),
        Trade(
            tags: ["amenity": "kindergarten"], words: ["幼儿园"], counts: (1, 1, 3),
            hours: ["Mo-Fr 07:40-16:40; PH off; SH off"]),
        Trade(
            tags: ["amenity": "language_school"], words: ["外语培训"], counts: (1, 0, 3),
            hours: ["Mo-Fr 15:00-20:30; Sa-Su 09:00-18:00"]),
        Trade(
            tags: ["amenity": "music_school"], words: ["琴行", "音乐教室"], counts: (1, 1, 3),
            hours: ["We-Su 10:00-20:00"]),
        Trade(
            tags: ["amenity": "prep_school"], words: ["培训中心"], counts: (1, 0, 3), hours: ["Sa-Su 09:00-18:00"]
        ),
        Trade(tags: ["shop": "travel_agency"], words: ["旅行社门市"], counts: (1, 1, 2), hours: office),
        Trade(
            tags: ["shop": "massage"], words: ["推拿馆", "足道"], counts: (2, 2, 6),
            hours: ["12:00-24:00", "18:00-02:00", "11:00+"]),
        Trade(tags: ["shop": "herbalist"], words: ["参茸行"], counts: (0, 1, 1), hours: shop),
        Trade(tags: ["shop": "florist"], words: ["花店", "鲜花坊"], counts: (2, 1, 4), hours: shop),
        Trade(tags: ["shop": "gift"], words: ["礼品店"], counts: (1, 2, 2), hours: shop),
        Trade(
            tags: ["amenity": "cafe"], words: ["咖啡", "茶馆"], counts: (3, 3, 15),
            hours: ["08:00-22:00", "Mo-Fr 07:30-21:00; Sa-Su 09:00-22:00"],
            extras: access),
        Trade(tags: ["shop": "tea"], words: ["茶庄", "茶叶店"], counts: (1, 2, 3), hours: shop),
        Trade(tags: ["shop": "pet"], words: ["宠物店"], counts: (1, 0, 3), hours: shop),
        Trade(
            tags: ["amenity": "veterinary"], words: ["宠物医院"], counts: (1, 0, 2),
            hours: ["24/7", "09:00-21:00"]),
        Trade(
            tags: ["amenity": "charging_station"], words: [], counts: (2, 0, 8), hours: ["24/7", ""],
            extras: ["capacity": ["4", "8", "12"], "operator": ["演示充电"]]),
    ]

    private static let community: [Trade] = [
        Trade(
            tags: [
                "amenity": "social_facility", "social_facility": "ambulatory_care",
                "social_facility:for": "senior",
            ],
            words: ["居家养老服务站"], counts: (1, 1, 2), hours: ["Mo-Su 08:00-17:30", "Mo-Fr 08:30-17:00; PH off"],
            extras: [
                "services": ["助餐;助医;文娱", "助餐;助洁;助浴;康复"], "home_services": ["助洁;助浴;助急", "助餐;助医"],
                "minimum_age": ["60"],
            ]),
        Trade(
            tags: [
                "amenity": "social_facility", "social_facility": "day_care", "social_facility:for": "senior",
            ],
            words: ["日间照料中心"], counts: (1, 0, 1), hours: ["Mo-Fr 07:30-17:30; PH off"],
            extras: ["services": ["日托;助餐;康复;文娱"], "day_places": ["20", "36"], "wheelchair": ["yes"]]),
        Trade(
            tags: [
                "amenity": "social_facility", "social_facility": "nursing_home",
                "social_facility:for": "senior",
            ],
            words: ["颐养院"], counts: (0, 0, 1), hours: ["24/7"],
            extras: ["services": ["全托;护理;助餐;助浴"], "capacity:beds": ["120"], "wheelchair": ["yes"]]),
        Trade(
            tags: ["amenity": "library"], words: ["社区图书室", "农家书屋", "城市书房"], counts: (1, 1, 2),
            hours: ["Tu-Su 09:00-17:30; Mo off", "Mo-Su 09:00-21:00"],
            extras: [
                "capacity": ["24", "48"], "books": ["3200", "8600"], "internet_access": ["wlan"],
                "fee": ["no"],
            ]),
        Trade(tags: ["amenity": "public_bookcase"], words: [], counts: (1, 0, 1), hours: ["24/7"]),
        Trade(
            tags: ["amenity": "community_centre", "community_centre": "youth_centre"], words: ["四点半课堂"],
            counts: (1, 1, 2), hours: ["Mo-Fr 16:00-18:30; PH off; SH off"],
            extras: [
                "subjects": ["语文;数学;英语", "数学;科学;阅读"], "format": ["一对一"], "capacity": ["1"], "price": ["免费"],
                "weekdays": ["周一;周二;周三;周四;周五"], "guardian_consent_required": ["是"], "sign_up": ["到社区服务中心登记"],
            ]),
        Trade(
            tags: ["amenity": "community_centre"], words: ["党群服务中心", "社区服务中心"], counts: (1, 1, 2),
            hours: office,
            extras: ["wheelchair": ["yes"]]),
        Trade(
            tags: ["amenity": "clinic"], words: ["社区卫生服务站"], counts: (1, 1, 3),
            hours: ["Mo-Su 08:00-17:30", "Mo-Sa 08:00-12:00,14:00-17:00; PH 08:00-12:00"],
            extras: ["wheelchair": ["yes"]]),
        Trade(tags: ["amenity": "doctors"], words: ["口腔诊所", "中医诊所"], counts: (1, 2, 3), hours: office),
        Trade(
            tags: ["amenity": "toilets"], words: [], counts: (3, 6, 8), hours: ["24/7", "05:00-23:00", ""],
            extras: ["toilets:wheelchair": ["yes", "no", ""], "fee": ["no"], "changing_table": ["yes", ""]]),
    ]

    /// What stands in every town and is of no type of the catalogue, or is no longer there.
    private static let unwanted: [Trade] = [
        Trade(tags: ["amenity": "bank"], words: ["银行网点"], counts: (1, 1, 3), hours: office),
        Trade(tags: ["shop": "hardware"], words: ["五金店"], counts: (1, 3, 2), hours: shop),
        Trade(tags: ["shop": "clothes"], words: ["服装店"], counts: (2, 4, 6), hours: shop),
        Trade(tags: ["tourism": "hotel"], words: ["宾馆"], counts: (0, 1, 2), hours: ["24/7"]),
        Trade(tags: ["amenity": "bench"], words: [], counts: (3, 2, 5), hours: [""]),
        Trade(tags: ["disused:shop": "convenience"], words: ["旧便利店"], counts: (1, 1, 1), hours: [""]),
        Trade(tags: ["shop": "vacant"], words: [], counts: (1, 2, 2), hours: [""]),
        Trade(tags: ["shop": "tailor"], words: ["停业裁缝店"], counts: (0, 1, 0), hours: ["off"]),
    ]
}
