import ArgumentParser
import DirectoryAPI
import DirectoryClient
import DirectoryModel
import Foundation

/// `quarterctl isochrone`: how far one gets.
struct IsochroneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "isochrone", abstract: "Show how far one gets, as GeoJSON.",
        discussion: "For each limit the file holds the area and the pieces of way that are reached.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var start: OriginOptions

    @Option(
        help: ArgumentHelp("Ascending limits in minutes, with commas between them.", valueName: "5,10,15"))
    var minutes: String?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Write the GeoJSON to this file.", valueName: "file"),
        completion: .file())
    var output: String?

    func run() throws {
        let query = start.query + (minutes.map { [("minutes", $0)] } ?? [])
        let reply = try global.ask(ClientRequest("GET", "/v1/isochrone", query: query))
        if let output { try OutputFile.write(reply.body, to: output) }
        if global.json { return Terminal.print(json: reply.body) }
        let answer = try reply.json()
        print("From \(ReachCommand.originName(answer["origin"])), \(answer.text("profile"))")
        Terminal.print(Self.table(answer))
        if let output {
            print("Written to \(output).")
        } else {
            print("The shape itself: --output FILE.geojson, or --json.")
        }
        Terminal.printAttribution(answer.texts("attribution"))
    }

    /// A row a limit.
    static func table(_ answer: JSONValue) -> Table {
        var table = Table([.number("min"), .number("m"), .number("ways"), .number("km of way")])
        for feature in answer.list("features") {
            guard let properties = feature["properties"], properties.text("kind") == "ways" else { continue }
            let lines = feature["geometry"]?.list("coordinates") ?? []
            table.add([
                properties.number("minutes")?.decimals(0) ?? "",
                properties.number("metres")?.decimals(1) ?? "", String(lines.count),
                (lines.reduce(0) { $0 + length(of: $1) } / 1000).decimals(2),
            ])
        }
        return table
    }

    /// Metres of a GeoJSON line, by haversine on the sphere of the walking rules.
    static func length(of line: JSONValue) -> Double {
        guard case .array(let positions) = line else { return 0 }
        let points = positions.compactMap { position -> (latitude: Double, longitude: Double)? in
            guard case .array(let numbers) = position, numbers.count >= 2,
                let longitude = numbers[0].asNumber, let latitude = numbers[1].asNumber
            else { return nil }
            return (latitude * .pi / 180, longitude * .pi / 180)
        }
        // The mean radius of the Earth in metres that docs/walking.md gives.
        let radius = 6_371_008.8
        return zip(points, points.dropFirst()).reduce(0) { sum, pair in
            let (from, to) = pair
            let half = sin((to.latitude - from.latitude) / 2)
            let across = sin((to.longitude - from.longitude) / 2)
            let chord = half * half + cos(from.latitude) * cos(to.latitude) * across * across
            return sum + 2 * radius * asin(min(1, chord.squareRoot()))
        }
    }
}

/// A file that a command writes.
enum OutputFile {
    /// Writes bytes whole or not at all.
    ///
    /// - Throws: `unreadable_file` naming the file.
    static func write(_ bytes: [UInt8], to path: String) throws(DirectoryError) {
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw DirectoryError(
                .unreadableFile, "cannot write \(path)", advice: "check the folder and its permissions",
                cause: (error as NSError).localizedDescription)
        }
    }
}
