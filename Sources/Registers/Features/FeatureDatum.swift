internal import DirectoryAPI
internal import DirectoryModel

/// The datum of a GeoJSON file, and who says so.
struct FeatureDatum: Hashable {
    /// Who says so.
    enum Authority: String {
        /// Nobody: GeoJSON is WGS-84 by RFC 7946.
        case standard = "RFC 7946"
        /// The file, by its member `crs` or `datum`.
        case file = "the file says so"
        /// Whoever brings it in, or the source's mapping.
        case person = "stated with the import"
    }

    let datum: Datum
    let authority: Authority

    /// - Parameters:
    ///   - crs: the member `crs` of the old specification (2008).
    ///   - tag: the member `datum`, as a word of `Datum`.
    ///   - stated: what whoever brings the file in says.
    /// - Throws: `invalid_file` for a datum that is not read, and for two that contradict each other.
    init(crs: JSONTree?, tag: JSONTree?, stated: Datum?, file: String) throws(DirectoryError) {
        let byName = try Self.named(by: crs, file)
        let byTag = try Self.tagged(tag, file)
        if let byName, let byTag, !Self.agree(byName, byTag) {
            throw Self.contradiction(file, "its crs says \(byName.rawValue), its datum \(byTag.rawValue)")
        }
        let own = byTag ?? byName
        if let own, let stated, !Self.agree(own, stated) {
            throw Self.contradiction(
                file, "it says \(own.rawValue) itself, and \(stated.rawValue) was stated with the import")
        }
        if let own {
            self.init(own, .file)
        } else if let stated {
            self.init(stated, .person)
        } else {
            self.init(.wgs84, .standard)
        }
    }

    private init(_ datum: Datum, _ authority: Authority) {
        self.datum = datum
        self.authority = authority
    }

    /// CGCS2000 counts as WGS-84: they differ by centimetres.
    private static func agree(_ one: Datum, _ other: Datum) -> Bool {
        func plain(_ datum: Datum) -> Datum { datum == .cgcs2000 ? .wgs84 : datum }
        return plain(one) == plain(other)
    }

    private static func contradiction(_ file: String, _ words: String) -> DirectoryError {
        DirectoryError(
            .invalidFile, "the datum of \(file.shortened()) is contradictory: \(words)",
            advice: "ask whoever made it, then take the wrong one out", location: "datum")
    }

    private static func named(by crs: JSONTree?, _ file: String) throws(DirectoryError) -> Datum? {
        guard let crs else { return nil }
        if case .null = crs { return nil }
        let name = crs["properties"]?["name"]?.string ?? crs.string ?? "?"
        let word = name.uppercased().filter { $0.isLetter || $0.isNumber }
        for (ending, datum) in [
            ("CRS84", Datum.wgs84), ("4326", .wgs84), ("WGS84", .wgs84), ("4490", .cgcs2000),
            ("CGCS2000", .cgcs2000), ("GCJ02", .gcj02), ("BD09", .bd09), ("BD09LL", .bd09),
        ] where word.hasSuffix(ending) { return datum }
        throw DirectoryError(
            .invalidFile, "the crs of \(file.shortened()) is \(name.shortened()), which is not read",
            advice: "convert it to WGS-84 (EPSG:4326) in the program that made it", location: "crs")
    }

    private static func tagged(_ tag: JSONTree?, _ file: String) throws(DirectoryError) -> Datum? {
        guard let tag else { return nil }
        if case .null = tag { return nil }
        guard let datum = tag.string.flatMap({ Datum(rawValue: $0.lowercased()) }) else {
            throw DirectoryError(
                .invalidFile, "the member datum of \(file.shortened()) is no datum",
                advice: "use one of " + Datum.allCases.map(\.rawValue).joined(separator: ", "),
                location: "datum")
        }
        return datum
    }
}
