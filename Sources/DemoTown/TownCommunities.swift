internal import DirectoryModel
internal import Foundation

/// The register of communities, grids and kiosks of the town, as GeoJSON.
enum TownCommunities {
    /// The register's bytes; features in a fixed order, keys sorted.
    static func geoJSON(estates: [TownEstates.Drawn]) throws -> [UInt8] {
        var features: [[String: Any]] = []
        for community in TownCommunity.allCases {
            features.append(
                feature(
                    [
                        "kind": "community", "社区代码": community.id, "社区名称": community.name,
                        "name_en": community.nameEnglish, "街道": "翠溪街道(演示)", "户数": community.households,
                        "人口": community.population, "老年人口比例": community.elderShare,
                        "source": DemoTown.sourceTag,
                    ], polygon(community.ground)))
        }
        for community in TownCommunity.allCases { features += grids(of: community) }
        for (index, estate) in estates.enumerated() {
            features.append(
                feature(
                    [
                        "kind": "kiosk", "id": "kiosk-demo-\(index + 1)", "name": estate.plan.name + "大堂自助终端",
                        "community": estate.plan.community.id, "parent": "osm-w\(estate.way)",
                        "source": DemoTown.sourceTag,
                    ], ["type": "Point", "coordinates": position(estate.lobby)]))
        }
        let collection: [String: Any] = [
            "type": "FeatureCollection", "title": "演示数据 demo communities",
            "attribution": "演示数据 demo data, made up",
            "note": "演示数据 demo: every name and boundary is made up", "features": features,
        ]
        let data = try JSONSerialization.data(
            withJSONObject: collection, options: [.sortedKeys, .withoutEscapingSlashes])
        return Array(data) + [UInt8(ascii: "\n")]
    }

    private static func grids(of community: TownCommunity) -> [[String: Any]] {
        let ground = community.ground
        let columns = 2
        let rows = community == .qingshan ? 3 : 2
        var features: [[String: Any]] = []
        for row in 0..<rows {
            for column in 0..<columns {
                let width = (ground.x1 - ground.x0) / Double(columns)
                let height = (ground.y1 - ground.y0) / Double(rows)
                let block = Block(
                    x0: ground.x0 + Double(column) * width, y0: ground.y0 + Double(row) * height,
                    x1: ground.x0 + Double(column + 1) * width, y1: ground.y0 + Double(row + 1) * height)
                let number = row * columns + column + 1
                features.append(
                    feature(
                        [
                            "kind": "grid", "id": "\(community.id)-g\(number)", "name": "第\(number)网格",
                            "community": community.id, "keeper": "网格员岗\(number)",
                            "source": DemoTown.sourceTag,
                        ], polygon(block)))
            }
        }
        return features
    }

    private static func feature(_ properties: [String: Any], _ geometry: [String: Any]) -> [String: Any] {
        ["type": "Feature", "properties": properties, "geometry": geometry]
    }

    /// A rectangle of the plan with a point every 25 m, so that it bends with the streets.
    private static func polygon(_ block: Block) -> [String: Any] {
        let corners = block.corners + block.corners.prefix(1)
        var ring: [[NSDecimalNumber]] = []
        for (from, to) in zip(corners, corners.dropFirst()) {
            let length = abs(to.x - from.x) + abs(to.y - from.y)
            let steps = max(1, Int(length / 25))
            for step in 0..<steps {
                let share = Double(step) / Double(steps)
                ring.append(
                    position(Spot(x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share)))
            }
        }
        if let first = ring.first { ring.append(first) }
        return ["type": "Polygon", "coordinates": [ring]]
    }

    /// Longitude and latitude with seven decimals, as in OpenStreetMap.
    private static func position(_ spot: Spot) -> [NSDecimalNumber] {
        let point = TownCanvas.coordinate(spot)
        return [point.longitude.value, point.latitude.value].map { degrees in
            NSDecimalNumber(decimal: Decimal(Int((degrees * 1e7).rounded())) / 10_000_000)
        }
    }
}
