import DirectoryModel
import Glibc
import Testing

@testable import WalkNetwork

@Suite("the network file")
final class NetworkFileTests {
    private let folder: String

    init() throws {
        var template = Array("/tmp/quarter-network-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        folder = String(cString: made)
    }

    deinit {
        for name in ["network", "network.new", "other"] { unlink(folder + "/" + name) }
        rmdir(folder)
    }

    private func town() -> RawNetwork { RandomNetwork(seed: 5).raw }

    private func writeTown() throws -> String {
        let built = try town().builder().build(
            sourceTimestamp: Timestamp(secondsSince1970: 1_700_000_000), attribution: "© someone"
        ).labelled(threads: 1)
        let path = folder + "/network"
        try built.write(to: path)
        return path
    }

    private func read(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: ftell(file))
        rewind(file)
        #expect(fread(&bytes, 1, bytes.count, file) == bytes.count)
        return bytes
    }

    private func write(_ bytes: [UInt8]) throws -> String {
        let path = folder + "/other"
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
        return path
    }

    private func expectRefusal(
        _ bytes: [UInt8], _ words: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let path = try write(bytes)
        do {
            _ = try WalkNetwork.open(path)
            Issue.record("a damaged file was opened", sourceLocation: sourceLocation)
        } catch let error as DirectoryError {
            #expect(error.code == .networkDamaged, sourceLocation: sourceLocation)
            #expect(error.location == path, sourceLocation: sourceLocation)
            #expect(error.advice?.contains("import") == true, sourceLocation: sourceLocation)
            #expect(error.description.contains(words), sourceLocation: sourceLocation)
        }
    }

    @Test("what is written is read, the same from memory and from the file")
    func roundTrip() throws {
        let network = try WalkNetwork.open(writeTown())
        let inMemory = try town().build().network
        #expect(network.sourceTimestamp == Timestamp(secondsSince1970: 1_700_000_000))
        #expect(network.attribution == "© someone")
        #expect(network.edgeCount == inMemory.edgeCount)
        for thing in RandomNetwork(seed: 5).things { #expect(network.snap(thing) == inMemory.snap(thing)) }
        let again = try WalkNetwork.open(writeTown())
        #expect(again.checksum == network.checksum, "the same ways give the same file")
    }

    @Test("layout of the records is what the file says")
    func layout() {
        #expect(MemoryLayout<NetworkHeader>.size == 96)
        #expect(MemoryLayout<HalfEdge>.stride == 12)
        #expect(MemoryLayout<EdgeRecord>.stride == 20)
        #expect(MemoryLayout<GridBox>.stride == 16)
        #expect(MemoryLayout<NameRecord>.stride == 16)
        #expect(MemoryLayout<GridPosition>.stride == 8)
        #expect(MemoryLayout<SectionRecord>.stride == 16)
    }

    @Test("one flipped byte in the header, the table and every section")
    func flippedByte() throws {
        let good = try read(writeTown())
        var offsets = Array(0..<96 + NetworkSection.allCases.count * 16)
        let table = good.withUnsafeBytes { bytes in
            NetworkSection.allCases.map { section in
                bytes.loadUnaligned(fromByteOffset: 96 + section.rawValue * 16, as: SectionRecord.self)
            }
        }
        for record in table where record.length > 0 {
            offsets += [Int(record.offset), Int(record.offset + record.length / 2)]
            offsets.append(Int(record.offset + record.length - 1))
        }
        var numbers = SeededNumbers(state: 3)
        offsets += (0..<200).map { _ in Int.random(in: 0..<good.count, using: &numbers) }
        for offset in offsets {
            var bad = good
            bad[offset] ^= UInt8.random(in: 1...255, using: &numbers)
            try expectRefusal(bad)
        }
    }

    @Test("cut short anywhere, or longer than it says")
    func truncated() throws {
        let good = try read(writeTown())
        for count in [0, 1, 7, 8, 50, 96, 200, 400, good.count / 2, good.count - 1] {
            try expectRefusal(Array(good.prefix(count)))
        }
        try expectRefusal(good + [0])
    }

    @Test("foreign, and of another version")
    func foreign() throws {
        try expectRefusal(
            Array("SQLite format 3\0 and so on, for more than a hundred bytes".utf8), "no walking network")
        try expectRefusal([UInt8](repeating: 0, count: 10_000), "no walking network")
        var other = try read(writeTown())
        other[8] = 9
        try expectRefusal(other, "version 9")
    }

    @Test("a file of format 1, written before there were labels, is opened and answers")
    func formerFormat() throws {
        // The demo town as the program before labels wrote it; see Fixtures/README.md.
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let network = try WalkNetwork.open(folder.joined(separator: "/") + "/Fixtures/format-1.qnet")
        #expect(network.labelledLimit == nil)
        #expect(network.attribution == "演示数据 demo data, made up")
        let bounds = try #require(network.bounds)
        let middle = Coordinate(
            uncheckedLatitude: (bounds.southWest.latitude.value + bounds.northEast.latitude.value) / 2,
            longitude: (bounds.southWest.longitude.value + bounds.northEast.longitude.value) / 2)
        let origin = try #require(network.snap(middle))
        let reached = SearchPool(network: network).withScratch { scratch in
            network.reached(from: origin, limit: 999, avoidsSteps: false, scratch: scratch)
        }
        #expect(reached.lines(within: 999).count > 10)
    }

    @Test("labels that do not lie one behind the other, though the checksum is right")
    func disorderedLabels() throws {
        let good = try read(writeTown())
        let record = good.withUnsafeBytes { bytes in
            bytes.loadUnaligned(
                fromByteOffset: 96 + NetworkSection.labelOffsets.rawValue * 16, as: SectionRecord.self)
        }
        for place in [0, Int(record.length) / 8 * 4, Int(record.length) - 4] {
            var bad = good
            bad.withUnsafeMutableBytes { bytes in
                bytes.storeBytes(
                    of: 0x00FF_FFFF, toByteOffset: Int(record.offset) + place, as: UInt32.self)
                bytes.storeBytes(of: 0, toByteOffset: 24, as: UInt64.self)
                let checksum = Checksum.ofImage(UnsafeRawBufferPointer(bytes))
                bytes.storeBytes(of: checksum, toByteOffset: 24, as: UInt64.self)
            }
            try expectRefusal(bad, "labels")
        }
    }

    @Test("no file, and no ordinary file")
    func noFile() throws {
        #expect {
            try WalkNetwork.open(folder + "/nothing")
        } throws: { ($0 as? DirectoryError)?.code == .noNetwork }
        #expect {
            try WalkNetwork.open(folder)
        } throws: { ($0 as? DirectoryError)?.code == .unreadableFile }
    }

    @Test("a folder that cannot be written to leaves the old file")
    func unwritable() throws {
        let built = try town().builder().build(sourceTimestamp: nil, attribution: "")
        #expect {
            try built.write(to: folder + "/missing/network")
        } throws: { ($0 as? DirectoryError)?.code == .storeUnwritable }
    }

    @Test("nothing walkable is an error of the input")
    func nothing() {
        #expect {
            try NetworkBuilder().build(sourceTimestamp: nil, attribution: "")
        } throws: { ($0 as? DirectoryError)?.code == .invalidFile }
    }

    @Test("the checksum notices each changed word")
    func checksum() {
        var numbers = SeededNumbers(state: 1)
        let bytes = (0..<333).map { _ in UInt8.random(in: 0...255, using: &numbers) }
        let expected = bytes.withUnsafeBytes { Checksum.of($0, seed: 1) }
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 0x40
            #expect(other.withUnsafeBytes { Checksum.of($0, seed: 1) } != expected)
        }
        #expect(bytes.dropLast().withUnsafeBytes { Checksum.of($0, seed: 1) } != expected)
    }
}
