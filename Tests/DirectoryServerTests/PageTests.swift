import DirectoryModel
import Foundation
import PageFiles
import TestSockets
import Testing

@testable import DirectoryServer

/// The files of a page, beside the routes.
@Suite(.serialized, .onThreads) struct PageTests {
    /// A folder of pages that is deleted with this value.
    private final class Folder {
        let path = NSTemporaryDirectory() + "quarter-pages-" + UUID().uuidString.prefix(8)

        init() throws {
            try write("kiosk/index.html", "<!doctype html><title>一刻圈</title>")
            try write("kiosk/parts/list.js", "export const a = 1")
            try write("kiosk/icons/吃饭.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
            try write("kiosk/notes.md", "not served")
            try write("kiosk/.hidden.js", "not served")
            try write("embed/map.html", "<!doctype html><title>map</title>")
            try write("secret.txt", "beside the pages")
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ name: String, _ text: String) throws {
            let file = path + "/" + name
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        }

        var shelf: PageShelf {
            var shelf = PageShelf(
                ["kiosk": path + "/kiosk", "embed": path + "/embed"],
                framers: ["embed": ["https://www.example.org"]])
            shelf.put(Array("{}".utf8), type: "application/json; charset=utf-8", at: "/kiosk/settings.json")
            shelf.lead("/", to: "/kiosk/")
            return shelf
        }
    }

    @Test func filesAreServedWithTheirTypesAndRules() async throws {
        let folder = try Folder()
        try await withServer(change: { $0.pages = folder.shelf }) { server in
            let client = try server.client()
            let page = try client.get("/kiosk/")
            #expect(page.status == 200 && page.text.contains("一刻圈"))
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.headers["cache-control"] == "no-cache")
            #expect(page.headers["x-content-type-options"] == "nosniff")
            let rules = try #require(page.headers["content-security-policy"])
            #expect(rules.contains("default-src 'none'") && rules.contains("frame-ancestors 'none'"))
            #expect(!rules.contains("unsafe"))
            #expect(try client.get("/kiosk/index.html").text == page.text)
            #expect(try client.get("/kiosk/?origin=kiosk-1").text == page.text)
            let script = try client.get("/kiosk/parts/list.js")
            #expect(script.headers["content-type"] == "text/javascript; charset=utf-8")
            #expect(try client.get("/kiosk/settings.json").text == "{}")
            let frame = try client.get("/embed/map?community=c1")
            #expect(frame.status == 200)
            #expect(
                frame.headers["content-security-policy"]?.contains(
                    "frame-ancestors 'self' https://www.example.org") == true)
            #expect(try client.get("/v1/health").status == 200, "the routes are there as before")
        }
    }

    @Test func aBrowserThatHasItGetsNothing() async throws {
        let folder = try Folder()
        try await withServer(change: { $0.pages = folder.shelf }) { server in
            let client = try server.client()
            let tag = try #require(try client.get("/kiosk/").headers["etag"])
            func ask(_ value: String) throws -> RawClient.Answer {
                try client.ask("GET", "/kiosk/", headers: ["Host: localhost", "If-None-Match: \(value)"])
            }
            #expect(try ask(tag).status == 304)
            #expect(try ask("\"x\", W/\(tag)").status == 304)
            #expect(try ask("\"x\"").status == 200)
            let head = try client.ask("HEAD", "/kiosk/")
            #expect(head.status == 200 && head.text.isEmpty && head.headers["etag"] == tag)
            try folder.write("kiosk/index.html", "<!doctype html><title>另一页</title>")
            var options = server.options
            options.pages = folder.shelf
            server.server.apply(options)
            let later = try server.client().get("/kiosk/")
            #expect(later.text.contains("另一页") && later.headers["etag"] != tag)
        }
    }

    @Test func nothingBesideThePagesIsServed() async throws {
        let folder = try Folder()
        try await withServer(change: { $0.pages = folder.shelf }) { server in
            let client = try server.client()
            for path in [
                "/kiosk/../secret.txt", "/kiosk/%2e%2e/secret.txt", "/kiosk/notes.md", "/kiosk/.hidden.js",
                "/kiosk/parts", "/kiosk/parts/", "/kiosk//index.html", "/secret.txt", "/kiosk/none.js",
                "/kiosk/parts/list.js/", "/embed/",
            ] {
                let answer = try client.get(path)
                #expect(answer.status == 404, "\(path)")
                #expect(try answer.code() == "not_found")
            }
        }
    }

    @Test func addressesThatLeadElsewhereDoSoAndOnlyReadingIsTaken() async throws {
        let folder = try Folder()
        try await withServer(change: { $0.pages = folder.shelf }) { server in
            let client = try server.client()
            let root = try client.get("/")
            #expect(root.status == 308 && root.headers["location"] == "/kiosk/")
            let bare = try client.get("/kiosk?origin=kiosk-1")
            #expect(bare.status == 308 && bare.headers["location"] == "/kiosk/?origin=kiosk-1")
            let refused = try server.admin().ask("POST", "/kiosk/", body: "x")
            #expect(refused.status == 405 && refused.headers["allow"] == "GET, HEAD")
            let foreign = try RawClient(port: server.port)
            foreign.send("GET /kiosk/ HTTP/1.1\r\nHost: evil.example\r\n\r\n")
            #expect(try foreign.answer().status == 421)
        }
    }

    @Test func pagesAreThereWithoutADirectory() async throws {
        let folder = try Folder()
        try await withServer(change: { $0.pages = folder.shelf }) { server in
            server.server.apply(
                .fault(DirectoryError(.storeDamaged, "the store is damaged")), server.options)
            let client = try server.client()
            #expect(try client.get("/kiosk/").status == 200)
            #expect(try client.get("/v1/types").status == 503)
            #expect(try client.get("/v1/qr?text=x").status == 200)
        }
    }

    @Test func aFolderThatIsNotThereIsNamedAndTheOthersServed() throws {
        let folder = try Folder()
        let shelf = PageShelf(["kiosk": folder.path + "/kiosk", "leaflet": folder.path + "/none"])
        #expect(shelf.file(at: "/kiosk/") != nil)
        #expect(shelf.problems.count == 1)
        #expect(shelf.problems.first?.contains("pages.leaflet") == true)
        #expect(shelf.problems.first?.contains(folder.path + "/none") == true)
    }
}
