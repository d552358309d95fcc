internal import DirectoryModel

/// The three communities of the town.
enum TownCommunity: String, CaseIterable {
    /// 翠竹园: 0.404 km², 50 building groups, as in the case book.
    case cuizhuyuan
    /// 晴山蓝城: 1.49 km², 22,487 people, 12.02 % of them old, as in the case book.
    case qingshan
    /// An old quarter of alleys.
    case nanmen

    var id: String { "demo-" + rawValue }

    var name: String {
        switch self {
        case .cuizhuyuan: "翠竹园社区"
        case .qingshan: "晴山蓝城社区"
        case .nanmen: "南门老街社区"
        }
    }

    var nameEnglish: String {
        switch self {
        case .cuizhuyuan: "Cuizhuyuan Community"
        case .qingshan: "Qingshan Lancheng Community"
        case .nanmen: "Nanmen Old Street Community"
        }
    }

    /// Its ground on the plan.
    var ground: Block {
        switch self {
        case .cuizhuyuan: Block(x0: 25, y0: 780, x1: 825, y1: 1285)  // 800 m × 505 m
        case .qingshan: Block(x0: 825, y0: 0, x1: 1825, y1: 1490)  // 1000 m × 1490 m
        case .nanmen: Block(x0: 25, y0: 20, x1: 825, y1: 580)  // 800 m × 560 m
        }
    }

    var households: Int {
        switch self {
        case .cuizhuyuan: 2_146
        case .qingshan: 7_930
        case .nanmen: 1_870
        }
    }

    var population: Int {
        switch self {
        case .cuizhuyuan: 6_010
        case .qingshan: 22_487
        case .nanmen: 4_260
        }
    }

    /// The share of residents of 60 years and more, as a street office writes it.
    var elderShare: String {
        switch self {
        case .cuizhuyuan: "18.4%"
        case .qingshan: "12.02%"
        case .nanmen: "31.5%"
        }
    }

    static func around(_ spot: Spot) -> TownCommunity? { allCases.first { $0.ground.contains(spot) } }
}

/// Draws streets, river, bridges and alleys.
enum TownPlan {
    /// The river's banks, metres north.
    static let river = (south: 605.0, north: 715.0)

    static func draw(on canvas: inout TownCanvas) {
        drawRoads(on: &canvas)
        drawBridges(on: &canvas)
        drawAlleys(on: &canvas)
        canvas.area(
            Block(x0: -60, y0: river.south, x1: 1_900, y1: river.north).corners,
            ["natural": "water", "water": "river", "name": "翠溪", "name:en": "Cui Creek"])
    }

    private static func drawRoads(on canvas: inout TownCanvas) {
        let road = ["highway": "tertiary", "sidewalk": "both"]
        let side = ["highway": "residential"]
        canvas.street("西环路", vertical: true, at: 25, from: 20, to: 600, road)
        canvas.street("西环路", vertical: true, at: 25, from: 720, to: 1_285, road)
        canvas.street(
            "人民路", vertical: true, at: 825, from: 20, to: 1_490,
            ["highway": "secondary", "sidewalk": "both", "name:en": "Renmin Road"])
        canvas.street("晴山一路", vertical: true, at: 1_155, from: 20, to: 560, side)
        canvas.street("晴山一路", vertical: true, at: 1_155, from: 720, to: 1_490, side)
        canvas.street("晴山二路", vertical: true, at: 1_490, from: 20, to: 600, side)
        canvas.street("晴山二路", vertical: true, at: 1_490, from: 720, to: 1_490, side)
        canvas.street("东环路", vertical: true, at: 1_825, from: 20, to: 1_490, road)
        canvas.street(
            "南门大街", vertical: false, at: 20, from: 25, to: 1_825,
            ["highway": "secondary", "sidewalk": "both", "name:en": "Nanmen Street"])
        canvas.street("老街", vertical: false, at: 290, from: 25, to: 825, ["highway": "pedestrian"])
        canvas.street("蓝城南路", vertical: false, at: 290, from: 825, to: 1_825, side)
        canvas.street("河南路", vertical: false, at: 560, from: 25, to: 1_825, road)
        canvas.street("滨河南步道", vertical: false, at: 600, from: 25, to: 1_825, ["highway": "footway"])
        canvas.street("滨河北步道", vertical: false, at: 720, from: 25, to: 1_825, ["highway": "footway"])
        canvas.street("河北路", vertical: false, at: 780, from: 25, to: 1_825, road)
        canvas.street("竹园街", vertical: false, at: 1_030, from: 25, to: 1_825, side)
        canvas.street("北安路", vertical: false, at: 1_285, from: 25, to: 1_825, road)
        canvas.street("青山北路", vertical: false, at: 1_490, from: 825, to: 1_825, side)
    }

    private static func drawBridges(on canvas: inout TownCanvas) {
        let road = ["highway": "tertiary", "sidewalk": "both"]
        let deck = ["highway": "tertiary", "sidewalk": "both", "bridge": "yes", "layer": "1"]
        canvas.street("翠竹路", vertical: true, at: 425, from: 20, to: 600, road)
        canvas.street("翠竹桥", vertical: true, at: 425, from: 600, to: 720, deck)
        canvas.street("翠竹路", vertical: true, at: 425, from: 720, to: 1_285, road)
        // An old stone bridge with steps on both sides, which a wheelchair cannot use.
        let steps = ["highway": "steps", "step_count": "18"]
        canvas.street(nil, vertical: true, at: 225, from: 600, to: 616, steps)
        canvas.street(
            "石拱桥", vertical: true, at: 225, from: 616, to: 704,
            ["highway": "footway", "bridge": "yes", "layer": "1"])
        canvas.street(nil, vertical: true, at: 225, from: 704, to: 720, steps)
        canvas.street(nil, vertical: true, at: 225, from: 720, to: 780, ["highway": "footway"])
        // A footbridge with ramps.
        canvas.street(
            "晴山步行桥", vertical: true, at: 1_490, from: 600, to: 720,
            ["highway": "footway", "bridge": "yes", "layer": "1", "wheelchair": "yes"])
        // Stone steps down to the water.
        canvas.street("临河石阶", vertical: true, at: 625, from: 560, to: 600, ["highway": "steps"])
        canvas.street(nil, vertical: true, at: 1_155, from: 560, to: 600, ["highway": "steps", "ramp": "no"])
    }

    private static func drawAlleys(on canvas: inout TownCanvas) {
        let alley = ["highway": "living_street"]
        let path = ["highway": "footway"]
        canvas.street("槐树巷", vertical: true, at: 225, from: 20, to: 560, alley)
        canvas.street(nil, vertical: true, at: 225, from: 560, to: 600, path)
        canvas.street("井巷", vertical: true, at: 625, from: 20, to: 560, alley)
        canvas.street("染坊巷", vertical: true, at: 125, from: 20, to: 560, path)
        // Too narrow for two: one walks it northwards only.
        canvas.street(
            "一人巷", vertical: true, at: 325, from: 20, to: 290, ["highway": "footway", "oneway:foot": "yes"])
        canvas.street("一人巷北段", vertical: true, at: 325, from: 290, to: 560, path)
        canvas.street("豆腐巷", vertical: true, at: 525, from: 20, to: 560, path)
        canvas.street("铁匠巷", vertical: true, at: 725, from: 20, to: 560, path)
        canvas.street("书院街", vertical: false, at: 155, from: 25, to: 825, alley)
        canvas.street("后河巷", vertical: false, at: 425, from: 25, to: 825, alley)
    }
}
