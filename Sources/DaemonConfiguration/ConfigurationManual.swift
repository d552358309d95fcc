internal import DirectoryModel

/// The manual page quarter.toml(5), made from the table of keys.
package enum ConfigurationManual {
    /// `deploy/man/quarter.toml.5.in`, in mdoc(7); day and version are filled in where it is installed.
    package static func page() -> String {
        var lines = head
        var table = ""
        for key in ConfigurationKey.all {
            if key.table != table {
                if !table.isEmpty { lines.append(".El") }
                table = key.table
                lines += [".Ss [\(table)]", ".Bl -tag -width Ds"]
            }
            lines += item(key)
        }
        lines.append(".El")
        lines += profiles
        for list in ConfigurationList.all {
            lines += [".Ss [[\(list.name)]]"] + sentences(list.meaning) + [".Bl -tag -width Ds"]
            for key in list.keys {
                lines += [".It Ic \(key.name) No (\(escaped(key.kind)))"] + sentences(key.meaning)
                lines += [".br", "Example: \(escaped(key.example))"]
            }
            lines.append(".El")
        }
        lines += foot
        return lines.joined(separator: "\n") + "\n"
    }

    private static let head = [
        ".\\\" Made from the table of keys in Sources/DaemonConfiguration; make docs writes it anew.",
        ".Dd @DATE@", ".Dt QUARTER.TOML 5", ".Os Quarter @VERSION@",
        ".Sh NAME", ".Nm quarter.toml", ".Nd settings of quarterd and quarterctl",
        ".Sh SYNOPSIS", ".Pa /etc/quarter/quarter.toml",
        ".Sh DESCRIPTION", ".Xr quarterd 8", "reads this file when it starts and when it is reloaded,",
        ".Xr quarterctl 1", "when it works without a daemon.", "Every key has a default.",
        "An unknown key or a value out of its range is an error, which is told with its line;",
        "the daemon then goes on with the last settings that were right.",
        ".Ql quarterd --check", "tells whether the file is right, and",
        ".Ql systemctl reload quarterd", "brings changes in, but for those that need a restart.",
        ".Pp", "The file is TOML, in UTF-8.",
        ".Bl -tag -width Ds",
        ".It duration", "A text:", ".Ql \(escaped("\"250ms\"")) ,", ".Ql \(escaped("\"90s\"")) ,",
        ".Ql \(escaped("\"10m\"")) ,", ".Ql \(escaped("\"2h\"")) ,", ".Ql \(escaped("\"1d\"")) .",
        ".It size", "A text:", ".Ql \(escaped("\"512B\"")) ,", ".Ql \(escaped("\"16KiB\"")) ,",
        ".Ql \(escaped("\"1MiB\"")) ,", ".Ql \(escaped("\"2GiB\"")) .",
        ".El",
        ".Sh SETTINGS",
    ]

    private static let foot = [
        ".Sh FILES", ".Bl -tag -width Ds",
        ".It Pa /etc/quarter/quarter.toml",
        "As it is shipped, every key stands in it with its default, commented out.",
        ".It Pa /etc/quarter/types.d/*.toml", "Declared service types, one in each file.", ".El",
        ".Sh EXAMPLES", "A quarter of an hour at an older person's pace, where a request says nothing else:",
        ".Bd -literal -offset indent", "[walking]", "default_profile = \"elder\"", ".Ed",
        ".Sh SEE ALSO", ".Xr quarterctl 1 ,", ".Xr quarterd 8", ".Pp",
        ".Pa /usr/share/doc/quarter/configuration.md",
    ]

    private static func item(_ key: ConfigurationKey) -> [String] {
        var lines = [".It Ic \(key.name) No (\(escaped(key.kind)))"] + sentences(key.meaning)
        if key.needsRestart { lines.append("A change needs a restart.") }
        if let allowed = key.allowed { lines += [".br", "Allowed: \(escaped(allowed))."] }
        if let value = key.value(QuarterConfiguration()) { lines += [".br", "Default: \(escaped(value))"] }
        return lines + sentences("(\(key.source))")
    }

    private static var profiles: [String] {
        var lines = [
            ".Ss [profiles.ID]",
            "Keys that are left out of a shipped profile's table keep their values;",
            "a table of another id adds a profile and needs every key but", ".Ic avoids_steps .",
            ".Bl -tag -width Ds",
        ]
        for key in ProfileKey.all {
            lines += [".It Ic \(key.name) No (\(escaped(key.kind)))"] + sentences(key.meaning)
            if let allowed = key.allowed { lines += [".br", "Allowed: \(escaped(allowed))."] }
        }
        lines += [".El", ".Pp", "The shipped profiles:", ".Bl -tag -width Ds"]
        for profile in QuarterConfiguration.shippedProfiles {
            lines += [
                ".It \(profile.id)",
                "\(escaped(profile.name.zh)), \(escaped(profile.name.en)): \(profile.pace.value) m/s"
                    + (profile.avoidsSteps ? ", never on steps." : "."),
            ]
            lines += sentences("(\(profile.source))")
        }
        return lines + [".El"]
    }

    /// The text with each sentence on a line, as roff sets the space between them.
    private static func sentences(_ text: String) -> [String] {
        var lines: [String] = []
        var rest = text[...]
        while let end = rest.firstRange(of: /\. (?=[A-Z])/) {
            lines.append(escaped(rest[..<end.lowerBound] + "."))
            rest = rest[end.upperBound...]
        }
        return lines + [escaped(rest)]
    }

    /// The text without a request or an escape of roff in it, and without the marks of Markdown.
    private static func escaped(_ text: some StringProtocol) -> String {
        let plain = String(text).replacing("\\", with: "\\e").replacing("`", with: "")
            .replacing("\"", with: "\\(dq")
        return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
    }
}
