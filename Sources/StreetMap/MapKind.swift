/// What a feature of a street map is drawn as.
///
/// The raw values are those of the file, in its order; a new one goes to the end and raises the version.
package enum MapKind: UInt8, Hashable, Sendable, CaseIterable {
    /// A lake, a basin, the bed of a wide river, the sea.
    case waterArea
    /// A river, canal or stream as a line.
    case waterLine
    /// A park, a lawn, a wood.
    case green
    /// A building.
    case building
    /// A motorway down to a tertiary road.
    case major
    /// Any other street for vehicles.
    case minor
    /// A pedestrian street.
    case pedestrian
    /// A footway, path or cycleway.
    case footway
    /// Steps.
    case steps
    /// Rails that are not in a tunnel.
    case rail
    /// The name of an estate.
    case estateLabel
    /// The name of a park or another green area.
    case parkLabel
    /// The name of a water.
    case waterLabel

    /// Whether it has rings, not lines.
    package var isArea: Bool { [.waterArea, .green, .building].contains(self) }

    /// Whether it is a name at a point.
    package var isLabel: Bool { rawValue >= Self.estateLabel.rawValue }

    /// The kinds that are streets and rails, in the order in which room is given to them.
    static let streets: [MapKind] = [.major, .minor, .pedestrian, .rail, .steps, .footway]
    /// The kinds that are names.
    static let labels: [MapKind] = [.waterLabel, .parkLabel, .estateLabel]

    /// The word on the wire of a street or label; nil for what stands in a list of its own.
    package var word: String? {
        switch self {
        case .waterArea, .waterLine, .green, .building: nil
        case .major: "major"
        case .minor: "minor"
        case .pedestrian: "pedestrian"
        case .footway: "footway"
        case .steps: "steps"
        case .rail: "rail"
        case .estateLabel: "estate"
        case .parkLabel: "park"
        case .waterLabel: "water"
        }
    }
}
