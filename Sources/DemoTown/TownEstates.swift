/// A fenced estate of the plan.
struct EstatePlan {
    /// A gate of an estate.
    struct Gate {
        var side: Side
        var name: String
        /// Whether only residents with a key pass.
        var isPrivate = false
    }

    /// A side of an estate.
    enum Side {
        case south
        case north
        case west
        case east
    }

    var name: String
    var community: TownCommunity
    /// The block between the streets.
    var block: Block
    var buildings: Int
    var unitsPerBuilding: Int
    var households: Int
    var levels: Int
    var gates: [Gate]
}

/// Draws estates and old houses, and remembers where kiosks can stand.
struct TownEstates {
    /// An estate as drawn.
    struct Drawn {
        var plan: EstatePlan
        var way: Int64
        /// Just inside its first gate.
        var lobby: Spot
    }

    private(set) var drawn: [Drawn] = []

    /// From the middle of the street to the fence, in metres.
    static let setback = 14.0

    static let plans: [EstatePlan] = {
        func gates(_ open: EstatePlan.Side, _ closed: EstatePlan.Side) -> [EstatePlan.Gate] {
            let names: [EstatePlan.Side: String] = [.south: "南门", .north: "北门", .west: "西门", .east: "东门"]
            return [
                EstatePlan.Gate(side: open, name: names[open] ?? "门"),
                EstatePlan.Gate(side: closed, name: names[closed] ?? "门", isPrivate: true),
            ]
        }
        let columns = [(25.0, 425.0), (425.0, 825.0)]
        let a = TownCommunity.cuizhuyuan
        var plans = [
            EstatePlan(
                name: "翠竹园一期", community: a,
                block: Block(x0: columns[0].0, y0: 1_030, x1: columns[0].1, y1: 1_285),
                buildings: 17, unitsPerBuilding: 1, households: 731, levels: 11,
                gates: gates(.south, .north) + [EstatePlan.Gate(side: .east, name: "东门")]),
            EstatePlan(
                name: "翠竹园二期", community: a,
                block: Block(x0: columns[1].0, y0: 1_030, x1: columns[1].1, y1: 1_285),
                buildings: 17, unitsPerBuilding: 1, households: 731, levels: 11, gates: gates(.south, .east)),
            EstatePlan(
                name: "翠竹园三期", community: a,
                block: Block(x0: columns[0].0, y0: 780, x1: columns[0].1, y1: 1_030),
                buildings: 16, unitsPerBuilding: 1, households: 684, levels: 11, gates: gates(.south, .west)),
        ]
        let b = TownCommunity.qingshan
        let xs = [825.0, 1_155, 1_490, 1_825]
        let ys = [(20.0, 290.0), (290.0, 560.0), (780.0, 1_030.0), (1_030.0, 1_285.0), (1_285.0, 1_490.0)]
        let sites = [(0, 0), (2, 0), (0, 1), (1, 1), (2, 2), (1, 2), (0, 3), (2, 3), (1, 4)]
        let numbers = ["一", "二", "三", "四", "五", "六", "七", "八", "九"]
        for (number, site) in zip(numbers, sites) {
            let isEven = plans.count.isMultiple(of: 2)
            plans.append(
                EstatePlan(
                    name: "晴山蓝城\(number)区", community: b,
                    block: Block(x0: xs[site.0], y0: ys[site.1].0, x1: xs[site.0 + 1], y1: ys[site.1].1),
                    buildings: site.1 == 4 ? 8 : 12, unitsPerBuilding: 2, households: 880, levels: 18,
                    gates: isEven ? gates(.south, .north) : gates(.north, .west)))
        }
        return plans
    }()

    mutating func draw(on canvas: inout TownCanvas) {
        for plan in Self.plans { draw(plan, on: &canvas) }
        for (index, name) in ["机床厂宿舍", "南门里"].enumerated() {
            drawOldCompound(name, at: index == 0 ? (125, 290) : (525, 155), on: &canvas)
        }
        drawHouses(on: &canvas)
    }

    private mutating func draw(_ plan: EstatePlan, on canvas: inout TownCanvas) {
        let ground = plan.block.inset(Self.setback)
        let spine = Self.spine(of: ground)
        let lanes = Self.lanes(of: plan, ground: ground)
        let middle = lanes[lanes.count / 2]
        var outline = ground.corners
        var spineSpots = lanes.map { Spot(x: spine, y: $0) }
        var extra: (west: [Spot], east: [Spot]) = ([], [])
        for gate in plan.gates {
            let post = Self.post(of: gate, ground: ground, spine: spine, lane: middle)
            let kerb = Self.kerb(of: gate, block: plan.block, post: post)
            canvas.node(post, Self.tags(of: gate))
            canvas.join(kerb)
            outline = Self.inserting(post, into: outline, on: gate.side)
            switch gate.side {
            case .south: spineSpots = [kerb, post] + spineSpots
            case .north: spineSpots += [post, kerb]
            case .west: extra.west = [kerb, post]
            case .east: extra.east = [post, kerb]
            }
        }
        let way = canvas.area(
            outline,
            [
                "landuse": "residential", "residential": "gated", "name": plan.name, "barrier": "fence",
                "source": DemoTown.sourceTag,
            ])
        let doors = drawBuildings(of: plan, lanes: lanes, ground: ground, spine: spine, on: &canvas)
        for (row, lane) in lanes.enumerated() {
            var along = doors[row] + [spine, ground.x0 + 20, ground.x1 - 20]
            along = Set(along).sorted()
            var line = along.map { Spot(x: $0, y: lane) }
            if lane == middle { line = extra.west + line + extra.east }
            canvas.way(line, ["highway": "service", "service": "driveway"])
        }
        canvas.way(spineSpots, ["highway": "service", "name": plan.name + "中央道"])
        let first = plan.gates.first.map { Self.post(of: $0, ground: ground, spine: spine, lane: middle) }
        let centre = ground.centre
        let lobby = first.map {
            Spot(x: $0.x + (centre.x - $0.x).clamped(to: 4), y: $0.y + (centre.y - $0.y).clamped(to: 4))
        }
        drawn.append(Drawn(plan: plan, way: way, lobby: lobby ?? centre))
    }

    /// Where the middle lane of an estate runs, metres east.
    static func spine(of ground: Block) -> Double { ((ground.x0 + ground.x1) / 2).rounded() }

    /// Where the lanes of an estate run from west to east, metres north.
    static func lanes(of plan: EstatePlan, ground: Block) -> [Double] {
        let rows = plan.buildings > 12 ? 3 : 2
        let pitch = (ground.y1 - ground.y0 - 30) / Double(rows)
        return (0..<rows).map { (ground.y0 + 24 + Double($0) * pitch).rounded() }
    }

    /// Draws the buildings north of their lanes; returns where their doors are along each lane.
    private func drawBuildings(
        of plan: EstatePlan, lanes: [Double], ground: Block, spine: Double, on canvas: inout TownCanvas
    ) -> [[Double]] {
        let perRow = (plan.buildings + lanes.count - 1) / lanes.count
        let half = (perRow + 1) / 2
        var doors: [[Double]] = []
        var number = 0
        for lane in lanes {
            var rowDoors: [Double] = []
            for slot in 0..<(half * 2) where number < plan.buildings {
                let isWest = slot < half
                let margin = ground.x1 - ground.x0 > 150 ? 16.0 : 2
                let left = isWest ? ground.x0 + margin : spine + margin / 2
                let right = isWest ? spine - margin / 2 : ground.x1 - margin
                let width = (right - left) / Double(half)
                let x0 = (left + Double(slot % half) * width + 4).rounded()
                let x1 = (left + Double(slot % half + 1) * width - 4).rounded()
                number += 1
                rowDoors += drawBuilding(
                    number, of: plan, Block(x0: x0, y0: lane + 11, x1: x1, y1: lane + 24), lane: lane,
                    on: &canvas)
            }
            doors.append(rowDoors)
        }
        return doors
    }

    private func drawBuilding(
        _ number: Int, of plan: EstatePlan, _ ground: Block, lane: Double, on canvas: inout TownCanvas
    ) -> [Double] {
        let share = plan.households / plan.buildings
        let households = share + (number <= plan.households % plan.buildings ? 1 : 0)
        let units = plan.unitsPerBuilding
        var outline = [Spot(x: ground.x0, y: ground.y0)]
        var doors: [Double] = []
        for unit in 1...units {
            let x = (ground.x0 + (ground.x1 - ground.x0) * Double(unit) / Double(units + 1)).rounded()
            let door = Spot(x: x, y: ground.y0)
            canvas.node(
                door,
                [
                    "entrance": "staircase", "ref": "\(unit)",
                    "addr:flats:count": "\(households / units + (unit <= households % units ? 1 : 0))",
                ])
            outline.append(door)
            doors.append(x)
            canvas.way([Spot(x: x, y: lane), door], ["highway": "footway"])
        }
        outline += [
            Spot(x: ground.x1, y: ground.y0), Spot(x: ground.x1, y: ground.y1),
            Spot(x: ground.x0, y: ground.y1),
        ]
        canvas.area(
            outline,
            [
                "building": "apartments", "ref": "\(number)", "building:levels": "\(plan.levels)",
                "building:flats": "\(households)", "source": DemoTown.sourceTag,
            ])
        return doors
    }

    // MARK: - Gates

    private static func post(of gate: EstatePlan.Gate, ground: Block, spine: Double, lane: Double) -> Spot {
        switch gate.side {
        case .south: Spot(x: spine, y: ground.y0)
        case .north: Spot(x: spine, y: ground.y1)
        case .west: Spot(x: ground.x0, y: lane)
        case .east: Spot(x: ground.x1, y: lane)
        }
    }

    private static func kerb(of gate: EstatePlan.Gate, block: Block, post: Spot) -> Spot {
        switch gate.side {
        case .south: Spot(x: post.x, y: block.y0)
        case .north: Spot(x: post.x, y: block.y1)
        case .west: Spot(x: block.x0, y: post.y)
        case .east: Spot(x: block.x1, y: post.y)
        }
    }

    private static func tags(of gate: EstatePlan.Gate) -> [String: String] {
        var tags = ["barrier": "gate", "name": gate.name, "source": DemoTown.sourceTag]
        if gate.isPrivate {
            tags["access"] = "private"
            tags["locked"] = "yes"
        } else {
            tags["access"] = "private"
            tags["foot"] = "permissive"
        }
        return tags
    }

    /// The outline with a point put on one of its sides; corners run counter-clockwise from the south-west.
    private static func inserting(_ post: Spot, into outline: [Spot], on side: EstatePlan.Side) -> [Spot] {
        guard let first = outline.first,
            let corner = outline.firstIndex(where: { spot in
                switch side {
                case .south: spot == first
                case .east: spot.y == first.y && spot.x > post.x - 0.5
                case .north: spot.y > post.y - 0.5 && spot.x > post.x
                case .west: spot.x == first.x && spot.y > post.y
                }
            })
        else { return outline }
        var outline = outline
        outline.insert(post, at: corner + 1)
        return outline
    }

    // MARK: - The old quarter

    /// A walled yard with old flats around one lane; only one way in.
    private mutating func drawOldCompound(
        _ name: String, at corner: (Double, Double), on canvas: inout TownCanvas
    ) {
        let block = Block(x0: corner.0, y0: corner.1, x1: corner.0 + 100, y1: corner.1 + 135)
        let plan = EstatePlan(
            name: name, community: .nanmen, block: block, buildings: 4, unitsPerBuilding: 2, households: 96,
            levels: 6,
            gates: [EstatePlan.Gate(side: .south, name: "大门")])
        draw(plan, on: &canvas)
    }

    /// Houses along the alleys, by their street numbers.
    private func drawHouses(on canvas: inout TownCanvas) {
        let names: [Double: String] = [
            25: "西环路", 125: "染坊巷", 225: "槐树巷", 325: "一人巷", 525: "豆腐巷", 625: "井巷", 725: "铁匠巷",
        ]
        let taken = drawn.map(\.plan.block)
        for x in names.keys.sorted() {
            var number = 1
            for y in stride(from: 34.0, to: 545, by: 27) {
                let house = Block(x0: x + 18, y0: y, x1: x + 42, y1: y + 15)
                let crossesStreet = [155.0, 290, 425].contains { $0 > y - 8 && $0 < y + 23 }
                guard !crossesStreet, !taken.contains(where: { $0.contains(house.centre) }) else { continue }
                canvas.area(
                    house.corners,
                    [
                        "building": "house", "addr:street": names[x] ?? "", "addr:housenumber": "\(number)",
                        "building:levels": "2", "source": DemoTown.sourceTag,
                    ])
                number += 2
            }
        }
    }
}

extension Double {
    /// The number, not farther from zero than `limit`.
    fileprivate func clamped(to limit: Double) -> Double { Swift.min(limit, Swift.max(-limit, self)) }
}
