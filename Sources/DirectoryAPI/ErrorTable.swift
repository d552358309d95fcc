package import DirectoryModel

/// What each error code means for HTTP and for the shell: the one table that `docs/errors.md` is made from.
package struct ErrorTable {
    /// One row of the table.
    package struct Row: Sendable {
        /// The code.
        package let code: DirectoryError.Code
        /// The HTTP status.
        package let status: Int
        /// The exit code of `quarterctl` and `quarterd` (sysexits.h where one fits).
        package let exitCode: Int32
        /// What it means, and what to do.
        package let meaning: String
    }

    /// All rows, in the order of the documentation.
    package static let rows: [Row] = [
        Row(
            .invalidRequest, 400, 64,
            "A word of the request is missing, unknown, repeated or out of range. The message names it."),
        Row(.invalidID, 400, 64, "A text cannot be an id: 1 to 128 bytes, no spaces, no slashes."),
        Row(.invalidCursor, 400, 64, "The cursor is not one that this server gave. Start without one."),
        Row(.invalidRecord, 422, 65, "A record breaks its schema. `location` names the field."),
        Row(.notFound, 404, 66, "There is no such route, or no such thing."),
        Row(.methodNotAllowed, 405, 64, "The route exists, but not with this method. `Allow` says which."),
        Row(
            .originOffNetwork, 422, 68,
            "No walkable way lies within 250 m of the origin: there is no walk to measure."),
        Row(.unreachable, 422, 68, "There is no walk from the origin to the place, for this profile."),
        Row(.forbidden, 403, 77, "The caller may not do this on this socket."),
        Row(.foreignHost, 421, 77, "The Host or Origin header names a stranger: a page from elsewhere asks."),
        Row(.changedMeanwhile, 412, 75, "`If-Match` does not hold: read the record again, then decide."),
        Row(
            .revisionAhead, 409, 65,
            "The directory has not reached this revision: it is another directory's, or a backup was restored. Read "
                + "anew."),
        Row(
            .historyGone, 410, 66,
            "The changes since this revision are no longer kept. Read anew, and go on from the present revision."
        ),
        Row(.keyReused, 422, 64, "The Idempotency-Key was used before with another request."),
        Row(.tooLarge, 413, 64, "The URL, the head or the body is over its limit, which the message names."),
        Row(.requestTimeout, 408, 75, "The request did not arrive whole in time."),
        Row(.tooManyConnections, 503, 75, "The caller's user holds too many connections. Close some."),
        Row(.unsupportedMedia, 415, 64, "The body or register is in a format that is not read here."),
        Row(.configurationInvalid, 503, 78, "A configuration file is wrong: `location` names file and line."),
        Row(.noNetwork, 503, 69, "No walking network has been imported. Run `quarterctl import osm FILE`."),
        Row(.networkDamaged, 503, 74, "The network file is damaged or foreign. Import the OSM file again."),
        Row(
            .noMap, 503, 69,
            "There is no street map, or its file is damaged. Import the OSM file again: `quarterctl import osm FILE`."
        ),
        Row(.storeDamaged, 503, 74, "The store cannot be read. Restore a backup."),
        Row(.storeUnwritable, 503, 73, "The store cannot be written: disk full, or permissions."),
        Row(.stateLocked, 503, 75, "Another process holds the state folder. Ask it, or stop it first."),
        Row(.unreadableFile, 400, 66, "An input file cannot be opened or read."),
        Row(.invalidFile, 422, 65, "An input file is not of the format that it is said to be."),
        Row(.moduleFailed, 500, 70, "A service-type module failed. `quarterctl modules` says more."),
        Row(.cannotConnect, 503, 69, "The daemon cannot be reached. The message says which socket and why."),
        Row(.badReply, 502, 76, "What answered is no quarterd, or one of another version."),
        Row(
            .remoteUnreachable, 504, 69,
            "A server that a bridge asks does not answer, or says that it cannot now. It is asked again."),
        Row(
            .remoteRefused, 502, 77,
            "A server that a bridge asks refuses: the message says what, and what to mend."),
        Row(
            .remoteInvalid, 502, 76,
            "A server that a bridge asks answers with something else than was agreed."),
        Row(
            .remoteChanging, 502, 75,
            "A list changed while a bridge read it, again and again. Nothing was taken in."),
        Row(.unavailable, 503, 75, "The daemon is starting or stopping. Ask again in a moment."),
        Row(.internalError, 500, 70, "A fault of Quarter. Please report it with the journal's lines."),
    ]

    private static let byCode = Dictionary(uniqueKeysWithValues: rows.map { ($0.code, $0) })

    /// The HTTP status of a code; 500 for one that the table lacks.
    package static func status(of code: DirectoryError.Code) -> Int { byCode[code]?.status ?? 500 }

    /// The exit code of a code; 70 (software) for one that the table lacks.
    package static func exitCode(of code: DirectoryError.Code) -> Int32 { byCode[code]?.exitCode ?? 70 }

    /// The table as the Markdown page `docs/errors.md`.
    package static func markdown() -> String {
        var page =
            "# Errors\n\n<!-- Generated by `make docs` from Sources/DirectoryAPI/ErrorTable.swift. -->\n\n"
        page +=
            "Every error is `application/problem+json` with `status`, `code`, `title`, `detail`, and where "
        page +=
            "they help `advice` and `location`. `quarterctl` prints the same in one line and ends with the "
        page += "exit code.\n\n| code | HTTP | exit | meaning |\n|---|---|---|---|\n"
        for row in rows {
            page += "| `\(row.code.rawValue)` | \(row.status) | \(row.exitCode) | \(row.meaning) |\n"
        }
        return page
    }
}

extension ErrorTable.Row {
    fileprivate init(_ code: DirectoryError.Code, _ status: Int, _ exitCode: Int32, _ meaning: String) {
        self.init(code: code, status: status, exitCode: exitCode, meaning: meaning)
    }
}
