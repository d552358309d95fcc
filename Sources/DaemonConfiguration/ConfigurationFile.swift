internal import DirectoryAPI
package import DirectoryModel
internal import Foundation
package import TOMLDocument

extension QuarterConfiguration {
    /// The most profiles.
    ///
    /// Chosen, not measured: the kiosk shows a handful.
    package static let maximumProfiles = 32

    /// Reads `quarter.toml`; keys that are left out keep their defaults.
    ///
    /// - Parameter folder: where relative folders are taken from; nil for the folder of the file.
    /// - Throws: `unreadable_file`, or `configuration_invalid` with the location "file:line" of the first
    ///   fault and the next ones in its cause: unknown and repeated keys, wrong kinds, values out of range.
    package init(contentsOf path: String, relativeTo folder: String? = nil) throws(DirectoryError) {
        let document = try TOMLDocument(contentsOf: path)
        try self.init(document)
        let folder =
            folder.map { URL(fileURLWithPath: $0, isDirectory: true) }
            ?? URL(fileURLWithPath: path).deletingLastPathComponent()
        func resolved(_ path: String) -> String {
            path.hasPrefix("/") ? path : folder.appendingPathComponent(path).standardizedFileURL.path
        }
        modules.directories = modules.directories.map(resolved)
        modules.typeDirectories = modules.typeDirectories.map(resolved)
        calendar.directories = calendar.directories.map(resolved)
        spool.folder = resolved(spool.folder)
        pages.folder = resolved(pages.folder)
        pages.leaflet = resolved(pages.leaflet)
    }

    /// Reads a parsed `quarter.toml`.
    ///
    /// See `init(contentsOf:)`. Relative folders stay relative.
    package init(_ document: TOMLDocument) throws(DirectoryError) {
        self.init()
        let root = TOMLReader(document)
        var tables: [String: TOMLReader?] = [:]
        for key in ConfigurationKey.all {
            let table = tables[key.table] ?? root.table(key.table)
            tables[key.table] = .some(table)
            if let table { key.read(table, &self) }
        }
        readProfiles(root)
        precedence = Precedence(
            root.tables("precedence", mostItems: 200).compactMap(Precedence.Rule.init(reader:)))
        readParties(root)
        if profile(walking.defaultProfile) == nil {
            let reader = tables["walking"] ?? nil
            (reader ?? root).report(
                "'walking.default_profile' is \(walking.defaultProfile.rawValue.shortened()), which is no profile",
                about: "default_profile",
                advice: "profiles: " + profiles.map(\.id.rawValue).joined(separator: ", "))
        }
        if let id = kiosk.profile, profile(id) == nil {
            let reader = tables["kiosk"] ?? nil
            (reader ?? root).report(
                "'kiosk.profile' is \(id.rawValue.shortened()), which is no profile", about: "profile",
                advice: "profiles: " + profiles.map(\.id.rawValue).joined(separator: ", "))
        }
        try root.finish()
    }

    /// Keys that are left out keep the shipped profile's value; a profile of another id needs them all.
    private mutating func readProfiles(_ root: TOMLReader) {
        guard let table = root.table("profiles") else { return }
        for (key, reader) in table.remainingTables() {
            guard let id = ProfileID(rawValue: key) else {
                table.report("\(key.shortened()) cannot be the id of a profile", about: key)
                continue
            }
            let shipped = profiles.firstIndex { $0.id == id }
            guard let profile = Self.profile(id, reader, shipped: shipped.map { profiles[$0] }) else {
                continue
            }
            if let shipped {
                profiles[shipped] = profile
            } else if profiles.count < Self.maximumProfiles {
                profiles.append(profile)
            } else {
                table.report("there are more than \(Self.maximumProfiles) profiles", about: key)
            }
        }
    }

    private static func profile(_ id: ProfileID, _ reader: TOMLReader, shipped: Profile?) -> Profile? {
        func given<Value>(_ value: Value?, _ key: String, else fallback: Value?) -> Value? {
            fallback == nil ? reader.required(value, key) : value ?? fallback
        }
        // Read every key before giving up, so that every fault is reported.
        let zh = given(reader.text("name_zh", longest: 40), "name_zh", else: shipped?.name.zh)
        let en = given(reader.text("name_en", longest: 80), "name_en", else: shipped?.name.en)
        let pace = given(
            reader.decimal("pace_metres_per_second", in: ProfileKey.paces), "pace_metres_per_second",
            else: shipped?.pace.value)
        let avoidsSteps = reader.bool("avoids_steps") ?? shipped?.avoidsSteps ?? false
        let source = given(reader.text("source", longest: 300), "source", else: shipped?.source)
        guard let zh, let en, let pace, let source else { return nil }
        return Profile(
            id: id, name: LocalizedText(zh: zh, en: en), pace: MetresPerSecond(pace),
            avoidsSteps: avoidsSteps,
            source: source)
    }
}

/// One key of a profile's table `[profiles.ID]`.
struct ProfileKey: Sendable {
    let name: String
    let kind: String
    let meaning: String
    let allowed: String?
    let value: @Sendable (Profile) -> String

    /// Metres per second.
    ///
    /// The upper end is a jogger's; the lower is 90 m in 15 minutes. Chosen, not measured.
    static let paces = 0.1...3.0

    static let all: [ProfileKey] = [
        ProfileKey(
            name: "name_zh", kind: "text", meaning: "Its name in Chinese.", allowed: "at most 40 characters",
            value: { quoted($0.name.zh) }),
        ProfileKey(
            name: "name_en", kind: "text", meaning: "Its name in English.", allowed: "at most 80 characters",
            value: { quoted($0.name.en) }),
        ProfileKey(
            name: "pace_metres_per_second", kind: "number",
            meaning: "How fast they walk, in metres per second.",
            allowed: "\(paces.lowerBound) to \(paces.upperBound)", value: { "\($0.pace.value)" }),
        ProfileKey(
            name: "avoids_steps", kind: "true or false", meaning: "Whether they never use steps.",
            allowed: nil, value: { "\($0.avoidsSteps)" }),
        ProfileKey(
            name: "source", kind: "text", meaning: "Where the pace comes from.",
            allowed: "at most 300 characters", value: { quoted($0.source) }),
    ]
}
