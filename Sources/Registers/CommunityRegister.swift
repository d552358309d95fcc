internal import AreaGeometry
internal import Digests
internal import DirectoryAPI
internal import DirectoryModel
internal import Foundation

/// Reads a GeoJSON FeatureCollection of communities, grids, and origins that the street office keeps itself.
///
/// A feature is a community unless its `kind` says otherwise. What a file does not name is left as it is: a
/// street office may hand in one community at a time.
struct CommunityRegister {
    let sink: any RegisterSink
    let request: RegisterRequest

    func take(progress: @Sendable (LocalizedText, Double) -> Void) throws(DirectoryError) -> RegisterReport {
        let reading = LocalizedText(zh: "读取文件", en: "reading the file")
        progress(reading, 0)
        let collection = try collection()
        progress(reading, 1)

        let checking = LocalizedText(zh: "检查各要素", en: "checking the features")
        progress(checking, 0)
        var batch = RecordBatch(source: source(of: collection))
        batch.fileName = request.fileName
        batch.fileDigest = try FileDigest.sha256(of: request.path)
        var findings: [RecordFinding] = []
        var rejected: [RecordKind: Int] = [:]
        let features = try features(of: collection)
        if let fault = CommunityRegister.datumFault(collection) {
            findings.append(fault)
            rejected = Dictionary(grouping: features, by: { FeatureReader.kind(of: $0) }).mapValues(\.count)
        } else {
            read(
                features, into: &batch, findings: &findings, rejected: &rejected,
                progress: { progress(checking, $0) })
            findings += overlaps(among: batch.communities)
        }
        progress(checking, 1)

        let storing = LocalizedText(zh: "写入", en: "storing")
        progress(storing, 0)
        let report = try sink.apply(batch, by: request.actor, replyKey: request.replyKey()) { made in
            var made = made
            for (kind, count) in rejected { made.counts[kind, default: BatchCounts()].rejected += count }
            made.findings = findings + made.findings
            return RegisterReport(
                format: "communities", source: batch.source.id, batch: made,
                figures: figures(features: features.count, batch: batch))
        }
        progress(storing, 1)
        return report
    }

    // MARK: - The file

    private func collection() throws(DirectoryError) -> JSONValue {
        try RegisterJSON.read(request, advice: Self.advice)
    }

    private static let advice = "give a GeoJSON FeatureCollection in UTF-8, as docs/registers.md shows"

    private func invalid(_ words: String) -> DirectoryError {
        RegisterJSON.invalid(request, words, advice: Self.advice)
    }

    private func features(of collection: JSONValue) throws(DirectoryError) -> [JSONValue] {
        guard case .object = collection else { throw invalid("is JSON, but no object") }
        guard case .string(let type)? = collection["type"] else { throw invalid("has no “type”") }
        guard type == "FeatureCollection" else {
            throw invalid("is a \(type.shortened()), not a FeatureCollection")
        }
        guard case .array(let features)? = collection["features"] else {
            throw invalid("has no list “features”")
        }
        return features
    }

    private func source(of collection: JSONValue) -> Source {
        func text(_ key: String) -> String? {
            guard case .string(let text)? = collection[key] else { return nil }
            return OSMTagRules.cleaned(text, limit: 200)
        }
        return Source(
            id: request.source ?? SourceID(unchecked: "communities"), kind: "communities",
            title: text("title") ?? text("name") ?? request.fileName, attribution: text("attribution"),
            note: text("note"))
    }

    /// What is wrong with the file's datum, or nil: GeoJSON is WGS-84 (RFC 7946), and CGCS2000 equals it here.
    private static func datumFault(_ collection: JSONValue) -> RecordFinding? {
        guard let crs = collection["crs"], crs != .null else { return nil }
        let given: String
        if case .string(let name)? = crs["properties"]?["name"] {
            given = name
        } else if case .string(let name) = crs {
            given = name
        } else {
            given = "?"
        }
        let word = given.uppercased().filter { $0.isLetter || $0.isNumber }
        if ["CRS84", "4326", "4490", "WGS84", "CGCS2000"].contains(where: word.hasSuffix) { return nil }
        return RecordFinding(
            severity: "error", code: "crs_not_wgs84", record: "crs", field: "crs",
            value: String(given.prefix(200)),
            message: LocalizedText(
                zh: "坐标系是 \(given.shortened())，不是 WGS-84；全部要素未导入，请先转换为 WGS-84 (EPSG:4326)",
                en:
                    "the datum is \(given.shortened()), not WGS-84: nothing was taken; convert to EPSG:4326 first"
            ))
    }

    // MARK: - The features

    private func read(
        _ features: [JSONValue], into batch: inout RecordBatch, findings: inout [RecordFinding],
        rejected: inout [RecordKind: Int], progress: (Double) -> Void
    ) {
        var ids: Set<String> = []
        for (index, feature) in features.enumerated() {
            if index % 100 == 99 { progress(Double(index) / Double(features.count)) }
            let kind = FeatureReader.kind(of: feature)
            do throws(FeatureFault) {
                var reader = try FeatureReader(feature, number: index + 1)
                guard ids.insert(kind.rawValue + "/" + reader.id).inserted else {
                    throw reader.fault(
                        "id_repeated", field: "id", value: reader.id,
                        zh: "编号与前面的要素重复", en: "the id is that of an earlier feature")
                }
                switch kind {
                case .community: batch.communities.append(try reader.community())
                case .grid: batch.grids.append(try reader.grid())
                case .origin, .place, .source, .organisation, .activity, .notice:
                    batch.origins.append(try reader.origin())
                }
                findings += reader.warnings
            } catch {
                findings.append(error.finding)
                rejected[kind, default: 0] += 1
            }
        }
    }

    /// Communities whose boundaries share ground, as warnings; slivers along a common border are let pass.
    private func overlaps(among communities: [Community]) -> [RecordFinding] {
        let others = sink.allCommunities.filter { known in !communities.contains { $0.id == known.id } }
        return BoundaryOverlap.pairs(of: communities, and: others).map { pair in
            RecordFinding(
                severity: "warning", code: "boundaries_overlap", record: pair.left.id.rawValue,
                field: "boundary",
                value: pair.right.id.rawValue,
                message: LocalizedText(
                    zh: "\(pair.left.name)（\(pair.left.id)）与\(pair.right.name)（\(pair.right.id)）的边界重叠，"
                        + "占较小者的 \(percent(pair.share))；请核对边界",
                    en:
                        "\(pair.left.name) (\(pair.left.id)) and \(pair.right.name) (\(pair.right.id)) overlap by "
                        + "\(percent(pair.share)) of the smaller one; check the boundaries"))
        }
    }

    private func percent(_ share: Double) -> String { String(format: "%.1f%%", share * 100) }

    private func figures(features: Int, batch: RecordBatch) -> [(name: String, value: String)] {
        var figures = [(name: "features", value: "\(features)")]
        let sizes = batch.communities.compactMap { community in
            community.boundary.flatMap { try? AreaGeometry.squareMetres(of: $0) }
                .map { (id: community.id.rawValue, squareKilometres: $0.value / 1_000_000) }
        }
        let all = sizes.reduce(0) { $0 + $1.squareKilometres }
        figures.append(("km² in all", String(format: "%.3f", all)))
        guard sizes.count <= Self.sizesShown else { return figures }
        return figures + sizes.map { ("km² of " + $0.id, String(format: "%.3f", $0.squareKilometres)) }
    }

    /// Up to so many communities, the report gives the size of each; chosen, not measured.
    private static let sizesShown = 20
}
