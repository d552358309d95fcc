internal import DirectoryAPI
internal import DirectoryModel
internal import NIOCore
internal import NIOHTTP1
internal import PageFiles

/// An answer of the desk itself.
struct DeskAnswer: Sendable {
    var status: Int
    var type: String
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    /// What every answer says, the daemon's too: nothing from elsewhere, no frame, nothing kept.
    static let strict: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
                + "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ]

    /// A file of the page: a browser asks each time whether it is still the same.
    init(_ file: PageFile, isKept: Bool) {
        status = isKept ? 304 : 200
        type = file.type
        headers = Self.strict + [("ETag", file.tag), ("Cache-Control", "no-cache")]
        body = isKept ? [] : file.bytes
    }

    /// An error, as a page for who navigates and as RFC 9457 has it for a program.
    init(_ error: DirectoryError, asPage: Bool, status: Int? = nil) {
        self.status = status ?? ErrorTable.status(of: error.code)
        headers = Self.strict + [("Cache-Control", "no-store")]
        if asPage {
            type = "text/html; charset=utf-8"
            body = Self.page(error.message, advice: error.advice ?? "")
        } else {
            type = "application/problem+json"
            var json = JSONWriter(capacity: 512)
            error.write(to: &json, current: nil)
            body = json.bytes()
        }
    }

    /// Another address of the desk.
    static func moved(to address: String) -> DeskAnswer {
        DeskAnswer(status: 303, html: "", headers: [("Location", address)])
    }

    /// The door is open: the cookie, and on to the page.
    ///
    /// Not a redirect: that would count as asked for by whatever page the address was clicked in, and a browser
    /// sends no strict cookie then.
    static func opened(cookie: String) -> DeskAnswer {
        DeskAnswer(
            status: 200,
            html: """
                <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>一刻圈</title>
                <link rel="icon" href="data:,"><meta http-equiv="refresh" content="0;url=/staff/"></head>
                <body><p><a href="/staff/">进入工作台 · Open the staff page</a></p></body></html>
                """,
            headers: [("Set-Cookie", cookie)])
    }

    private init(status: Int, html: String, headers: [(name: String, value: String)]) {
        self.status = status
        type = "text/html; charset=utf-8"
        self.headers = Self.strict + [("Cache-Control", "no-store")] + headers
        body = Array(html.utf8)
    }

    private static func page(_ message: String, advice: String) -> [UInt8] {
        Array(
            """
            <!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1"><title>一刻圈</title>
            <link rel="icon" href="data:,"></head>
            <body><main><h1>打不开 · Cannot open this</h1>
            <p>请在终端里按 Ctrl-C 结束 <code>quarterctl staff</code>，再启动一次，打开它新给出的地址。每个地址只能用一次。</p>
            <p lang="en">\(escaped(message)). \(escaped(advice)).</p></main></body></html>
            """.utf8)
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
