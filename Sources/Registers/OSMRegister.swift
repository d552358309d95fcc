internal import Digests
internal import DirectoryAPI
internal import DirectoryModel
internal import Foundation
internal import OSMReader
internal import StreetMap
internal import WalkNetwork

/// Reads an OpenStreetMap file: the walking network, the street map, places and origins.
struct OSMRegister {
    let sink: any RegisterSink
    let request: RegisterRequest

    func take(progress: @Sendable (LocalizedText, Double) -> Void) throws(DirectoryError) -> RegisterReport {
        let matcher = TypeMatcher(types: sink.typeDescriptions)
        var collector = OSMCollector(matcher: matcher)

        let reading = LocalizedText(zh: "读取地图", en: "reading the map")
        progress(reading, 0)
        let selection = collector.selection
        let summary = try attempt(.invalidFile) {
            // The reader keeps the closure no longer than the call.
            try withoutActuallyEscaping(progress) { progress in
                try OSMReader.read(path: request.path, selection: selection, visitor: &collector) { share in
                    progress(reading, share)
                }
            }
        }
        collector.finish(broken: summary.unassembled)
        progress(reading, 1)

        let sorting = LocalizedText(zh: "整理网点与起点", en: "sorting places and origins")
        progress(sorting, 0)
        let places = OSMPlaces(things: collector.things, unplaced: collector.unplaced, matcher: matcher)
        let origins = OSMOrigins(
            estates: collector.estates, buildings: collector.buildings, doors: collector.doors)
        progress(sorting, 1)

        let building = LocalizedText(zh: "生成步行网络", en: "building the walking network")
        progress(building, 0)
        let source = source(writer: summary.generator)
        let builder = collector.builder
        let built = try attempt(.invalidFile) {
            try builder.build(
                sourceTimestamp: summary.timestamp, attribution: source.attribution ?? OSMReader.attribution)
        }
        progress(building, 1)

        let network = try writeLabelled(built, progress: progress)

        let drawing = LocalizedText(zh: "生成地图", en: "drawing the street map")
        progress(drawing, 0)
        let map = try collector.drawing.builder.build(
            sourceTimestamp: summary.timestamp, attribution: source.attribution ?? OSMReader.attribution)
        try map.write(to: sink.mapBuildPath)
        progress(drawing, 1)

        let storing = LocalizedText(zh: "写入", en: "storing")
        progress(storing, 0)
        var batch = RecordBatch(source: source)
        batch.places = places.places
        batch.origins = origins.origins
        batch.complete = [.place, .origin]
        batch.fileName = request.fileName
        batch.fileDigest = try FileDigest.sha256(of: request.path)
        // The network first: what the batch brings is then snapped once, to the network it came with.
        try sink.adoptNetwork(at: sink.networkBuildPath)
        try sink.adoptMap(at: sink.mapBuildPath)
        progress(storing, 0.5)
        let report = try sink.apply(batch, by: request.actor, replyKey: request.replyKey()) { made in
            RegisterReport(
                format: "osm", source: source.id, batch: made,
                leftOut: places.leftOut + leftOut(of: origins), takenAs: places.takenAs,
                figures: figures(
                    summary: summary, network: network, drawn: map.featureCount, places: places,
                    origins: origins))
        }
        progress(storing, 1)
        return report
    }

    /// Makes the labels of a network, then writes it.
    private func writeLabelled(
        _ built: BuiltNetwork, progress: @Sendable (LocalizedText, Double) -> Void
    ) throws(DirectoryError) -> NetworkReport {
        let labelling = LocalizedText(zh: "标注步行网络", en: "labelling the walking network")
        progress(labelling, 0)
        return try attempt(.invalidFile) {
            let labelled = try built.labelled(threads: ProcessInfo.processInfo.activeProcessorCount) {
                share in
                progress(labelling, share)
            }
            try labelled.write(to: sink.networkBuildPath)
            return labelled.report
        }
    }

    /// The source of the batch: a demo town says by its writer that it is one.
    private func source(writer: String?) -> Source {
        if let writer, writer.hasPrefix("quarterctl demo") {
            return Source(
                id: request.source ?? SourceID(unchecked: "demo"), kind: "osm",
                title: "演示数据 demo town", attribution: "演示数据 demo data, made up",
                note: "演示数据 demo: every name and place is made up")
        }
        return Source(
            id: request.source ?? SourceID(unchecked: "osm"), kind: "osm",
            title: "OpenStreetMap: " + request.fileName, attribution: OSMReader.attribution)
    }

    private func leftOut(of origins: OSMOrigins) -> [LeftOut] {
        [
            LeftOut(
                code: "entrance_without_name",
                reason: LocalizedText(
                    zh: "住宅楼入口没有名称或编号，不能作单元", en: "an entrance without name or number: no unit"),
                keys: origins.namelessEntrances)
        ].filter { !$0.keys.isEmpty }
    }

    private func figures(
        summary: OSMSummary, network: NetworkReport, drawn: Int, places: OSMPlaces, origins: OSMOrigins
    ) -> [(name: String, value: String)] {
        var figures: [(name: String, value: String)] = []
        if let timestamp = summary.timestamp {
            figures.append(("file date", Self.day(of: timestamp)))
        }
        figures.append(("walkable km", String(format: "%.1f", network.length.value / 1000)))
        figures.append(("walkable ways", "\(network.ways)"))
        figures.append(("network nodes", "\(network.nodes)"))
        figures.append(("network pieces", "\(network.pieces)"))
        figures.append(("network edges", "\(network.edges)"))
        figures.append(("components", "\(network.components)"))
        figures.append(("components under 1 km", "\(network.smallComponents)"))
        figures.append(("blocked nodes", "\(network.blockedNodes)"))
        figures.append(("missing nodes", "\(network.missingNodes)"))
        figures.append(("drawn on the map", "\(drawn)"))
        figures.append(("areas that could not be assembled", "\(summary.unassembled.count)"))
        figures.append(("places", "\(places.places.count)"))
        figures.append(("places without a name", "\(places.namelessCount)"))
        for kind in Origin.Kind.allCases {
            let count = origins.origins.lazy.filter { $0.origin.kind == kind }.count
            if count > 0 { figures.append(("origins: \(kind.rawValue)", "\(count)")) }
        }
        return figures
    }

    /// The day of a moment, UTC, as "2021-06-30".
    private static func day(of moment: Timestamp) -> String {
        Date(timeIntervalSince1970: Double(moment.secondsSince1970))
            .formatted(.iso8601.year().month().day())
    }

    private func attempt<Result>(_ code: DirectoryError.Code, _ work: () throws -> Result)
        throws(DirectoryError)
        -> Result
    {
        do {
            return try work()
        } catch var error as DirectoryError {
            // A file that came through the daemon lies in a spool that its sender never saw.
            if error.location == request.path { error.location = request.fileName }
            throw error
        } catch {
            throw DirectoryError(
                code, "\(request.fileName.shortened()) cannot be taken in",
                advice: "check the file, then try again",
                location: request.fileName, cause: "\(error)")
        }
    }
}
