/// Draws what only a map shows: rows of shops, lawns, woods, a pond, rails.
///
/// None of it is walked on or becomes a place. It is drawn when all else is, so that nothing else gets another id.
enum TownScenery {
    static func draw(on canvas: inout TownCanvas) {
        drawShopRows(on: &canvas)
        drawBanks(on: &canvas)
        drawLawns(on: &canvas)
        drawOpenBlocks(on: &canvas)
        drawOutskirts(on: &canvas)
    }

    /// The houses that the shops of the streets are in: one-storey rows between kerb and fence.
    private static func drawShopRows(on canvas: inout TownCanvas) {
        let tags = ["building": "retail", "building:levels": "1"]
        for street in canvas.streets {
            guard let name = street.name, !TownPlaces.quiet.contains(name) else { continue }
            let isNarrow = ["footway", "living_street"].contains(street.tags["highway"])
            let (near, far) = isNarrow ? (3.0, 12.0) : (6.0, 13.0)
            // Whatever joins the street stays open: the rows stand between the joints.
            let joints = street.stops.sorted()
            for (from, to) in zip(joints, joints.dropFirst()) where to - from > 40 {
                let count = ((to - from - 24) / 33).rounded(.down)
                guard count >= 1 else { continue }
                let width = (to - from - 24) / count
                for number in 0..<Int(count) {
                    let start = from + 12 + Double(number) * width
                    for side in [-1.0, 1.0] {
                        let along = (start + 1, start + width - 1)
                        let across = (street.at + side * near, street.at + side * far)
                        let block =
                            street.isVertical
                            ? Block(
                                x0: min(across.0, across.1), y0: along.0, x1: max(across.0, across.1),
                                y1: along.1)
                            : Block(
                                x0: along.0, y0: min(across.0, across.1), x1: along.1,
                                y1: max(across.0, across.1))
                        guard TownCommunity.around(block.centre) != nil else { continue }
                        canvas.area(block.corners, tags)
                    }
                }
            }
        }
    }

    /// Grass along the river, and a park on its northern bank.
    private static func drawBanks(on canvas: inout TownCanvas) {
        let grass = ["landuse": "grass"]
        let edges = [25.0, 225, 425, 625, 825, 1_155, 1_490, 1_825]
        for (west, east) in zip(edges, edges.dropFirst()) {
            canvas.area(Block(x0: west + 12, y0: 576, x1: east - 12, y1: 597).corners, grass)
            guard west != 425 else { continue }
            canvas.area(Block(x0: west + 12, y0: 723, x1: east - 12, y1: 765).corners, grass)
        }
        canvas.area(
            Block(x0: 437, y0: 723, x1: 813, y1: 765).corners,
            [
                "landuse": "recreation_ground", "name": "翠溪滨河公园", "name:en": "Cui Creek Riverside Park",
                "source": DemoTown.sourceTag,
            ])
    }

    /// A lawn between the rows of each estate.
    private static func drawLawns(on canvas: inout TownCanvas) {
        for plan in TownEstates.plans {
            let ground = plan.block.inset(TownEstates.setback)
            let lanes = TownEstates.lanes(of: plan, ground: ground)
            let spine = TownEstates.spine(of: ground)
            for (lane, next) in zip(lanes, lanes.dropFirst() + [ground.y1]) where next - lane > 40 {
                for (west, east) in [(ground.x0 + 20, spine - 8), (spine + 8, ground.x1 - 20)] {
                    canvas.area(
                        Block(x0: west, y0: lane + 28, x1: east, y1: next - 8).corners,
                        ["landuse": "grass"])
                }
            }
        }
    }

    /// Green in the corners of the blocks without a fenced estate, and a house about a yard.
    private static func drawOpenBlocks(on canvas: inout TownCanvas) {
        for (index, block) in TownPlaces.openBlocks.enumerated() {
            let ground = block.inset(18)
            let centre = block.centre
            canvas.area(
                Block(x0: centre.x + 10, y0: ground.y0, x1: ground.x1, y1: centre.y - 10).corners,
                ["landuse": "village_green"])
            let corner = Block(x0: centre.x + 10, y0: centre.y + 10, x1: ground.x1, y1: ground.y1)
            if index % 2 == 0 {
                canvas.area(corner.corners, ["natural": "wood"])
            } else {
                drawYardHouse(in: corner.inset(12), on: &canvas)
            }
        }
    }

    private static func drawYardHouse(in block: Block, on canvas: inout TownCanvas) {
        let outline = canvas.area(block.corners, [:])
        let yard = canvas.area(block.inset(14).corners, [:])
        canvas.relation(
            [(outline, "outer"), (yard, "inner")],
            ["type": "multipolygon", "building": "office", "building:levels": "5"])
        canvas.area(block.inset(18).corners, ["landuse": "grass"])
    }

    /// What lies about the town: a wooded hill, a pond in the park with an island, and a railway.
    private static func drawOutskirts(on canvas: inout TownCanvas) {
        let hill = [
            (830.0, 1_512.0), (1_100, 1_506), (1_400, 1_510), (1_830, 1_505), (1_880, 1_640), (1_700, 1_790),
            (1_430, 1_730), (1_210, 1_820), (960, 1_760), (800, 1_650),
        ]
        canvas.area(
            hill.map { Spot(x: $0.0, y: $0.1) },
            ["natural": "wood", "name": "晴山", "name:en": "Mount Qing", "source": DemoTown.sourceTag])
        let pond = canvas.area(round(Spot(x: 1_575, y: 1_338), 24), [:])
        let island = canvas.area(round(Spot(x: 1_580, y: 1_340), 7), [:])
        canvas.relation(
            [(pond, "outer"), (island, "inner")],
            [
                "type": "multipolygon", "natural": "water", "water": "pond", "name": "莲池",
                "name:en": "Lotus Pond", "source": DemoTown.sourceTag,
            ])
        canvas.way(
            stride(from: -60.0, through: 1_900, by: 70).map { Spot(x: $0, y: -45) },
            ["railway": "rail", "name": "演示铁路", "source": DemoTown.sourceTag])
    }

    /// Twelve points about a middle.
    private static func round(_ middle: Spot, _ radius: Double) -> [Spot] {
        let turns = [
            (1.0, 0.0), (0.866, 0.5), (0.5, 0.866), (0, 1), (-0.5, 0.866), (-0.866, 0.5), (-1, 0),
            (-0.866, -0.5), (-0.5, -0.866), (0, -1), (0.5, -0.866), (0.866, -0.5),
        ]
        return turns.map { Spot(x: middle.x + radius * 1.6 * $0.0, y: middle.y + radius * $0.1) }
    }
}
