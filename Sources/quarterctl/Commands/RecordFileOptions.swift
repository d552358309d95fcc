import ArgumentParser
import DirectoryAPI
import DirectoryClient
import DirectoryModel
import Foundation

/// A record to be stored from a file.
struct RecordFileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Store only if the record still has this ETag; * for any existing one.", valueName: "tag"))
    var ifMatch: String?

    @Argument(help: "The record's id.")
    var id: String

    @Argument(help: "A JSON file, or - for standard input.", completion: .file())
    var file: String

    /// Stores the record through the admin socket and prints what became of it.
    func put(under path: String, _ global: GlobalOptions) throws {
        let body = try Self.read(file)
        // What is no JSON is said here, with the file's name, and not only by the daemon.
        do throws(DirectoryError) {
            _ = try JSONValue(json: body)
        } catch {
            throw DirectoryError(
                .invalidFile, "\(file == "-" ? "standard input" : file) is not JSON",
                advice: "docs/api.md shows the fields", cause: error.cause)
        }
        let headers = ifMatch.map { [(name: "If-Match", value: $0)] } ?? []
        let request = ClientRequest("PUT", path + id.queryEncoded, headers: headers, body: .json(body))
        try Self.printOutcome(try global.ask(request, on: .admin), global)
    }

    /// Takes a record away through the admin socket and prints what became of it.
    static func delete(_ path: String, _ id: String, _ global: GlobalOptions) throws {
        try printOutcome(try global.ask(ClientRequest("DELETE", path + id.queryEncoded), on: .admin), global)
    }

    /// The bytes of a file, or of standard input.
    ///
    /// - Throws: `unreadable_file`.
    static func read(_ file: String) throws(DirectoryError) -> [UInt8] {
        if file == "-" { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        } catch {
            throw DirectoryError(
                .unreadableFile, "cannot read \(file)", advice: "check the path and its permissions",
                cause: (error as NSError).localizedDescription)
        }
    }

    /// Prints what a write did: one line, and one for each finding.
    static func printOutcome(_ reply: ClientReply, _ global: GlobalOptions) throws {
        if global.json { return Terminal.print(json: reply.body) }
        let answer = try reply.json()
        print(
            "\(answer.text("kind")) \(answer.text("id")): \(answer.text("outcome")), "
                + "revision \(answer.text("revision"))")
        for finding in answer.list("findings") { print("  " + Findings.line(finding, in: Terminal.language)) }
    }
}
