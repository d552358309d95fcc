import DirectoryModel

extension WalkNetwork {
    /// Rows are handed over in parts of about this many bytes.
    ///
    /// Chosen, not measured.
    private static let exportPart = 1 << 16

    /// Writes `nodes.csv`: header `id,lat,lon,blocked`, then one row a node.
    ///
    /// - Parameter write: takes the next bytes of the file.
    package func writeNodesCSV(_ write: ([UInt8]) throws -> Void) rethrows {
        var text = CSVText(header: "id,lat,lon,blocked")
        for node in 0..<nodeCount {
            text.append(integer: nodeIDs[node])
            text.append(",")
            text.append(fixed: Int64(nodePositions[node].latitude), decimals: 7)
            text.append(",")
            text.append(fixed: Int64(nodePositions[node].longitude), decimals: 7)
            text.append(nodeBlocked[node] == 0 ? ",0\n" : ",1\n")
            if text.bytes.count >= Self.exportPart { try text.flush(write) }
        }
        try text.flush(write)
    }

    /// Writes `edges.csv`: header `edge,from,to,metres,steps,oneway`, then one row a pair of consecutive way
    /// nodes, not contracted, by piece number.
    ///
    /// A one-way piece (`oneway` 1) goes from `from` to `to`; ways against their nodes are turned round.
    ///
    /// - Parameter write: takes the next bytes of the file.
    package func writeEdgesCSV(_ write: ([UInt8]) throws -> Void) rethrows {
        var text = CSVText(header: "edge,from,to,metres,steps,oneway")
        for edge in 0..<edgeCount {
            let flags = edges[edge].flags
            let first = Int(edges[edge].firstPoint)
            for point in first..<Int(edges[edge + 1].firstPoint) - 1 {
                text.append(integer: Int64(point - edge))
                text.append(",")
                text.append(integer: nodeIDs[Int(pointNodes[point])])
                text.append(",")
                text.append(integer: nodeIDs[Int(pointNodes[point + 1])])
                text.append(",")
                text.append(fixed: Int64(pointPrefixes[point + 1] - pointPrefixes[point]), decimals: 2)
                text.append(flags & EdgeRecord.steps == 0 ? ",0" : ",1")
                text.append(flags & EdgeRecord.oneway == 0 ? ",0\n" : ",1\n")
            }
            if text.bytes.count >= Self.exportPart { try text.flush(write) }
        }
        try text.flush(write)
    }
}

/// Rows of numbers as text.
private struct CSVText {
    private(set) var bytes: [UInt8] = []

    init(header: StaticString) {
        append(header)
        bytes.append(UInt8(ascii: "\n"))
    }

    mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(integer value: Int64) { bytes.append(contentsOf: String(value).utf8) }

    /// Appends `value` / 10^decimals, exactly.
    mutating func append(fixed value: Int64, decimals: Int) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let digits = String(value.magnitude).utf8
        let padding = max(0, decimals + 1 - digits.count)
        let all = Array(repeating: UInt8(ascii: "0"), count: padding) + digits
        bytes.append(contentsOf: all.dropLast(decimals))
        bytes.append(UInt8(ascii: "."))
        bytes.append(contentsOf: all.suffix(decimals))
    }

    mutating func flush(_ write: ([UInt8]) throws -> Void) rethrows {
        guard !bytes.isEmpty else { return }
        try write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
