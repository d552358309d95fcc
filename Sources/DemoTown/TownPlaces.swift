/// Puts the places of the town along its streets, and its larger ones on ground of their own.
struct TownPlaces {
    /// A place on a street where a shop front can be.
    private struct Front {
        var spot: Spot
        var street: String
        var number: Int
    }

    private var fronts: [TownCommunity: [Front]] = [:]
    private var usedNames: Set<String> = []
    /// The ways of the places with ground of their own, by name.
    private(set) var grounds: [String: Int64] = [:]

    /// Words that a shop's name begins with.
    private static let beginnings = [
        "惠民", "福满", "邻里", "百家", "新源", "康宁", "吉祥", "和顺", "春晓", "永兴", "晨光", "三味", "河畔", "竹影",
        "云起", "松鹤", "万家", "一品", "真味", "老周", "阿英", "小叶", "大成", "同心", "好时光", "四季", "青禾", "明德",
        "翠溪", "广源", "鼎香", "如意", "金穗", "美佳", "仁和", "兰亭", "海棠", "石桥",
    ]

    /// Streets without shops: paths, steps and bridges.
    static let quiet: Set<String> = ["滨河南步道", "滨河北步道", "石拱桥", "晴山步行桥", "翠竹桥", "临河石阶", "一人巷"]

    mutating func place(on canvas: inout TownCanvas, numbers: inout SeededNumbers) {
        collectFronts(of: canvas.streets, numbers: &numbers)
        placeGrounds(on: &canvas)
        for community in TownCommunity.allCases {
            for trade in TownTrades.all {
                for _ in 0..<trade.count(in: community) {
                    open(trade, in: community, on: &canvas, numbers: &numbers)
                }
            }
        }
    }

    private mutating func collectFronts(of streets: [TownCanvas.Street], numbers: inout SeededNumbers) {
        let crossings = { (street: TownCanvas.Street) in
            streets.filter { $0.isVertical != street.isVertical }.map(\.at)
        }
        for street in streets {
            guard let name = street.name, !Self.quiet.contains(name) else { continue }
            let others = crossings(street)
            let isNarrow = ["footway", "living_street"].contains(street.tags["highway"])
            var number = 1
            // A shop front every 11 m, on both sides, away from crossings. Chosen, not measured.
            for along in stride(from: street.from + 16, to: street.to - 10, by: 11) {
                number += 2
                guard !others.contains(where: { abs($0 - along) < 11 }) else { continue }
                for side in [-1.0, 1.0] {
                    let offset = side * (isNarrow ? 4 : 8)
                    let spot =
                        street.isVertical
                        ? Spot(x: street.at + offset, y: along) : Spot(x: along, y: street.at + offset)
                    guard !(TownPlan.river.south - 6...TownPlan.river.north + 6).contains(spot.y),
                        let community = TownCommunity.around(spot)
                    else { continue }
                    fronts[community, default: []].append(
                        Front(spot: spot, street: name, number: side > 0 ? number : number + 1))
                }
            }
        }
        for community in TownCommunity.allCases { fronts[community] = numbers.mixed(fronts[community] ?? []) }
    }

    private mutating func open(
        _ trade: Trade, in community: TownCommunity, on canvas: inout TownCanvas, numbers: inout SeededNumbers
    ) {
        guard let front = fronts[community]?.popLast() else { return }
        var tags = trade.tags
        for (key, values) in trade.extras.sorted(by: { $0.key < $1.key }) {
            if let value = numbers.pick(values), !value.isEmpty { tags[key] = value }
        }
        if let hours = numbers.pick(trade.hours), !hours.isEmpty { tags["opening_hours"] = hours }
        if let word = numbers.pick(trade.words) { tags["name"] = name(word, front: front, numbers: &numbers) }
        tags["addr:street"] = front.street
        tags["addr:housenumber"] = "\(front.number)"
        tags["source"] = DemoTown.sourceTag
        canvas.node(front.spot, tags)
    }

    private mutating func name(_ word: String, front: Front, numbers: inout SeededNumbers) -> String {
        for _ in 0..<8 {
            let name = (numbers.pick(Self.beginnings) ?? "") + word
            if usedNames.insert(name).inserted { return name }
        }
        let name = (numbers.pick(Self.beginnings) ?? "") + word + "(\(front.street)\(front.number)号店)"
        usedNames.insert(name)
        return name
    }

    // MARK: - Places with ground of their own

    private struct Ground {
        var name: String
        var block: Block
        var tags: [String: String]
    }

    private mutating func placeGrounds(on canvas: inout TownCanvas) {
        for ground in Self.grounds {
            var tags = ground.tags
            tags["name"] = ground.name
            tags["source"] = DemoTown.sourceTag
            grounds[ground.name] = canvas.area(ground.block.corners, tags)
        }
        drawSquares(on: &canvas)
        // The hall inside the market is mapped a second time, as mappers do: the import must keep one.
        canvas.node(
            Spot(x: 500, y: 850), ["amenity": "marketplace", "name": "翠竹农贸市场", "source": DemoTown.sourceTag])
        for (index, stall) in Self.stalls.enumerated() {
            canvas.node(
                Spot(x: 468 + Double(index % 4) * 18, y: 830 + Double(index / 4) * 16),
                stall.merging(["indoor": "yes", "source": DemoTown.sourceTag, "operator": "翠竹农贸市场"]) {
                    old, _ in old
                })
        }
    }

    /// The paths across the open blocks, so that what stands there is walked to from all sides.
    private func drawSquares(on canvas: inout TownCanvas) {
        let path = ["highway": "pedestrian"]
        for block in Self.openBlocks {
            let centre = block.centre
            for end in [
                Spot(x: centre.x, y: block.y0), Spot(x: centre.x, y: block.y1),
                Spot(x: block.x0, y: centre.y),
                Spot(x: block.x1, y: centre.y),
            ] {
                canvas.join(end)
                canvas.way([end, centre], path)
            }
        }
    }

    /// The blocks without a fenced estate.
    static let openBlocks = [
        Block(x0: 425, y0: 780, x1: 825, y1: 1_030), Block(x0: 1_155, y0: 20, x1: 1_490, y1: 290),
        Block(x0: 1_490, y0: 290, x1: 1_825, y1: 560), Block(x0: 825, y0: 780, x1: 1_155, y1: 1_030),
        Block(x0: 1_155, y0: 1_030, x1: 1_490, y1: 1_285), Block(x0: 825, y0: 1_285, x1: 1_155, y1: 1_490),
        Block(x0: 1_490, y0: 1_285, x1: 1_825, y1: 1_490),
    ]

    private static let market = [
        "amenity": "marketplace", "building": "retail", "opening_hours": "Mo-Su 05:30-19:00",
        "covered": "yes",
        "wheelchair": "yes",
    ]

    private static let canteen = [
        "amenity": "restaurant", "building": "yes",
        "opening_hours": "Mo-Su 06:30-08:30,11:00-13:00,17:00-18:30",
        "wheelchair": "yes", "diet:halal": "no", "delivery": "yes",
    ]

    private static let grounds: [Ground] = [
        Ground(
            name: "翠竹农贸市场", block: Block(x0: 460, y0: 820, x1: 545, y1: 880),
            tags: market.merging([
                "goods": "蔬菜;水果;肉类;水产;豆制品;卤菜;半成品菜;小吃", "stall_count": "64", "zones": "卤菜区、半成品菜区、水果区、小吃区",
                "waste_sorting": "yes", "fair_scale": "yes",
            ]) { $1 }),
        Ground(
            name: "银发餐厅(翠竹园社区食堂)", block: Block(x0: 660, y0: 830, x1: 690, y1: 850),
            tags: canteen.merging([
                "open_to": "老年人;残疾人", "sittings": "早餐;午餐;晚餐", "lunch_price": "15元", "elder_lunch_price": "8元",
                "minimum_age": "60", "capacity": "80", "subsidised": "yes",
            ]) { $1 }),
        Ground(
            name: "翠竹园社区党群服务中心", block: Block(x0: 660, y0: 930, x1: 700, y1: 960),
            tags: [
                "amenity": "community_centre", "building": "civic",
                "opening_hours": "Mo-Fr 08:30-17:30; PH off",
                "wheelchair": "yes",
            ]),
        Ground(
            name: "翠竹广场", block: Block(x0: 450, y0: 920, x1: 560, y1: 1_000),
            tags: ["shop": "mall", "building": "retail", "opening_hours": "10:00-22:00"]),
        Ground(
            name: "翠竹园爱心餐助餐点", block: Block(x0: 740, y0: 930, x1: 760, y1: 945),
            tags: canteen.merging(["open_to": "老年人", "sittings": "午餐", "lunch_price": "10元"]) { $1 }),
        Ground(
            name: "蓝城农贸市场", block: Block(x0: 1_190, y0: 60, x1: 1_290, y1: 130),
            tags: market.merging(["goods": "蔬菜;水果;肉类;水产;粮油", "stall_count": "112"]) { $1 }),
        Ground(
            name: "晴山早市", block: Block(x0: 860, y0: 1_320, x1: 930, y1: 1_360),
            tags: ["amenity": "marketplace", "opening_hours": "05:00-09:30", "goods": "蔬菜;水果;小吃"]),
        Ground(
            name: "蓝城中心", block: Block(x0: 1_520, y0: 330, x1: 1_640, y1: 400),
            tags: ["shop": "mall", "building": "retail", "opening_hours": "10:00-22:00"]),
        Ground(
            name: "晴山蓝城惠爱餐厅", block: Block(x0: 860, y0: 820, x1: 895, y1: 845),
            tags: canteen.merging([
                "open_to": "所有人", "sittings": "午餐;晚餐", "lunch_price": "18元", "elder_lunch_price": "12元",
                "capacity": "150",
            ]) { $1 }),
        Ground(
            name: "晴山社区食堂", block: Block(x0: 1_190, y0: 1_070, x1: 1_225, y1: 1_095),
            tags: canteen.merging(["open_to": "所有人", "sittings": "早餐;午餐;晚餐", "capacity": "120"]) { $1 }),
        Ground(
            name: "晴山公园", block: Block(x0: 1_510, y0: 1_310, x1: 1_640, y1: 1_370), tags: ["leisure": "park"]),
        Ground(
            name: "老街菜场", block: Block(x0: 440, y0: 310, x1: 500, y1: 350),
            tags: market.merging(["goods": "蔬菜;肉类;禽蛋;豆制品;卤菜", "stall_count": "38"]) { $1 }),
        Ground(
            name: "南门老街助餐点", block: Block(x0: 440, y0: 180, x1: 460, y1: 195),
            tags: canteen.merging(["open_to": "老年人", "sittings": "午餐", "lunch_price": "9元"]) { $1 }),
    ]

    private static let stalls: [[String: String]] = [
        ["shop": "greengrocer", "name": "甲1号蔬菜摊"], ["shop": "greengrocer", "name": "甲2号水果摊"],
        ["shop": "butcher", "name": "乙1号鲜肉摊"], ["shop": "seafood", "name": "乙2号水产摊"],
        ["shop": "deli", "name": "丙1号卤菜摊"], ["shop": "deli", "name": "丙2号半成品菜摊"],
        ["amenity": "fast_food", "name": "丁1号锅贴摊", "opening_hours": "05:30-13:00"],
        ["amenity": "fast_food", "name": "丁2号豆浆摊", "opening_hours": "05:30-10:00"],
    ]
}
