import Foundation
import TestSockets
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A server with a certificate that nobody has signed, made and served by openssl itself.
@Suite(
    "Certificates", .serialized, OnOwnThreads(),
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "there is no openssl"))
struct TLSTests {
    private func openssl(_ scene: RemoteScene, _ words: [String], log: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = words
        process.currentDirectoryURL = URL(fileURLWithPath: scene.path)
        _ = FileManager.default.createFile(atPath: scene.path + "/" + log, contents: nil)
        process.standardOutput = FileHandle(forWritingAtPath: scene.path + "/" + log)
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Makes a certificate for an address.
    private func certify(_ scene: RemoteScene, _ address: String) throws {
        let process = try openssl(
            scene,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                "2",
                "-keyout", "key.pem", "-out", "certificate.pem", "-subj", "/CN=test", "-addext",
                "subjectAltName=IP:\(address)",
            ], log: "req.log")
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    private func serve(_ scene: RemoteScene, _ more: [String] = []) throws -> (Process, Int) {
        let server = try openssl(
            scene,
            ["s_server", "-accept", "127.0.0.1:0", "-cert", "certificate.pem", "-key", "key.pem", "-WWW"]
                + more,
            log: "server.log")
        var port: Int?
        _ = try RemoteScene.wait {
            let said = try String(contentsOfFile: scene.path + "/server.log", encoding: .utf8)
            port = said.firstMatch(of: /ACCEPT 127\.0\.0\.1:([0-9]+)/).flatMap { Int($0.1) }
            return port != nil
        }
        return (server, try #require(port))
    }

    private func pull(_ scene: RemoteScene, _ port: Int, _ more: String) throws -> RemoteScene.End {
        try scene.write(
            "config/pull/shops.toml",
            """
            url = "https://127.0.0.1:\(port)/list.json"
            source = "office"
            type = "bookshop"
            attempts = 1
            \(more)
            [columns]
            id = "编号"
            name = "名称"
            """)
        return try scene.run("pull", "shops")
    }

    @Test func onlyATrustedCertificateOfTheRightHostIsTaken() throws {
        let scene = try RemoteScene()
        try scene.write("list.json", #"[{"id":1,"name":"书店"}]"#)
        try certify(scene, "127.0.0.1")
        let (server, port) = try serve(scene)
        defer { kill(server.processIdentifier, SIGKILL) }
        let refused = try pull(scene, port, "")
        #expect(refused.status == 77, "\(refused.complaint)")
        #expect(refused.complaint.contains("has no certificate that is trusted"), "\(refused.complaint)")
        let taken = try pull(scene, port, "ca_file = \"\(scene.path)/certificate.pem\"")
        #expect(
            taken.status == 0 && taken.complaint.contains("1 created"), "\(taken.status) \(taken.complaint)")
        let missing = try pull(scene, port, "ca_file = \"\(scene.path)/none.pem\"")
        #expect(missing.status == 78, "\(missing.complaint)")
        // A certificate for somebody else, signed by one that is trusted.
        try certify(scene, "127.0.0.2")
        let (other, otherPort) = try serve(scene)
        defer { kill(other.processIdentifier, SIGKILL) }
        let foreign = try pull(scene, otherPort, "ca_file = \"\(scene.path)/certificate.pem\"")
        #expect(foreign.status == 77, "\(foreign.complaint)")
    }

    @Test func anOldProtocolIsRefused() throws {
        let scene = try RemoteScene()
        try scene.write("list.json", "[]")
        try certify(scene, "127.0.0.1")
        let (server, port) = try serve(scene, ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        defer { kill(server.processIdentifier, SIGKILL) }
        let end = try pull(scene, port, "ca_file = \"\(scene.path)/certificate.pem\"")
        #expect(end.status == 77, "\(end.complaint)")
    }
}
