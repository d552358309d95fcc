import DirectoryModel
import Foundation
import QRCodes
import TestSockets
import Testing

@testable import DirectoryServer

/// Texts as QR codes.
@Suite(.onThreads) struct QRTests {
    @Test func theCodeIsOfTheStandardsShape() throws {
        let code = try QRCode("geo:31.98,118.76", correction: .medium)
        #expect(code.width == 25, "16 bytes at M need version 2")
        #expect(code.squares.count == 25 * 25)
        // The finder patterns in three corners: 7 dark squares, a light ring, 3 × 3 dark.
        for (row, column) in [(0, 0), (0, 18), (18, 0)] {
            for y in 0..<7 {
                for x in 0..<7 {
                    let ring = min(x, y, 6 - x, 6 - y)
                    #expect(code.squares[(row + y) * 25 + column + x] == (ring != 1))
                }
            }
        }
        #expect(code.svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 33 33\""))
    }

    @Test(arguments: QRCode.Correction.allCases)
    func whatDoesNotFitIsRefused(_ correction: QRCode.Correction) throws {
        let most =
            [QRCode.Correction.low: 2_953, .medium: 2_331, .quartile: 1_663, .high: 1_273][correction] ?? 0
        #expect(try QRCode(String(repeating: "x", count: most), correction: correction).width == 177)
        let error = try #require(throws: DirectoryError.self) {
            try QRCode(String(repeating: "x", count: most + 1), correction: correction)
        }
        #expect(error.code == .invalidRequest && error.message.contains("\(most + 1) bytes"))
        #expect(throws: DirectoryError.self) { try QRCode("") }
    }

    @Test func theRouteGivesAnImage() async throws {
        try await withServer { server in
            let client = try server.client()
            let answer = try client.get("/v1/qr?text=geo%3A31.98%2C118.76")
            #expect(answer.status == 200 && answer.headers["content-type"] == "image/svg+xml")
            #expect(answer.text.hasSuffix("</svg>\n"))
            #expect(try client.get("/v1/qr").code() == "invalid_request")
            #expect(try client.get("/v1/qr?text=").code() == "invalid_request")
            #expect(try client.get("/v1/qr?text=x&correction=Z").code() == "invalid_request")
            let long = String(repeating: "步", count: 1_000)
            let escaped = try #require(long.addingPercentEncoding(withAllowedCharacters: []))
            #expect(try client.get("/v1/qr?text=\(escaped)").code() == "invalid_request")
        }
    }

    private static let readers = ["zbarimg", "rsvg-convert"].allSatisfy { name in
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: $0 + "/" + name)
        }
    }

    /// An independent reader: zbar, of a picture drawn by librsvg.
    @Test(
        .enabled(if: readers, "zbarimg (zbar-tools) and rsvg-convert (librsvg2-bin) are not installed"),
        arguments: [
            "geo:31.98012,118.76001", "出门右转，沿竹园路走 120 米\n过马路 → 银发餐厅", "x",
            "12345678901234567890", "a\"b<c>&'d' 😀",
        ])
    func anotherProgramReadsTheSame(_ text: String) throws {
        let folder = NSTemporaryDirectory() + "quarter-qr-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(QRCode(text).svg.utf8).write(to: URL(fileURLWithPath: folder + "/code.svg"))
        _ = try output(
            "rsvg-convert", ["--zoom=8", "--output", folder + "/code.png", folder + "/code.svg"])
        let read = try output("zbarimg", ["--quiet", "--raw", "-Sbinary", "--oneshot", folder + "/code.png"])
        #expect(read == text)
    }

    private func output(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(program)")
        return String(decoding: data, as: UTF8.self)
    }
}
