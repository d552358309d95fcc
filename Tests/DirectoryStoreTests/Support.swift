// DirectoryStoreTests: the store on real files in temporary folders.
// May import: DirectoryModel, DirectoryStore.

import DirectoryModel
import DirectoryStore
import Foundation

/// A folder of its own for one test, removed when the test lets go of it.
final class TemporaryFolder: Sendable {
    let path: String
    var file: String { path + "/" + DirectoryStore.fileName }

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/quarter-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func openStore() throws -> DirectoryStore { try DirectoryStore(folder: path, version: "0.1.0") }

    /// The error that opening the store ends with, or nil where it opens.
    func openingError() -> DirectoryError? {
        do throws(DirectoryError) {
            try DirectoryStore(folder: path, version: "0.1.0").close()
            return nil
        } catch {
            return error
        }
    }
}

extension DirectoryStore {
    /// Writes, for tests that look at the store and not at what the write returned.
    func change<Result>(
        by actor: Actor, source: SourceID? = nil, at time: Timestamp? = nil,
        _ body: (inout StoreTransaction) throws -> Result
    ) throws {
        _ = try write(by: actor, source: source, at: time, body)
    }
}

/// The program that stands beside the running test program.
func builtProgram(_ name: String) -> URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent(name)
}

let clerk = Actor(name: "clerk", uid: 1000)
let osm = SourceID(unchecked: "osm")
let office = SourceID(unchecked: "street-office")

func place(_ id: String, name: String = "银发餐厅", type: String = "canteen", community: String? = nil) -> Place {
    Place(
        id: PlaceID(unchecked: id), type: ServiceTypeID(unchecked: type), name: name,
        location: Coordinate(uncheckedLatitude: 32.04, longitude: 118.78),
        community: community.map { CommunityID(unchecked: $0) })
}

func origin(_ id: String, kind: Origin.Kind = .building, parent: String? = nil) -> Origin {
    Origin(
        id: OriginID(unchecked: id), kind: kind, name: "3幢",
        location: Coordinate(uncheckedLatitude: 32.04, longitude: 118.78),
        parent: parent.map { OriginID(unchecked: $0) })
}

func source(_ id: SourceID) -> Source { Source(id: id, kind: "test", title: "台账") }

/// Random numbers that are the same in every run: xorshift64*, Vigna 2014 (arXiv:1402.6246).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
