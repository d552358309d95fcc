// StoreWriter: writes stores for the tests of DirectoryStore, as a process that can be killed.
// May import: DirectoryModel, DirectoryStore.
//
//     StoreWriter append FOLDER    commits one step after another until it is killed; prints each revision
//                                  once it is acknowledged
//     StoreWriter fixture FOLDER   writes FOLDER/format-N.db, the small store of the present format that
//                                  every later one must be able to read; refused where there is one
//
// The fixtures under Tests/DirectoryStoreTests/Fixtures are made by `make store-fixture`, never by a test.

import DirectoryModel
import DirectoryStore
import Glibc

@main
struct StoreWriter {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else { fail("usage: StoreWriter append|fixture FOLDER") }
        do {
            switch arguments[1] {
            case "append": try append(to: arguments[2])
            case "fixture": try writeFixture(to: arguments[2])
            default: fail("unknown command \(arguments[1])")
            }
        } catch {
            fail("\(error)")
        }
    }

    /// Each step is one transaction: a counter, ten places and one origin that carry the step's number.
    private static func append(to folder: String) throws {
        let store = try DirectoryStore(folder: folder, version: "0.1.0")
        let source = SourceID(unchecked: "appender")
        var step = Int(store.revision.number)
        while true {
            step += 1
            let committed = try store.write(by: Actor(name: "appender", uid: getuid()), source: source) {
                store in
                try store.put(Source(id: source, kind: "test", title: "StoreWriter"))
                try store.put(place("counter", name: "\(step)"))
                for number in 0..<10 {
                    try store.put(place("\(step)-\(number)", name: "步\(step)"))
                    try store.see(source: source, key: "\(number)", kind: .place, id: "\(step)-\(number)")
                }
                try store.put(
                    Origin(
                        id: OriginID(unchecked: "\(step)"), kind: .building, name: "\(step)幢",
                        location: Coordinate(uncheckedLatitude: 32, longitude: 118)))
            }
            print(committed.revision.number)
            fflush(nil)
        }
    }

    private static func place(_ id: String, name: String) -> Place {
        Place(id: PlaceID(unchecked: id), type: ServiceTypeID(unchecked: "canteen"), name: name)
    }

    private static func fail(_ message: String) -> Never {
        let line = Array((message + "\n").utf8)
        _ = write(STDERR_FILENO, line, line.count)
        exit(1)
    }
}
