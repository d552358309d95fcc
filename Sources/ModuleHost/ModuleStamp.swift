internal import CQuarterABI
internal import DirectoryModel

/// What a module was built with: read from its file before the file is opened as a library.
package struct ModuleStamp: Hashable, Sendable {
    /// The kit's epoch: must equal the daemon's.
    package let epoch: Int
    /// The kit's minor version: must not be newer than the daemon's.
    package let minor: Int
    /// What the kit's public interface amounts to: must equal the daemon's for the same version of the kit.
    package let interface: String
    /// The toolchain's build: must equal the daemon's.
    package let compiler: String

    /// The daemon's own stamp.
    package static let own: ModuleStamp? = ModuleStamp(parsing: String(cString: quarter_abi_stamp()))

    /// Reads "quarter-abi epoch=2 minor=0 interface=0123456789abcdef compiler=21.0.0 (…)"; nil for anything else.
    ///
    /// The first epoch had no interface in its stamp: then it is empty.
    package init?(parsing text: String) {
        var parts = text.split(separator: " ", maxSplits: 4)[...]
        guard parts.popFirst() == "quarter-abi",
            let epoch = parts.popFirst().flatMap({ Self.number($0, "epoch=") }),
            let minor = parts.popFirst().flatMap({ Self.number($0, "minor=") })
        else { return nil }
        if let word = parts.first, word.hasPrefix("interface=") {
            interface = String(word.dropFirst("interface=".count))
            parts.removeFirst()
        } else {
            interface = ""
        }
        let compiler = parts.joined(separator: " ")
        guard compiler.hasPrefix("compiler=") else { return nil }
        self.epoch = epoch
        self.minor = minor
        self.compiler = String(compiler.dropFirst("compiler=".count))
    }

    private static func number(_ part: Substring, _ name: String) -> Int? {
        part.hasPrefix(name) ? Int(part.dropFirst(name.count)) : nil
    }

    /// Why the module at `path` must not be opened, in words that follow its name; nil when it may be.
    package static func objection(to path: String) -> String? {
        let section: [UInt8]
        do {
            section = try ELFSection.read("quarter_abi", from: path)
        } catch {
            return error.reason == "has no section quarter_abi"
                ? "has no ABI stamp (section quarter_abi): it is no module of Quarter, or was not built with "
                    + "ServiceTypeKit" : error.reason
        }
        // One text for each source module of the library that names the stamp; padding between them.
        let texts = section.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard !texts.isEmpty else { return "has an empty ABI stamp" }
        for text in texts {
            guard let stamp = ModuleStamp(parsing: text) else {
                return "has an ABI stamp that cannot be read: \(text.shortened())"
            }
            if let objection = stamp.objection { return objection }
        }
        return nil
    }

    private var objection: String? {
        guard let own = Self.own else {
            return "cannot be compared: the daemon's own ABI stamp cannot be read"
        }
        if epoch != own.epoch {
            return "was built against epoch \(epoch) of ServiceTypeKit, and the daemon against \(own.epoch)"
        }
        if compiler != own.compiler {
            return "was built with the toolchain \(compiler.shortened(to: 120)), and the daemon with "
                + own.compiler.shortened(to: 120)
        }
        if minor == own.minor, interface != own.interface {
            return
                "was built against another ServiceTypeKit \(epoch).\(minor) (interface \(interface)) than the "
                + "daemon (interface \(own.interface)): build it anew"
        }
        if minor > own.minor {
            return "needs ServiceTypeKit \(epoch).\(minor), newer than the daemon's \(own.epoch).\(own.minor)"
        }
        return nil
    }
}
