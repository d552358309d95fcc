package import DirectoryModel
internal import Foundation

/// A made-up town in the likeness of the case book, written as the ordinary files that a real town comes in.
///
/// Three communities (翠竹园, 晴山蓝城, an old quarter) on a river, with estates, gates, alleys, steps and bridges,
/// and some 600 places over every type of the catalogue. There is no such town where its coordinates say.
package enum DemoTown {
    /// What the `source` tag of every named thing says.
    package static let sourceTag = "演示数据 demo"
    /// The map, the register of communities, the office's records, and a word about them.
    package static let fileNames = [
        "demo-town.osm.pbf", "demo-communities.geojson", "demo-records.json", "README.txt",
    ]
    /// The name of the writing program in the map's header, by which an import tells a demo from a real map.
    package static let writer = "quarterctl demo"

    /// The town's date: 2026-01-01, whatever the day on which it is written.
    private static let timestamp = Timestamp(secondsSince1970: 1_767_225_600)

    /// Writes the town's files into a folder, which is made where it is missing.
    ///
    /// - Parameter seed: the same seed gives the same bytes on every machine.
    /// - Returns: the paths of the files, in the order of `fileNames`.
    /// - Throws: `store_unwritable` when a file cannot be written.
    package static func write(to directory: String, seed: UInt64) throws(DirectoryError) -> [String] {
        let folder = URL(fileURLWithPath: directory, isDirectory: true)
        var path = folder.path
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return try files(seed: seed).map { file in
                path = folder.appendingPathComponent(file.name).path
                try Data(file.bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
                return path
            }
        } catch {
            throw DirectoryError(
                .storeUnwritable, "the demo file cannot be written",
                advice: "name a folder that this user may write",
                location: path, cause: (error as NSError).localizedDescription)
        }
    }

    /// The town's files: names and bytes.
    package static func files(seed: UInt64) throws -> [(name: String, bytes: [UInt8])] {
        var numbers = SeededNumbers(seed: seed)
        var canvas = TownCanvas(writer: "\(writer), seed \(seed)", timestamp: timestamp)
        TownPlan.draw(on: &canvas)
        var estates = TownEstates()
        estates.draw(on: &canvas)
        var places = TownPlaces()
        places.place(on: &canvas, numbers: &numbers)
        canvas.drawStreets()
        TownScenery.draw(on: &canvas)
        let contents = [
            canvas.file.pbf(), try TownCommunities.geoJSON(estates: estates.drawn),
            try TownServices.json(grounds: places.grounds),
            Array(readme(seed: seed).utf8),
        ]
        return Array(zip(fileNames, contents)).map { (name: $0, bytes: $1) }
    }

    private static func readme(seed: UInt64) -> String {
        """
        演示数据 demo data, seed \(seed)

        本文件夹里的城镇、社区、道路、网点全部是虚构的，坐标处并没有这个地方。
        The town, its communities, streets and places in this folder are all made up; there is no such place at
        its coordinates. The figures of two communities follow the Ministry of Commerce's case book (翠竹园:
        0.404 km², more than 2,000 households, 50 building groups; 晴山蓝城: 1.49 km², 22,487 people, 12.02 % old);
        all other figures are invented.

        quarterctl import osm \(fileNames[0])
        quarterctl import communities \(fileNames[1])
        quarterctl import records \(fileNames[2])

        """
    }
}
