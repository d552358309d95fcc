import ArgumentParser
import DirectoryAPI

/// `quarterctl network`: the walking network itself.
struct NetworkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network", abstract: "Look at the walking network.", subcommands: [Export.self])

    @OptionGroup var global: GlobalOptions

    /// `quarterctl network export DIR`.
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Write nodes.csv, edges.csv and snaps.csv: what is really walked on.",
            discussion:
                "docs/walking.md says what the columns are, so that any program can check the answers.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The folder to write into.", completion: .directory)
        var folder: String

        func run() throws {
            let export = try OfflineDirectory.exportNetwork(to: folder, global)
            if global.json {
                var json = JSONWriter()
                json.beginObject()
                json.key("files")
                json.beginArray()
                for file in export.files {
                    json.beginObject()
                    json.key("file")
                    json.string(folder + "/" + file.file)
                    json.key("rows")
                    json.whole(file.rows)
                    json.endObject()
                }
                json.endArray()
                json.endObject()
                return Terminal.print(json: json.bytes())
            }
            var table = Table([.number("rows"), .word("file")])
            for file in export.files { table.add([String(file.rows), folder + "/" + file.file]) }
            Terminal.print(table)
            Terminal.printAttribution(export.attributions)
        }
    }
}
