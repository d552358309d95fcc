import DaemonConfiguration
import DirectoryAPI
import DirectoryModel
import Foundation
import TOMLDocument
import Testing

@Suite("quarter.toml")
struct ConfigurationTests {
    private func read(_ text: String) throws -> QuarterConfiguration {
        try QuarterConfiguration(try TOMLDocument(parsing: text, file: "quarter.toml"))
    }

    private func failure(_ text: String) -> String {
        let error = #expect(throws: DirectoryError.self, "\(text)") { try read(text) }
        #expect(error?.code == .configurationInvalid)
        return error?.description ?? ""
    }

    private let shipped = Repository.folder + "/etc/quarter/quarter.toml"

    @Test("An empty file is the defaults")
    func empty() throws {
        #expect(try read("") == QuarterConfiguration())
    }

    @Test("The shipped file is the one that the table of keys makes, and equals the defaults")
    func shippedFile() throws {
        let text = try String(contentsOfFile: shipped, encoding: .utf8)
        #expect(text == ConfigurationReference.shippedFile(), "run make docs")
        let asShipped = try QuarterConfiguration(contentsOf: shipped)
        #expect(asShipped == QuarterConfiguration())
    }

    @Test("Every key of the shipped file, taken out of its comment, is known and is the default")
    func uncommented() throws {
        let lines = ConfigurationReference.shippedFile().split(separator: "\n").map { line in
            line.hasPrefix("#") && !line.hasPrefix("# ") ? line.dropFirst() : line
        }
        let text = lines.joined(separator: "\n")
        #expect(try read(text) == QuarterConfiguration())
        for key in ConfigurationKey.all {
            #expect(text.contains("\n\(key.name) = "), "\(key.table).\(key.name)")
        }
        for profile in QuarterConfiguration.shippedProfiles {
            #expect(text.contains("\n[profiles.\(profile.id)]\n"))
        }
    }

    @Test("The examples of lists in the shipped file are taken")
    func examplesOfLists() throws {
        let lines = ConfigurationReference.shippedFile().split(separator: "\n").map { line in
            let isExample = line.hasPrefix("# [[") || (line.hasPrefix("# ") && line.contains(" = "))
            return isExample ? line.dropFirst(2) : line
        }
        let configuration = try read(lines.joined(separator: "\n"))
        let party = try #require(configuration.parties.first)
        #expect(configuration.parties.count == 1)
        #expect(party.id == "committee-cuizhuyuan" && party.name == "翠竹园居委会")
        #expect(party.kind == .residentsCommittee && party.users == ["juweihui"])
        #expect(party.communities.map(\.rawValue) == ["320104001001"])
        #expect(party.types.map(\.rawValue) == ["canteen", "elder_care"])
        #expect(party.organisations.map(\.rawValue) == ["org-cuizhuyuan"])
        #expect(party.sources.map(\.rawValue) == ["committee-places"])
        #expect(party.buildings.map(\.rawValue) == ["osm-w101"])
        let rule = try #require(configuration.precedence.rules.first)
        #expect(rule.fields == ["hours", "phone"] && rule.types.map(\.rawValue) == ["canteen"])
        #expect(rule.sources.map(\.rawValue) == ["api", "street-canteens", "osm"])
    }

    @Test(
        "What is wrong in a list is said with its line",
        arguments: [
            ("[[precedence]]\nfields = [\"hours\"]\n", "sources"),
            ("[[precedence]]\nfields = [\"colour\"]\nsources = [\"a\"]\n", "colour"),
            ("[[precedence]]\nsources = [\"a b\"]\n", "source"),
            ("[[parties]]\nid = \"a\"\nname = \"甲\"\n", "kind"),
            ("[[parties]]\nid = \"a\"\nname = \"甲\"\nkind = \"club\"\n", "club"),
            ("[[parties]]\nid = \"A b\"\nname = \"甲\"\nkind = \"street_office\"\n", "A b"),
            ("[[parties]]\nid = \"a\"\nname = \"甲\"\nkind = \"street_office\"\ncolour = 1\n", "colour"),
            (
                "[[parties]]\nid = \"a\"\nname = \"甲\"\nkind = \"street_office\"\n"
                    + "[[parties]]\nid = \"a\"\nname = \"乙\"\nkind = \"street_office\"\n", "two parties"
            ),
            (
                "[[parties]]\nid = \"a\"\nname = \"甲\"\nkind = \"street_office\"\nusers = [\"u\"]\n"
                    + "[[parties]]\nid = \"b\"\nname = \"乙\"\nkind = \"street_office\"\nusers = [\"u\"]\n",
                "two parties"
            ),
        ])
    func faultsOfLists(_ text: String, _ word: String) throws {
        let error = try #require(throws: DirectoryError.self) { try read(text) }
        #expect(error.code == .configurationInvalid)
        #expect(error.message.contains(word), "\(error)")
        #expect(error.location?.contains(":") == true)
    }

    @Test("Every key changes what is read from it")
    func everyKeyIsRead() throws {
        let values: [String: String] = [
            "walking.default_profile": "\"elder\"", "walking.default_minutes": "20",
            "calendar.time_zone": "\"Asia/Urumqi\"", "calendar.directories": "[\"/c\"]",
            "modules.directories": "[\"/a\"]",
            "modules.type_directories": "[\"/b\"]", "modules.disabled": "[\"tutoring\"]",
            "requests.head_limit": "\"8KiB\"", "requests.body_limit": "\"2MiB\"",
            "requests.register_limit": "\"1GiB\"", "requests.request_time": "\"5s\"",
            "requests.idle_time": "\"2m\"", "requests.connections_per_user": "10",
            "registers.offset_datums": "\"turn\"", "registers.duplicates": "\"take\"",
            "requests.followers": "11", "requests.followers_per_user": "12", "requests.follower_lag": "13",
            "kiosk.allowed_hosts": "[\"kiosk.local\"]", "kiosk.origin": "\"gate-1\"",
            "kiosk.profile": "\"elder\"", "kiosk.idle_time": "\"90s\"", "kiosk.warning_time": "\"30s\"",
            "pages.folder": "\"/p\"", "pages.leaflet": "\"/l\"",
            "pages.framers": "[\"https://www.example.org\"]",
            "admin.group": "\"office\"", "spool.folder": "\"/s\"", "log.level": "\"debug\"",
        ]
        #expect(Set(values.keys) == Set(ConfigurationKey.all.map { "\($0.table).\($0.name)" }))
        for key in ConfigurationKey.all {
            let value = try #require(values["\(key.table).\(key.name)"])
            let configuration = try read("[\(key.table)]\n\(key.name) = \(value)\n")
            #expect(configuration != QuarterConfiguration(), "\(key.name)")
            #expect(key.value(configuration) == value)
        }
    }

    @Test("The shipped profiles are those of the architecture, each with its source")
    func profiles() {
        let profiles = QuarterConfiguration().profiles
        #expect(profiles.map(\.id.rawValue) == ["standard", "elder", "frail", "pushchair", "wheelchair"])
        #expect(profiles.map(\.pace.value) == [1.11, 0.8, 0.64, 1.0, 0.8])
        #expect(profiles.map(\.avoidsSteps) == [false, false, false, true, true])
        #expect(profiles.allSatisfy { !$0.source.isEmpty && !$0.name.zh.isEmpty && !$0.name.en.isEmpty })
    }

    @Test("A table changes a shipped profile, another id adds one")
    func ownProfiles() throws {
        let configuration = try read(
            """
            [walking]
            default_profile = "runner"
            [profiles.elder]
            pace_metres_per_second = 0.75
            [profiles.runner]
            name_zh = "跑步"
            name_en = "Runner"
            pace_metres_per_second = 3
            source = "chosen, not measured"
            """)
        #expect(configuration.profiles.count == 6)
        #expect(configuration.profile(ProfileID(unchecked: "elder"))?.pace == 0.75)
        #expect(configuration.profile(ProfileID(unchecked: "elder"))?.name.zh == "长者")
        #expect(configuration.profiles.last?.id.rawValue == "runner")
        #expect(configuration.profiles.last?.pace == 3)
        #expect(configuration.walking.defaultProfile.rawValue == "runner")
    }

    @Test(
        "What is wrong is named with file, line and key",
        arguments: [
            ("[walking]\ndefault_minute = 5\n", "quarter.toml:2: unknown key “default_minute” in [walking]"),
            (
                "[walking]\ndefault_minutes = 61\n",
                "quarter.toml:2: 'walking.default_minutes' is 61, outside 1 to 60"
            ),
            (
                "[walking]\ndefault_profile = \"swim\"\n",
                "quarter.toml:2: 'walking.default_profile' is “swim”, which is no profile"
            ),
            ("[walking]\ndefault_profile = \"a b\"\n", "quarter.toml:2: “a b” cannot be the id of a profile"),
            (
                "[profiles.elder]\npaceX = 1\n",
                "quarter.toml:2: unknown key “paceX” in [profiles.elder]; known keys: avoids_steps, name_en"
            ),
            ("[profiles.elder]\npace_metres_per_second = 3.1\n", "outside 0.1 to 3.0"),
            ("[profiles.elder]\npace_metres_per_second = nan\n", "is nan, outside"),
            ("[profiles.new]\nname_zh = \"新\"\n", "quarter.toml:1: 'profiles.new.name_en' is missing"),
            (
                "[profiles]\nelder = 1\n",
                "quarter.toml:2: 'profiles.elder' must be a table, and is a whole number"
            ),
            (
                "[calendar]\ntime_zone = \"Asia/Nowhere\"\n",
                "quarter.toml:2: 'calendar.time_zone' is “Asia/Nowhere”"
            ),
            ("[requests]\nrequest_time = 10\n", "must be a duration in quotation marks"),
            ("[requests]\nhead_limit = \"16KB\"\n", "must be a size in quotation marks"),
            ("[requests]\nhead_limit = \"1B\"\n", "is 1B, outside 1KiB to 1MiB"),
            ("[kiosk]\nallowed_hosts = []\n", "'kiosk.allowed_hosts' is an empty list"),
            ("[kiosk]\nallowed_hosts = [\"a b\"]\n", "which is no host name"),
            ("[kiosk]\nprofile = \"runner\"\n", "which is no profile"),
            ("[pages]\nframers = [\"www.example.org\"]\n", "which is no site"),
            ("[pages]\nframers = [\"https://a;script-src *\"]\n", "which is no site"),
            ("[admin]\ngroup = \"Root!\"\n", "cannot be the name of a group"),
            ("[log]\nlevel = \"loud\"\n", "not one of \"trace\", \"debug\", \"info\""),
            ("log = 1\n", "quarter.toml:1: 'log' must be a table, and is a whole number"),
            ("[[requests]]\n", "must be a table, and is a list"),
            ("[secret]\n", "quarter.toml:1: unknown key “secret”"),
            ("[walking]\n[walking]\n", "quarter.toml:2: this is not TOML"),
        ])
    func faults(text: String, expected: String) {
        let description = failure(text)
        #expect(description.contains(expected), "\(description)")
    }

    @Test("Several faults are told together, by line")
    func severalFaults() {
        let description = failure("[log]\nlevel = 3\n[walking]\nminutes = 1\ndefault_minutes = 0\n")
        #expect(description.hasPrefix("quarter.toml:2: 'log.level' must be a text"))
        #expect(description.contains("quarter.toml:4: unknown key “minutes”"))
        #expect(description.contains("quarter.toml:5: 'walking.default_minutes' is 0"))
    }

    @Test("Keys that need a restart say so")
    func restart() throws {
        let changed = try read("[spool]\nfolder = \"/elsewhere\"\n[log]\nlevel = \"debug\"\n")
        #expect(changed.keysAwaitingRestart(since: QuarterConfiguration()) == ["spool.folder"])
        #expect(changed.keysAwaitingRestart(since: changed).isEmpty)
    }

    @Test("Relative folders start at the folder of the file")
    func relativeFolders() throws {
        let folder = NSTemporaryDirectory() + "quarter-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/quarter.toml"
        try "[modules]\ndirectories = [\"/abs\", \"modules\"]\ntype_directories = [\"../types.d\"]\n"
            .write(toFile: file, atomically: true, encoding: .utf8)
        let configuration = try QuarterConfiguration(contentsOf: file)
        let real = URL(fileURLWithPath: folder).standardizedFileURL
        #expect(configuration.modules.directories == ["/abs", real.path + "/modules"])
        #expect(configuration.modules.typeDirectories == [real.deletingLastPathComponent().path + "/types.d"])
        #expect(configuration.spool.folder == "/var/spool/quarter")
    }

    @Test("The reference names every key with its default and its source")
    func reference() {
        let markdown = ConfigurationReference.markdown()
        for key in ConfigurationKey.all {
            // Two tables may have a key of one name.
            let section = markdown.components(separatedBy: "\n## [\(key.table)]\n").last ?? ""
            let row = section.split(separator: "\n").first { $0.hasPrefix("| `\(key.name)` |") }
            #expect(row?.contains(key.source.replacing("|", with: "\\|")) == true, "\(key.name)")
            if let value = key.value(QuarterConfiguration()) {
                #expect(row?.contains("`\(value)`") == true, "\(key.name)")
            }
        }
        for profile in QuarterConfiguration.shippedProfiles {
            #expect(markdown.contains("| `\(profile.id)` |"))
        }
    }
}
