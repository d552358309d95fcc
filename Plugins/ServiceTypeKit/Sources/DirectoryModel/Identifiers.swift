/// An id that is a type of its own, so that a place's id never passes for a community's.
///
/// Valid: 1 to 128 UTF-8 bytes, no white space, no control character, no `/`, no combining mark and no
/// compatibility ideograph (so that two ids that look alike are the same bytes). Order is by UTF-8 bytes.
///
/// Since: 1.0
public protocol DirectoryID: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible
where RawValue == String {
    /// The glossary's English word for what is named ("place"), for error messages.
    ///
    /// Since: 1.0
    static var noun: String { get }
    /// Wraps text that has been checked, or was read from our own store.
    ///
    /// Since: 1.0
    init(unchecked rawValue: String)
}

extension DirectoryID {
    /// The longest id, in UTF-8 bytes.
    ///
    /// Chosen, not measured: any source's own key fits.
    ///
    /// Since: 1.0
    public static var maximumLength: Int { 128 }

    /// Whether `text` can be an id.
    ///
    /// Since: 1.0
    public static func isValid(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= maximumLength else { return false }
        // Nearly every id is ASCII, and an import asks for each of them.
        if text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }) { return true }
        return text.unicodeScalars.allSatisfy { scalar in
            let properties = scalar.properties
            return scalar != "/" && scalar.value > 0x20 && scalar.value != 0x7F
                && !properties.isWhitespace && properties.generalCategory != .control
                && properties.generalCategory != .format
                && properties.canonicalCombiningClass == .notReordered && !hasTwin(scalar)
        }
    }

    /// Whether Swift takes the character for equal to another one that is other bytes: the compatibility
    /// ideographs, and the signs for ohm, kelvin and ångström.
    private static func hasTwin(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xF900...0xFAFF, 0x2F800...0x2FA1F, 0x2126, 0x212A, 0x212B: true
        default: false
        }
    }

    /// The id, or nil when `rawValue` cannot be one.
    ///
    /// Since: 1.0
    public init?(rawValue: String) {
        guard Self.isValid(rawValue) else { return nil }
        self.init(unchecked: rawValue)
    }

    /// The id.
    ///
    /// - Throws: `DirectoryError` with code `invalid_id` when `text` cannot be one.
    ///
    /// Since: 1.0
    public init(validating text: String) throws(DirectoryError) {
        guard Self.isValid(text) else {
            throw DirectoryError(
                .invalidID, "\(text.shortened()) cannot be the id of a \(Self.noun)",
                advice: "use 1 to 128 bytes without spaces, control characters or slashes")
        }
        self.init(unchecked: text)
    }

    /// Whether the left id's UTF-8 bytes come first.
    ///
    /// Since: 1.0
    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }

    /// The id's own text.
    ///
    /// Since: 1.0
    public var description: String { rawValue }
}

/// The id of a place (网点), such as `osm-n123`.
///
/// Since: 1.0
@frozen public struct PlaceID: DirectoryID {
    /// The id's text.
    ///
    /// Since: 1.0
    public let rawValue: String
    /// Wraps text that has been checked.
    ///
    /// Since: 1.0
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    /// "place".
    ///
    /// Since: 1.0
    public static var noun: String { "place" }
}

/// The id of a service type (业态), such as `wet_market`; those of the catalogue where it has the type.
///
/// Since: 1.0
@frozen public struct ServiceTypeID: DirectoryID {
    /// The id's text.
    ///
    /// Since: 1.0
    public let rawValue: String
    /// Wraps text that has been checked.
    ///
    /// Since: 1.0
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    /// "service type".
    ///
    /// Since: 1.0
    public static var noun: String { "service type" }
}

/// The id of a module (模块), such as `markets`.
///
/// Since: 1.0
@frozen public struct ModuleID: DirectoryID {
    /// The id's text.
    ///
    /// Since: 1.0
    public let rawValue: String
    /// Wraps text that has been checked.
    ///
    /// Since: 1.0
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    /// "module".
    ///
    /// Since: 1.0
    public static var noun: String { "module" }
}

/// The id of a community (社区): its 12-digit code, or any id the street office gives it.
///
/// Since: 1.0
@frozen public struct CommunityID: DirectoryID {
    /// The id's text.
    ///
    /// Since: 1.0
    public let rawValue: String
    /// Wraps text that has been checked.
    ///
    /// Since: 1.0
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    /// "community".
    ///
    /// Since: 1.0
    public static var noun: String { "community" }
}

/// The id of a grid (网格) within a community.
///
/// Since: 1.0
@frozen public struct GridID: DirectoryID {
    /// The id's text.
    ///
    /// Since: 1.0
    public let rawValue: String
    /// Wraps text that has been checked.
    ///
    /// Since: 1.0
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    /// "grid".
    ///
    /// Since: 1.0
    public static var noun: String { "grid" }
}

/// The id of an origin (起点), such as `osm-w12` or `kiosk-3`.
///
/// Since: 1.0
@frozen public struct OriginID: DirectoryID {
    /// The id's text.
    ///
    /// Since: 1.0
    public let rawValue: String
    /// Wraps text that has been checked.
    ///
    /// Since: 1.0
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    /// "origin".
    ///
    /// Since: 1.0
    public static var noun: String { "origin" }
}

/// The id of a walking profile (步行方式), such as `elder`.
///
/// Since: 1.0
@frozen public struct ProfileID: DirectoryID {
    /// The id's text.
    ///
    /// Since: 1.0
    public let rawValue: String
    /// Wraps text that has been checked.
    ///
    /// Since: 1.0
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    /// "profile".
    ///
    /// Since: 1.0
    public static var noun: String { "profile" }
}

/// The id of a source: where records came from, such as `osm` or `street-office-2026`.
///
/// Since: 1.0
@frozen public struct SourceID: DirectoryID {
    /// The id's text.
    ///
    /// Since: 1.0
    public let rawValue: String
    /// Wraps text that has been checked.
    ///
    /// Since: 1.0
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    /// "source".
    ///
    /// Since: 1.0
    public static var noun: String { "source" }
}

/// The id of an organisation (机构), such as `org-12`.
///
/// Since: 2.0
@frozen public struct OrganisationID: DirectoryID {
    /// The id's text.
    ///
    /// Since: 2.0
    public let rawValue: String
    /// Wraps text that has been checked.
    ///
    /// Since: 2.0
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    /// "organisation".
    ///
    /// Since: 2.0
    public static var noun: String { "organisation" }
}

/// The id of an activity (活动), such as `reading-club-2026`.
///
/// Since: 2.0
@frozen public struct ActivityID: DirectoryID {
    /// The id's text.
    ///
    /// Since: 2.0
    public let rawValue: String
    /// Wraps text that has been checked.
    ///
    /// Since: 2.0
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    /// "activity".
    ///
    /// Since: 2.0
    public static var noun: String { "activity" }
}

/// The id of a notice (通知), such as `water-2026-11-27`.
///
/// Since: 2.2
@frozen public struct NoticeID: DirectoryID {
    /// The id's text.
    ///
    /// Since: 2.2
    public let rawValue: String
    /// Wraps text that has been checked.
    ///
    /// Since: 2.2
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    /// "notice".
    ///
    /// Since: 2.2
    public static var noun: String { "notice" }
}

extension String {
    /// The text in quotation marks, cut to `limit` characters, control characters replaced: fit for a message.
    ///
    /// Since: 1.0
    public func shortened(to limit: Int = 60) -> String {
        let cut = prefix(limit).map { character in
            character.unicodeScalars.contains { $0.properties.generalCategory == .control }
                ? "\u{FFFD}" : character
        }
        return "“" + String(cut) + (count > limit ? "…" : "") + "”"
    }
}
