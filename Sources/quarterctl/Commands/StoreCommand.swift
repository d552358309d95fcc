import ArgumentParser
import Assembly
import DirectoryModel
import DirectoryStore

/// `quarterctl store`: the whole store as text.
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Write the whole store as text, or make a store of such a text.",
        discussion: """
            A line for each record, with what every source, person and party said of it and the whole history. This \
            and every later version reads it. For a daily copy `quarterctl backup` is quicker.
            """, subcommands: [Export.self, Import.self])

    /// `quarterctl store export FILE`.
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Write the store as text, beside a daemon that runs.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The file to write; it is readable by its owner and group.", completion: .file())
        var file: String

        func run() throws {
            let summary = try StateText.write(try global.stateFolder(), to: file)
            if global.json { return Terminal.print(json: summary.json(folder: file, former: nil)) }
            print("\(file): \(summary.words)")
        }
    }

    /// `quarterctl store import FILE`.
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Make the store of an empty state folder from a text.",
            discussion: """
                No daemon may hold the folder. The walking network is no part of the text: import the map again, or \
                bring the network back from a backup.
                """)

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The text that `quarterctl store export` wrote.", completion: .file())
        var file: String

        func run() throws {
            let state = try global.stateFolder()
            let summary = try StateText.read(file, into: state)
            if global.json { return Terminal.print(json: summary.json(folder: state, former: nil)) }
            print("\(state): \(summary.words)")
        }
    }
}
