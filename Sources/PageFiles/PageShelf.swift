// PageFiles: the files of a page in memory, each with its type, its tag and what a browser may do with it.
// May import: DirectoryModel, Digests.

internal import Digests
internal import DirectoryModel
internal import Foundation

/// One file of a page.
package struct PageFile: Sendable {
    /// Its bytes.
    package let bytes: [UInt8]
    /// Its media type.
    package let type: String
    /// An entity tag with its quotation marks, which changes with the bytes.
    package let tag: String
    /// What a browser is told besides: what the page may load, and who may frame it.
    package let headers: [(name: String, value: String)]
}

/// Pages that are served from memory.
///
/// Everything is read once: an answer needs no disk, and no path of a request ever becomes one of a file.
package struct PageShelf: Sendable {
    /// Files by the path of their address.
    private var files: [String: PageFile] = [:]
    /// Addresses that lead to another one.
    private var moved: [String: String] = [:]
    /// What could not be read, one line each.
    package private(set) var problems: [String] = []

    /// The longest file, and all of them together, in bytes.
    ///
    /// Chosen, not measured: Quarter's own pages have some 300 KB, Leaflet 150.
    private static let longestFile = 4 << 20, longestAll = 32 << 20

    /// Media types by the end of a name; what has another end is not served.
    private static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8", "json": "application/json; charset=utf-8",
        "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon", "woff2": "font/woff2",
        "txt": "text/plain; charset=utf-8",
    ]

    /// A shelf without files.
    package init() {}

    /// Reads folders of pages.
    ///
    /// A folder that cannot be read is named in `problems`; the others are served all the same.
    /// - Parameters:
    ///   - folders: the first part of the address, such as "kiosk", and the folder whose files stand under it, at any
    ///     depth; `index.html` is also the folder's own address, and `map.html` is also `map`.
    ///   - framers: by the same first part, sites (`https://example.org`) that may show its pages in a frame.
    package init(_ folders: [String: String], framers: [String: [String]] = [:]) {
        var total = 0
        for (part, folder) in folders.sorted(by: { $0.key < $1.key }) {
            let headers = Self.headers(framers: framers[part] ?? [])
            do throws(DirectoryError) {
                try read(folder, under: "/" + part, headers, &total)
            } catch {
                problems.append(error.description)
            }
        }
    }

    /// Whether there is any page.
    package var isEmpty: Bool { files.isEmpty }

    /// The file of an address's path, or nil.
    package func file(at path: some StringProtocol) -> PageFile? { files[String(path)] }

    /// The address that one leads to, or nil.
    package func target(of path: some StringProtocol) -> String? { moved[String(path)] }

    /// Puts a file on the shelf that is made, not read.
    package mutating func put(_ bytes: [UInt8], type: String, at path: String) {
        files[path] = PageFile(
            bytes: bytes, type: type, tag: Self.tag(bytes), headers: Self.headers(framers: []))
    }

    /// Leads an address to another one.
    package mutating func lead(_ path: String, to target: String) { moved[path] = target }

    private mutating func read(
        _ folder: String, under address: String, _ headers: [(name: String, value: String)],
        _ total: inout Int
    ) throws(DirectoryError) {
        let names: [String]
        do {
            names = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
        } catch {
            throw DirectoryError(
                .unreadableFile, "the pages of \(address)/ cannot be read",
                advice: "install Quarter whole, or set pages.folder and pages.leaflet", location: folder,
                cause: (error as NSError).localizedDescription)
        }
        for name in names {
            guard let type = Self.types[(name as NSString).pathExtension],
                !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }),
                let data = FileManager.default.contents(atPath: folder + "/" + name)
            else { continue }
            guard data.count <= Self.longestFile, total + data.count <= Self.longestAll else {
                problems.append("\(folder)/\(name) is too long to be kept in memory; it is not served")
                continue
            }
            total += data.count
            let bytes = Array(data)
            let file = PageFile(bytes: bytes, type: type, tag: Self.tag(bytes), headers: headers)
            files[address + "/" + name] = file
            guard name.hasSuffix(".html") else { continue }
            let plain = String(name.dropLast(5))
            if plain == "index" || plain.hasSuffix("/index") {
                let own = address + "/" + plain.dropLast(5)
                files[own] = file
                moved[String(own.dropLast())] = own
            } else {
                files[address + "/" + plain] = file
            }
        }
    }

    private static func tag(_ bytes: [UInt8]) -> String {
        "\"" + FileDigest.sha256(of: bytes).prefix(20) + "\""
    }

    /// What a page may do: load what is its own, and nothing else.
    ///
    /// Map tiles are drawn on canvas and codes are images of this server; a script that was smuggled into a name is
    /// neither in a file of ours nor asked for by one.
    private static func headers(framers: [String]) -> [(name: String, value: String)] {
        let framing = framers.isEmpty ? "'none'" : (["'self'"] + framers).joined(separator: " ")
        return [
            (
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
                    + "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
                    + "frame-ancestors \(framing)"
            ),
            ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
        ]
    }
}
