internal import DirectoryModel

/// The reference of `quarter.toml` and the file as it is shipped, both made from the table of keys.
package enum ConfigurationReference {
    /// `docs/configuration.md`.
    package static func markdown() -> String {
        var lines = [
            "# quarter.toml", "",
            "Made from the table of keys in `Sources/DaemonConfiguration`; `make docs` writes it anew.", "",
            "The daemon reads `/etc/quarter/quarter.toml` (`quarterd --config FILE` names another), `quarterctl` "
                + "reads it when it works without a daemon. Every key has a default, an unknown key is an error "
                + "with its line, and `quarterd --check` tells whether a file is right.", "",
            "- A **duration** is a text: `\"250ms\"`, `\"90s\"`, `\"10m\"`, `\"2h\"`, `\"1d\"`.",
            "- A **size** is a text: `\"512B\"`, `\"16KiB\"`, `\"1MiB\"`, `\"2GiB\"`.",
            "- A change comes in with `systemctl reload quarterd`, unless its key says that it needs a restart.",
        ]
        for table in tables {
            lines += ["", "## [\(table)]", "", "| key | value | default | allowed | meaning | source |"]
            lines.append("|---|---|---|---|---|---|")
            for key in ConfigurationKey.all where key.table == table {
                let meaning = key.meaning + (key.needsRestart ? " Needs a restart." : "")
                let value = key.value(QuarterConfiguration()).map { "`\($0)`" } ?? "unset"
                lines.append(
                    row(["`\(key.name)`", key.kind, value, key.allowed ?? "", meaning, key.source]))
            }
        }
        lines += profileLines()
        for list in ConfigurationList.all {
            lines += ["", "## [[\(list.name)]]", "", list.meaning, "", "| key | value | example | meaning |"]
            lines.append("|---|---|---|---|")
            lines += list.keys.map { row(["`\($0.name)`", $0.kind, "`\($0.example)`", $0.meaning]) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `etc/quarter/quarter.toml`: every key with its default, commented out.
    package static func shippedFile() -> String {
        var lines = [
            "# quarter.toml: the settings of quarterd and quarterctl.",
            "# Every key stands here with its default, commented out: take the # away to change it.",
            "# An unknown key is an error. Durations are texts such as \"90s\" or \"10m\", sizes such as",
            "# \"16KiB\". `quarterd --check` tells whether this file is right, `systemctl reload quarterd`",
            "# brings changes in. Reference: /usr/share/doc/quarter/configuration.md",
        ]
        for table in tables {
            lines += ["", "#[\(table)]"]
            for key in ConfigurationKey.all where key.table == table {
                lines.append("")
                lines += wrapped(key.meaning.replacing("`", with: ""))
                if let allowed = key.allowed {
                    lines += wrapped("Allowed: " + allowed.replacing("`", with: ""))
                }
                lines += wrapped("Default from: " + key.source)
                if key.needsRestart { lines += wrapped("A change needs a restart.") }
                lines.append("#\(key.name) = \(key.value(QuarterConfiguration()) ?? "\"\"")")
            }
        }
        lines += ["", "# Walking profiles. A table of a new id adds a profile; it needs every key."]
        lines += ProfileKey.all.flatMap { key in
            wrapped("\(key.name): " + key.meaning + (key.allowed.map { " Allowed: \($0)." } ?? ""))
        }
        for profile in QuarterConfiguration.shippedProfiles {
            lines += ["", "#[profiles.\(profile.id)]"]
            lines += ProfileKey.all.map { "#\($0.name) = \($0.value(profile))" }
        }
        for list in ConfigurationList.all {
            lines += [""] + wrapped(list.meaning)
            lines += list.keys.flatMap { key in
                wrapped("\(key.name): " + key.meaning.replacing("`", with: ""))
            }
            // With a space: an example, and no default.
            lines += ["#", "# [[\(list.name)]]"]
            lines += list.keys.map { "# \($0.name) = \($0.example)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The tables in the order of their first keys.
    private static var tables: [String] {
        ConfigurationKey.all.reduce(into: []) { tables, key in
            if tables.last != key.table { tables.append(key.table) }
        }
    }

    private static func profileLines() -> [String] {
        var lines = [
            "", "## [profiles.ID]", "",
            "Keys that are left out of a shipped profile's table keep their values; a table of another id adds a "
                + "profile and needs every key but `avoids_steps`.", "",
            "| key | value | allowed | meaning |", "|---|---|---|---|",
        ]
        lines += ProfileKey.all.map { row(["`\($0.name)`", $0.kind, $0.allowed ?? "", $0.meaning]) }
        lines += ["", "| shipped | name | m/s | steps | source |", "|---|---|---|---|---|"]
        lines += QuarterConfiguration.shippedProfiles.map {
            row([
                "`\($0.id)`", "\($0.name.zh) \($0.name.en)", "\($0.pace.value)",
                $0.avoidsSteps ? "never" : "yes", $0.source,
            ])
        }
        return lines
    }

    private static func row(_ cells: [String]) -> String {
        "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }

    /// Comment lines of at most 100 characters.
    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        var line = "#"
        for word in text.split(separator: " ") {
            if line.count + 1 + word.count > 100 {
                lines.append(line)
                line = "#"
            }
            line += " " + word
        }
        return lines + [line]
    }
}
