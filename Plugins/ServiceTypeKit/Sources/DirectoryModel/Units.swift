// DirectoryModel: ids, units, coordinates with their datum, records, DirectoryError: values only.
// May import: nothing of ours. Uses the standard library alone, because its types cross the module boundary.

/// A number with a unit.
///
/// Each unit is a type of its own, so that metres never pass for seconds.
///
/// Since: 1.0
public protocol Quantity: Comparable, Hashable, Sendable, ExpressibleByFloatLiteral,
    ExpressibleByIntegerLiteral
{
    /// The bare number, in the unit that the type names.
    ///
    /// Since: 1.0
    var value: Double { get }
    /// Wraps a bare number that is already in the unit that the type names.
    ///
    /// Since: 1.0
    init(_ value: Double)
}

extension Quantity {
    /// Wraps a literal in the unit that the type names.
    ///
    /// Since: 1.0
    @inlinable public init(floatLiteral value: Double) { self.init(value) }
    /// Wraps a literal in the unit that the type names.
    ///
    /// Since: 1.0
    @inlinable public init(integerLiteral value: Int) { self.init(Double(value)) }
    /// Whether the left quantity is the smaller one.
    ///
    /// Since: 1.0
    @inlinable public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
    /// The sum of two quantities of one unit.
    ///
    /// Since: 1.0
    @inlinable public static func + (left: Self, right: Self) -> Self { Self(left.value + right.value) }
    /// The difference of two quantities of one unit.
    ///
    /// Since: 1.0
    @inlinable public static func - (left: Self, right: Self) -> Self { Self(left.value - right.value) }
    /// A quantity taken a number of times.
    ///
    /// Since: 1.0
    @inlinable public static func * (left: Self, right: Double) -> Self { Self(left.value * right) }
}

/// A length in metres.
///
/// Since: 1.0
@frozen public struct Metres: Quantity {
    /// Metres.
    ///
    /// Since: 1.0
    public let value: Double
    /// A length of `value` metres.
    ///
    /// Since: 1.0
    @inlinable public init(_ value: Double) { self.value = value }
}

/// A span of time in seconds.
///
/// Since: 1.0
@frozen public struct Seconds: Quantity {
    /// Seconds.
    ///
    /// Since: 1.0
    public let value: Double
    /// A span of `value` seconds.
    ///
    /// Since: 1.0
    @inlinable public init(_ value: Double) { self.value = value }
}

/// A walking pace in metres per second.
///
/// Since: 1.0
@frozen public struct MetresPerSecond: Quantity {
    /// Metres per second.
    ///
    /// Since: 1.0
    public let value: Double
    /// A pace of `value` metres per second.
    ///
    /// Since: 1.0
    @inlinable public init(_ value: Double) { self.value = value }
    /// How far one gets at this pace in `time`.
    ///
    /// Since: 1.0
    @inlinable public func distance(in time: Seconds) -> Metres { Metres(value * time.value) }
    /// How long `length` takes at this pace.
    ///
    /// Since: 1.0
    @inlinable public func time(for length: Metres) -> Seconds { Seconds(length.value / value) }
}

/// An angle in degrees.
///
/// Since: 1.0
@frozen public struct Degrees: Quantity {
    /// Degrees.
    ///
    /// Since: 1.0
    public let value: Double
    /// An angle of `value` degrees.
    ///
    /// Since: 1.0
    @inlinable public init(_ value: Double) { self.value = value }
}

/// An amount of renminbi in whole fen (1/100 yuan).
///
/// Since: 1.0
@frozen public struct Money: Hashable, Comparable, Sendable {
    /// Fen.
    ///
    /// Since: 1.0
    public let fen: Int
    /// An amount of `fen` fen.
    ///
    /// Since: 1.0
    @inlinable public init(fen: Int) { self.fen = fen }
    /// Whether the left amount is the smaller one.
    ///
    /// Since: 1.0
    @inlinable public static func < (left: Self, right: Self) -> Bool { left.fen < right.fen }
}

/// A moment: whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Since: 1.0
@frozen public struct Timestamp: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z.
    ///
    /// Since: 1.0
    public let secondsSince1970: Int64
    /// The moment `secondsSince1970` seconds after 1970-01-01T00:00:00Z.
    ///
    /// Since: 1.0
    @inlinable public init(secondsSince1970: Int64) { self.secondsSince1970 = secondsSince1970 }
    /// Whether the left moment is the earlier one.
    ///
    /// Since: 1.0
    @inlinable public static func < (left: Self, right: Self) -> Bool {
        left.secondsSince1970 < right.secondsSince1970
    }
}

/// The number of the last committed change.
///
/// Every commit raises it by one; it never falls.
///
/// Since: 1.0
@frozen public struct Revision: Hashable, Comparable, Sendable {
    /// Zero for an empty store.
    ///
    /// Since: 1.0
    public let number: UInt64
    /// The revision with this number.
    ///
    /// Since: 1.0
    @inlinable public init(_ number: UInt64) { self.number = number }
    /// Whether the left revision is the older one.
    ///
    /// Since: 1.0
    @inlinable public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
