internal import AreaGeometry
internal import DirectoryModel
internal import OSMReader
internal import StreetMap

/// Takes from a map what is drawn: streets, buildings, waters, green and their names.
struct OSMDrawing {
    /// The street map as it grows.
    private(set) var builder = StreetMapBuilder()

    mutating func add(_ way: OSMWay) {
        guard let drawn = DrawingRules.line({ way.tags[$0] }) else { return }
        let name = drawn.kind == .rail ? nil : name(way.tags)
        // Extracts cut ways at their edge: nodes that the file does not hold break the line.
        for piece in way.nodes.split(whereSeparator: \.isMissing) {
            let line = piece.compactMap(\.coordinate)
            if drawn.kind == .waterLine {
                builder.addLine(drawn, line, name: nil)
                if let name { builder.addLabel(.waterLabel, name: name, along: line) }
            } else {
                builder.addLine(drawn, line, name: name)
            }
        }
    }

    mutating func add(_ area: OSMArea) {
        if let drawn = DrawingRules.area({ area.tags[$0] }) { builder.addArea(drawn, area.area) }
        if let kind = DrawingRules.label({ area.tags[$0] }), let name = name(area.tags),
            let point = try? AreaGeometry.pointInside(area.area)
        {
            builder.addLabel(kind, name: name, at: point, of: area.area)
        }
    }

    private func name(_ tags: OSMTags) -> String? {
        for key in ["name", "name:zh", "name:en"] {
            if let name = OSMTagRules.cleaned(tags[key], limit: 100) { return name }
        }
        return nil
    }
}
