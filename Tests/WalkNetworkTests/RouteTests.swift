import DirectoryModel
import Testing

@testable import WalkNetwork

@Suite("routes in words")
struct RouteTests {
    private let drawing = """
          1
        A----------B
                   |
                   |
        D----------C
         2
        """

    @Test("a street, a corner, an unnamed way, both legs")
    func words() throws {
        let map = try AsciiMap(
            drawing,
            ways: [
                "AB": ["highway": "residential", "name": "建康路", "name:en": "Jiankang Road"],
                "BC": ["highway": "footway"], "CD": ["highway": "residential", "name": "升州路"],
            ])
        let route = try map.route("1", "2")
        #expect(route.metres.value == map.walk("1", "2"))
        #expect(route.steps.map(\.kind) == [.firstLeg, .way, .way, .way, .lastLeg])
        #expect(
            route.steps.map(\.text.zh) == [
                "从起点向南步行 10 米到路上", "沿建康路向东步行 90 米", "右转，沿小路向南步行 30 米",
                "右转，沿升州路向西步行 100 米", "离开道路，向南步行 10 米到达",
            ])
        #expect(
            route.steps.map(\.text.en) == [
                "Walk 10 m south to the way", "Walk 90 m east along Jiankang Road",
                "Turn right and walk 30 m south along a path", "Turn right and walk 100 m west along 升州路",
                "Leave the way and walk 10 m south to the place",
            ])
        #expect(route.steps[1].name == LocalizedText(zh: "建康路", en: "Jiankang Road"))
        #expect(route.steps[1].turn == nil)
        #expect(route.line.first == map.coordinate("1"))
        #expect(route.line.last == map.coordinate("2"))
        #expect(route.line.count == 6)
    }

    @Test("back again, to the left")
    func back() throws {
        let map = try AsciiMap(
            drawing,
            ways: ["AB": ["highway": "path"], "BC": ["highway": "steps"], "CD": ["highway": "path"]])
        let route = try map.route("2", "1")
        #expect(
            route.steps.map(\.text.zh) == [
                "从起点向北步行 10 米到路上", "沿小路向东步行 100 米", "左转，走台阶 30 米",
                "左转，沿小路向西步行 90 米", "离开道路，向北步行 10 米到达",
            ])
        #expect(route.steps[2].kind == .stairs)
        #expect(route.steps[2].text.en == "Turn left and take the steps for 30 m")
        #expect(throws: DirectoryError.self) { try map.route("2", "1", avoidsSteps: true) }
    }

    @Test("to oneself")
    func nowhere() throws {
        let map = try AsciiMap("A--1--B", ways: ["AB": ["highway": "path"]])
        let route = try map.route("1", "1")
        #expect(route.metres < 1e-6)
        #expect(route.line.count >= 2)
        #expect(route.steps.count == 1)
    }

    @Test(
        "the eight winds",
        arguments: [
            (0.0, Compass.north), (22.4, .north), (22.6, .northEast), (90, .east), (135, .southEast),
            (180, .south),
            (225, .southWest), (270, .west), (315, .northWest), (337.6, .north), (360, .north),
        ])
    func winds(bearing: Double, wind: Compass) { #expect(Compass(bearing: bearing) == wind) }

    @Test(
        "turns",
        arguments: [
            (0.0, 29.0, Turn.straight), (350, 10, .straight), (0, 90, .right), (90, 0, .left),
            (10, 280, .left),
            (0, 180, .back), (90, 270, .back), (280, 10, .right),
        ])
    func turns(before: Double, after: Double, turn: Turn) { #expect(Turn(from: before, to: after) == turn) }
}
