import DirectoryModel
import Foundation
import Testing

@testable import DirectoryServer

@Suite(.onThreads) struct SocketTests {
    private func folder() throws -> String {
        let path = NSTemporaryDirectory() + "quarter-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func makesTheFileWithItsPermissions() throws {
        let folder = try folder()
        let open = try Listener.unix(.publicDoor, path: folder + "/p", mode: 0o666)
        let closed = try Listener.unix(.admin, path: folder + "/a", mode: 0o660, group: "no-such-group")
        #expect(try mode(folder + "/p") == 0o666)
        #expect(try mode(folder + "/a") == 0o660)
        #expect(open.port == nil)
        close(open.descriptor)
        close(closed.descriptor)
        open.ownedFile?.remove()
        #expect(!FileManager.default.fileExists(atPath: folder + "/p"))
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func takesThePlaceOfAStaleFileOnly() throws {
        let folder = try folder()
        let path = folder + "/s"
        let first = try Listener.unix(.publicDoor, path: path, mode: 0o666)
        let live = #expect(throws: DirectoryError.self) {
            try Listener.unix(.publicDoor, path: path, mode: 0o666)
        }
        #expect(live?.code == .stateLocked)
        #expect(live?.message.contains("process \(getpid())") == true)
        // A process that was killed: its file stays, nobody answers.
        close(first.descriptor)
        let second = try Listener.unix(.publicDoor, path: path, mode: 0o666)
        // The first one's clean-up does not take the second one's file.
        first.ownedFile?.remove()
        #expect(FileManager.default.fileExists(atPath: path))
        close(second.descriptor)
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func touchesNoFileThatIsNoSocket() throws {
        let folder = try folder()
        let path = folder + "/s"
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: DirectoryError.self) {
            try Listener.unix(.publicDoor, path: path, mode: 0o666)
        }
        #expect(error?.code == .storeUnwritable)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
        let long = #expect(throws: DirectoryError.self) {
            try Listener.unix(
                .publicDoor, path: folder + "/" + String(repeating: "x", count: 108), mode: 0o666)
        }
        #expect(long?.description.contains("107") == true)
        let nowhere = #expect(throws: DirectoryError.self) {
            try Listener.unix(.publicDoor, path: folder + "/none/s", mode: 0o666)
        }
        #expect(nowhere?.code == .storeUnwritable)
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test(arguments: [
        "0.0.0.0:8315", "192.168.0.1:80", "8315", "localhost", "localhost:70000", "evil:80", "",
    ])
    func listensOnTheLoopbackOnly(text: String) throws {
        let error = #expect(throws: DirectoryError.self) { try Listener.loopback(text) }
        #expect(error?.code == .invalidRequest)
    }

    @Test func saysThatThePortIsTaken() throws {
        let first = try Listener.loopback("127.0.0.1:0")
        let port = try #require(first.port)
        let error = #expect(throws: DirectoryError.self) { try Listener.loopback("127.0.0.1:\(port)") }
        #expect(error?.code == .unavailable)
        #expect(error?.advice?.contains("another process") == true)
        close(first.descriptor)
    }

    @Test func knowsTheDoorsOfHandedSockets() throws {
        let folder = try folder()
        let unix = try Listener.unix(.publicDoor, path: folder + "/s", mode: 0o666)
        let tcp = try Listener.loopback("127.0.0.1:0")
        #expect(try Listener.handed(.admin, descriptor: unix.descriptor).name == folder + "/s")
        #expect(try Listener.handed(.kiosk, descriptor: tcp.descriptor).port == tcp.port)
        #expect(throws: DirectoryError.self) { try Listener.handed(.kiosk, descriptor: unix.descriptor) }
        #expect(throws: DirectoryError.self) { try Listener.handed(.publicDoor, descriptor: tcp.descriptor) }
        #expect(throws: DirectoryError.self) { try Listener.handed(.varlink, descriptor: tcp.descriptor) }
        close(unix.descriptor)
        close(tcp.descriptor)
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func writesTheDateAsHTTPHasIt() {
        #expect(LoopState.dateLine(784_111_777) == Array("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n".utf8))
    }
}
