import COsmium
import DirectoryModel

/// Where the C callbacks find the visitor.
private struct Station<Visitor: OSMVisitor> {
    let visitor: UnsafeMutablePointer<Visitor>
    let failure: UnsafeMutablePointer<(any Error)?>

    /// Runs a call to the visitor; returns what the C callback must return.
    func carry(_ body: (UnsafeMutablePointer<Visitor>) throws -> Void) -> Int32 {
        do {
            try body(visitor)
            return 0
        } catch {
            failure.pointee = error
            return 1
        }
    }
}

/// C callbacks can't be generic: they find the visitor through closures of this box.
private final class CallbackBox {
    let node: (OSMNode) -> Int32
    let way: (OSMWay) -> Int32
    let area: (OSMArea) -> Int32
    let unassembled: UnsafeMutablePointer<[OSMUnassembledArea]>
    let progress: ((Double) -> Void)?

    init<Visitor: OSMVisitor>(
        _ station: Station<Visitor>, unassembled: UnsafeMutablePointer<[OSMUnassembledArea]>,
        progress: ((Double) -> Void)?
    ) {
        self.unassembled = unassembled
        self.progress = progress
        node = { node in station.carry { try $0.pointee.node(node) } }
        way = { way in station.carry { try $0.pointee.way(way) } }
        area = { area in station.carry { try $0.pointee.area(area) } }
    }

    static func from(_ context: UnsafeMutableRawPointer?) -> CallbackBox? {
        context.map { Unmanaged<CallbackBox>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// Calls `body` with C callbacks that lead to the visitor; they are valid only meanwhile.
func withTrampoline<Visitor: OSMVisitor, Result>(
    visitor: inout Visitor, failure: inout (any Error)?, unassembled: inout [OSMUnassembledArea],
    progress: ((Double) -> Void)?, _ body: (cosmium_callbacks) -> Result
) -> Result {
    withUnsafeMutablePointer(to: &visitor) { visitor in
        withUnsafeMutablePointer(to: &failure) { failure in
            withUnsafeMutablePointer(to: &unassembled) { unassembled in
                let box = CallbackBox(
                    Station(visitor: visitor, failure: failure), unassembled: unassembled,
                    progress: progress)
                return withExtendedLifetime(box) {
                    body(
                        cosmium_callbacks(
                            context: Unmanaged.passUnretained(box).toOpaque(), node: takeNode,
                            way: takeWay, area: takeArea, broken_area: takeBrokenArea,
                            progress: takeProgress))
                }
            }
        }
    }
}

private func takeBrokenArea(
    context: UnsafeMutableRawPointer?, id: Int64, isRelation: Int32, tags: cosmium_tags
) -> Int32 {
    let area = OSMUnassembledArea(id: isRelation != 0 ? .relation(id) : .way(id), tags: OSMTags(tags))
    CallbackBox.from(context)?.unassembled.pointee.append(area)
    return 0
}

private func takeProgress(context: UnsafeMutableRawPointer?, done: UInt64, all: UInt64) -> Int32 {
    if all > 0 { CallbackBox.from(context)?.progress?(min(1, Double(done) / Double(all))) }
    return 0
}

private func takeNode(
    context: UnsafeMutableRawPointer?, id: Int64, latitude: Int32, longitude: Int32, tags: cosmium_tags
) -> Int32 {
    let node = OSMNode(id: id, coordinate: coordinate(latitude, longitude), tags: OSMTags(tags))
    return CallbackBox.from(context)?.node(node) ?? 1
}

private func takeWay(
    context: UnsafeMutableRawPointer?, id: Int64, nodes: UnsafePointer<cosmium_way_node>?, count: Int,
    tags: cosmium_tags
) -> Int32 {
    let nodes = UnsafeBufferPointer(start: nodes, count: count).map { node in
        OSMWayNode(id: node.id, latitude: node.latitude, longitude: node.longitude)
    }
    return CallbackBox.from(context)?.way(OSMWay(id: id, tags: OSMTags(tags), nodes: nodes)) ?? 1
}

private func takeArea(
    context: UnsafeMutableRawPointer?, id: Int64, isRelation: Int32, rings: UnsafePointer<cosmium_ring>?,
    count: Int, tags: cosmium_tags
) -> Int32 {
    var parts: [[[Coordinate]]] = []
    var outline: [Int64] = []
    for ring in UnsafeBufferPointer(start: rings, count: count) {
        let nodes = UnsafeBufferPointer(start: ring.nodes, count: ring.count)
        let points = nodes.map { coordinate($0.latitude, $0.longitude) }
        if ring.is_outer != 0 || parts.isEmpty {
            parts.append([points])
            outline.append(contentsOf: nodes.map(\.id))
        } else {
            parts[parts.count - 1].append(points)
        }
    }
    let area = OSMArea(
        id: isRelation != 0 ? .relation(id) : .way(id), tags: OSMTags(tags), area: Area(parts: parts),
        outlineNodes: outline)
    return CallbackBox.from(context)?.area(area) ?? 1
}

private func coordinate(_ latitude: Int32, _ longitude: Int32) -> Coordinate {
    Coordinate(uncheckedLatitude: Double(latitude) / 1e7, longitude: Double(longitude) / 1e7)
}
