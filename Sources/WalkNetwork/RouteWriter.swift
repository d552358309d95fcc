import DirectoryModel
import Glibc

/// One of the eight winds.
package enum Compass: String, Hashable, Sendable, CaseIterable {
    /// 337.5 … 22.5 degrees.
    case north
    /// 22.5 … 67.5 degrees.
    case northEast = "north_east"
    /// 67.5 … 112.5 degrees.
    case east
    /// 112.5 … 157.5 degrees.
    case southEast = "south_east"
    /// 157.5 … 202.5 degrees.
    case south
    /// 202.5 … 247.5 degrees.
    case southWest = "south_west"
    /// 247.5 … 292.5 degrees.
    case west
    /// 292.5 … 337.5 degrees.
    case northWest = "north_west"

    /// The wind of a bearing, from 0 up to 360 degrees.
    package init(bearing: Double) {
        let winds = Self.allCases
        self = winds[Int((bearing / 45).rounded()) % winds.count]
    }

    /// The wind in words.
    package var words: LocalizedText {
        switch self {
        case .north: LocalizedText(zh: "北", en: "north")
        case .northEast: LocalizedText(zh: "东北", en: "north-east")
        case .east: LocalizedText(zh: "东", en: "east")
        case .southEast: LocalizedText(zh: "东南", en: "south-east")
        case .south: LocalizedText(zh: "南", en: "south")
        case .southWest: LocalizedText(zh: "西南", en: "south-west")
        case .west: LocalizedText(zh: "西", en: "west")
        case .northWest: LocalizedText(zh: "西北", en: "north-west")
        }
    }
}

/// Writes a walk as a line and as directions.
struct RouteWriter {
    /// A bearing is taken over at most this many metres, so that a kink at a kerb is no turn.
    ///
    /// Chosen, not measured.
    static let bearingSpan = 20.0
    /// A bend of at least this many degrees begins a new direction on the same street.
    ///
    /// Chosen, not measured.
    static let bend = 60.0
    /// A direction shorter than this many metres does not end at a bend.
    ///
    /// Chosen, not measured.
    static let shortest = 15.0
    /// A leg shorter than this many metres is no direction of its own: in words it would be 0 m.
    static let shortestLeg = 0.5

    let network: WalkNetwork
    let origin: Snap
    let goal: Snap
    let stretches: [Stretch]

    /// A part of a piece as it is walked.
    private struct Move {
        var from: Coordinate
        var to: Coordinate
        var metres: Double
        var name: UInt32
        var stairs: Bool
    }

    /// The walk, of `metres` in all.
    func route(metres: Metres) -> Route {
        let moves = stretches.flatMap(moves)
        var line = [origin.thing, origin.point]
        line.append(contentsOf: moves.map(\.to))
        line.append(contentsOf: [goal.point, goal.thing])
        var distinct: [Coordinate] = []
        for point in line where point != distinct.last { distinct.append(point) }
        if distinct.count == 1 { distinct.append(goal.thing) }
        return Route(metres: metres, line: distinct, steps: steps(of: moves))
    }

    private func moves(of stretch: Stretch) -> [Move] {
        let low = min(stretch.from, stretch.to)
        let high = max(stretch.from, stretch.to)
        let start = network.point(ofEdge: stretch.edge, at: low)
        let end = network.point(ofEdge: stretch.edge, at: high)
        let stairs = network.edges[Int(stretch.edge)].flags & EdgeRecord.steps != 0
        var moves: [Move] = []
        for point in start.point...max(start.point, end.point) {
            let from = max(low, Double(network.pointPrefixes[point]) / 100)
            let to = min(high, Double(network.pointPrefixes[point + 1]) / 100)
            guard to > from else { continue }
            let first = point == start.point ? start.coordinate : network.position(ofPoint: point).coordinate
            let last = point == end.point ? end.coordinate : network.position(ofPoint: point + 1).coordinate
            moves.append(
                Move(
                    from: first, to: last, metres: to - from, name: network.pointNames[point],
                    stairs: stairs))
        }
        guard stretch.to < stretch.from else { return moves }
        return moves.reversed().map { move in
            Move(from: move.to, to: move.from, metres: move.metres, name: move.name, stairs: move.stairs)
        }
    }

    private func steps(of moves: [Move]) -> [RouteStep] {
        var groups: [[Move]] = []
        for move in moves {
            if let last = groups.last, !startsGroup(move, after: last) {
                groups[groups.count - 1].append(move)
            } else {
                groups.append([move])
            }
        }
        // A leg too short for a word goes with the direction beside it.
        let first = origin.leg.value
        let last = goal.leg.value
        guard !groups.isEmpty else {
            if first < Self.shortestLeg {
                return [legStep(.lastLeg, from: goal.point, to: goal.thing, metres: first + last)]
            }
            let start = legStep(.firstLeg, from: origin.thing, to: origin.point, metres: first)
            return [start, legStep(.lastLeg, from: goal.point, to: goal.thing, metres: last)]
        }
        var steps: [RouteStep] = []
        if first >= Self.shortestLeg {
            steps.append(legStep(.firstLeg, from: origin.thing, to: origin.point, metres: first))
        }
        for (number, group) in groups.enumerated() {
            let before = number == 0 && first < Self.shortestLeg ? first : 0
            let after = number == groups.count - 1 && last < Self.shortestLeg ? last : 0
            steps.append(wayStep(group, after: number == 0 ? nil : groups[number - 1], extra: before + after))
        }
        if last >= Self.shortestLeg {
            steps.append(legStep(.lastLeg, from: goal.point, to: goal.thing, metres: last))
        }
        return steps
    }

    private func startsGroup(_ move: Move, after group: [Move]) -> Bool {
        guard let last = group.last else { return true }
        if last.name != move.name || last.stairs != move.stairs { return true }
        guard group.reduce(0, { $0 + $1.metres }) >= Self.shortest else { return false }
        let angle = abs(Geodesy.bearing(last.from, last.to) - Geodesy.bearing(move.from, move.to))
        return min(angle, 360 - angle) >= Self.bend
    }

    private func wayStep(_ group: [Move], after before: [Move]?, extra: Double) -> RouteStep {
        let first = group[0]
        let bearing = startBearing(group)
        let name = network.name(first.name)
        let kind: RouteStep.Kind = first.stairs ? .stairs : .way
        let turn = before.map { Turn(from: endBearing($0), to: bearing) }
        let metres = Metres(group.reduce(extra) { $0 + $1.metres })
        let heading = Compass(bearing: bearing)
        return RouteStep(
            kind: kind, metres: metres, start: first.from, heading: heading, turn: turn, name: name,
            text: RouteWords.way(kind: kind, metres: metres, heading: heading, turn: turn, name: name))
    }

    private func legStep(
        _ kind: RouteStep.Kind, from: Coordinate, to: Coordinate, metres: Double
    ) -> RouteStep {
        let metres = Metres(metres)
        let heading = from == to ? nil : Compass(bearing: Geodesy.bearing(from, to))
        return RouteStep(
            kind: kind, metres: metres, start: from, heading: heading, turn: nil, name: nil,
            text: RouteWords.leg(kind: kind, metres: metres, heading: heading))
    }

    private func startBearing(_ group: [Move]) -> Double {
        var metres = 0.0
        var end = group[0].to
        for move in group {
            end = move.to
            metres += move.metres
            if metres >= Self.bearingSpan { break }
        }
        return Geodesy.bearing(group[0].from, end)
    }

    private func endBearing(_ group: [Move]) -> Double {
        var metres = 0.0
        var start = group[group.count - 1].from
        for move in group.reversed() {
            start = move.from
            metres += move.metres
            if metres >= Self.bearingSpan { break }
        }
        return Geodesy.bearing(start, group[group.count - 1].to)
    }
}

/// Directions in words.
enum RouteWords {
    /// A way or a flight of steps.
    static func way(
        kind: RouteStep.Kind, metres: Metres, heading: Compass, turn: Turn?, name: LocalizedText?
    ) -> LocalizedText {
        let whole = Int(metres.value.rounded())
        let wind = heading.words
        let zh: String
        let en: String
        if kind == .stairs {
            let street = name.map { "\($0.zh)的" } ?? ""
            zh = "走\(street)台阶 \(whole) 米"
            en = "take the steps" + (name.map { " of \($0.en)" } ?? "") + " for \(whole) m"
        } else {
            zh = "沿\(name?.zh ?? "小路")向\(wind.zh)步行 \(whole) 米"
            en = "walk \(whole) m \(wind.en) along \(name?.en ?? "a path")"
        }
        switch turn {
        case .left: return LocalizedText(zh: "左转，" + zh, en: "Turn left and " + en)
        case .right: return LocalizedText(zh: "右转，" + zh, en: "Turn right and " + en)
        case .back: return LocalizedText(zh: "掉头，" + zh, en: "Turn back and " + en)
        case .straight: return LocalizedText(zh: "直行，" + zh, en: "Go straight on and " + en)
        case nil: return LocalizedText(zh: zh, en: en.prefix(1).uppercased() + en.dropFirst())
        }
    }

    /// A straight leg between a thing and the network.
    static func leg(kind: RouteStep.Kind, metres: Metres, heading: Compass?) -> LocalizedText {
        let whole = Int(metres.value.rounded())
        let zhWind = heading.map { "向\($0.words.zh)" } ?? ""
        let enWind = heading.map { " \($0.words.en)" } ?? ""
        if kind == .firstLeg {
            return LocalizedText(
                zh: "从起点\(zhWind)步行 \(whole) 米到路上", en: "Walk \(whole) m\(enWind) to the way")
        }
        return LocalizedText(
            zh: "离开道路，\(zhWind)步行 \(whole) 米到达", en: "Leave the way and walk \(whole) m\(enWind) to the place"
        )
    }
}

extension WalkNetwork {
    /// A street's name in two languages, each standing in for the other where it is missing; nil: unnamed.
    func name(_ number: UInt32) -> LocalizedText? {
        guard number > 0, Int(number) < nameCount else { return nil }
        let record = names[Int(number)]
        let chinese = text(from: record.start, count: record.length)
        let english = text(from: record.englishStart, count: record.englishLength)
        return LocalizedText(zh: chinese.isEmpty ? english : chinese, en: english.isEmpty ? chinese : english)
    }

    private func text(from start: UInt32, count: UInt32) -> String {
        String(decoding: nameText[Int(start)..<Int(start) + Int(count)], as: UTF8.self)
    }
}
