import DirectoryModel
import Foundation
import Testing

@testable import StreetMap

@Suite struct MapFileTests {
    private final class Folder {
        let path = NSTemporaryDirectory() + "quarter-map-" + UUID().uuidString
        init() throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        deinit { try? FileManager.default.removeItem(atPath: path) }
        func write(_ bytes: [UInt8]) throws -> String {
            let file = path + "/map.qmap"
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            return file
        }
    }

    /// A small map with every section in use.
    private static func small() throws -> BuiltStreetMap {
        var builder = StreetMapBuilder()
        var numbers = SeededNumbers(seed: 1)
        builder.addArea(
            .init(kind: .waterArea, firstZoom: 13),
            Area(parts: [RandomTown.blob(&numbers, metres: 400...500, corners: 8, holes: 2)]))
        builder.addLine(
            .init(kind: .minor, firstZoom: 13), RandomTown.walk(&numbers, points: 6), name: "中山路")
        builder.addLabel(
            .waterLabel, name: "玄武湖", at: RandomTown.centre,
            of: Area(parts: [RandomTown.blob(&numbers, metres: 400...500, corners: 4, holes: 0)]))
        return try builder.build(
            sourceTimestamp: Timestamp(secondsSince1970: 1_767_225_600), attribution: "© 测试")
    }

    private static func bytes(_ built: BuiltStreetMap) -> [UInt8] { Array(built.image.bytes) }

    @Test func aFileIsReadAsItWasWritten() throws {
        let folder = try Folder()
        let path = folder.path + "/map.qmap"
        let built = try RandomTown(seed: 3).builder().build(
            sourceTimestamp: Timestamp(secondsSince1970: 1_767_225_600), attribution: "© 测试")
        try built.write(to: path)
        let map = try StreetMap.open(path)
        #expect(map.path == path)
        #expect(map.attribution == "© 测试")
        #expect(map.sourceTimestamp == Timestamp(secondsSince1970: 1_767_225_600))
        #expect(map.checksum == (try built.map().checksum))
        #expect(map.checksum.count == 64)
        #expect(map.counts[.building] == 300)
        #expect(map.counts[.major] == 7)
        let bounds = try #require(map.bounds)
        #expect(abs(bounds.southWest.latitude.value - 32.02) < 0.03)
        #expect(abs(bounds.northEast.longitude.value - 118.81) < 0.03)
        // Nothing is left beside it.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["map.qmap"])
        let number = try #require(TileNumber(zoom: 14, at: RandomTown.centre))
        #expect(map.tile(number) == (try built.map().tile(number)))
    }

    @Test func everyFlippedByteIsNoticed() throws {
        let folder = try Folder()
        let bytes = Self.bytes(try Self.small())
        for position in bytes.indices {
            var damaged = bytes
            damaged[position] ^= UInt8(1 << (position % 8))
            let path = try folder.write(damaged)
            let error = #expect(throws: DirectoryError.self) { try StreetMap.open(path) }
            #expect(error?.code == .invalidFile, "byte \(position)")
            #expect(error?.location == path)
            #expect(error?.advice?.contains("import osm") == true)
        }
    }

    @Test func everyCutIsNoticed() throws {
        let folder = try Folder()
        let bytes = Self.bytes(try Self.small())
        for count in bytes.indices {
            let path = try folder.write(Array(bytes[..<count]))
            let error = #expect(throws: DirectoryError.self) { try StreetMap.open(path) }
            #expect(error?.code == .invalidFile, "\(count) bytes")
        }
        let path = try folder.write(bytes + [0])
        #expect(throws: DirectoryError.self) { try StreetMap.open(path) }
    }

    /// A file with a digest that is right and contents that are not: made by nobody but a bug or an enemy.
    @Test func contentsThatLeadOutsideAreRefusedOrHarmless() throws {
        let good = Self.bytes(try Self.small())
        var numbers = SeededNumbers(seed: 12)
        var (refused, taken) = (0, 0)
        for _ in 0..<4_000 {
            var bytes = good
            for _ in 0...numbers.below(3) {
                // All but magic, version, sections and size, which have tests of their own.
                let position = 24 + numbers.below(bytes.count - 24)
                guard !MapHeader.digestRange.contains(position) else { continue }
                bytes[position] =
                    [0, 1, 0x7F, 0xFF, UInt8(truncatingIfNeeded: numbers.next())][
                        numbers.below(5)]
            }
            let image = Self.sealed(bytes)
            do {
                let map = try StreetMap(image: image)
                taken += 1
                for zoom in [13, 18] {
                    _ = map.tile(try #require(TileNumber(zoom: zoom, at: RandomTown.centre)))
                    _ = map.tile(try #require(TileNumber(zoom: zoom, x: 0, y: 0)))
                }
            } catch let error as DirectoryError {
                #expect(error.code == .invalidFile)
                refused += 1
            }
        }
        #expect(refused > 200 && taken > 200, "\(refused) and \(taken)")
    }

    /// An image of bytes, with the digest that belongs to them.
    private static func sealed(_ bytes: [UInt8]) -> MapImage {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes.count, alignment: 64)
        memory.copyMemory(from: bytes, byteCount: bytes.count)
        let image = MapImage(adopting: memory, count: bytes.count)
        let digest = image.digest
        (memory + MapHeader.digestRange.lowerBound).copyMemory(from: digest, byteCount: digest.count)
        return image
    }

    @Test func whatIsNoMapIsToldApart() throws {
        let folder = try Folder()
        func fault(_ bytes: [UInt8]) throws -> DirectoryError? {
            let path = try folder.write(bytes)
            return #expect(throws: DirectoryError.self) { try StreetMap.open(path) }
        }
        #expect(try fault([])?.message == "the street map is empty")
        #expect(try fault(Array("SQLite format 3".utf8))?.message == "this is no street map of Quarter")
        var other = Self.bytes(try Self.small())
        other[8] = 9
        #expect(try fault(other)?.message.contains("version 9") == true)
        let missing = #expect(throws: DirectoryError.self) { try StreetMap.open(folder.path + "/none") }
        #expect(missing?.code == .notFound)
        let isFolder = #expect(throws: DirectoryError.self) { try StreetMap.open(folder.path) }
        #expect(isFolder?.code == .unreadableFile)
    }

    @Test func aFileThatCannotBeWrittenLeavesTheOldOne() throws {
        let folder = try Folder()
        let error = #expect(throws: DirectoryError.self) {
            try Self.small().write(to: folder.path + "/none/map.qmap")
        }
        #expect(error?.code == .storeUnwritable)
        // A folder in the place of the file: the renaming fails, and nothing is left beside it.
        let path = folder.path + "/map.qmap"
        try FileManager.default.createDirectory(atPath: path + "/x", withIntermediateDirectories: true)
        #expect(throws: DirectoryError.self) { try Self.small().write(to: path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["map.qmap"])
    }
}
