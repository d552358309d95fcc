import ArgumentParser
import DemoTown
import DirectoryAPI
import DirectoryModel

/// `quarterctl demo`: the files of a made-up town.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Write the input files of a made-up town, to import like a real one.",
        discussion: "The same seed gives the same bytes on every machine.")

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("The number that the town's details follow from.", valueName: "n"))
    var seed: UInt64 = 15

    @Argument(help: "The folder to write into; made where it is missing.", completion: .directory)
    var folder: String

    func run() throws {
        let paths = try DemoTown.write(to: folder, seed: seed)
        if global.json {
            var json = JSONWriter()
            json.beginObject()
            json.key("seed")
            json.whole(seed)
            json.key("files")
            json.strings(paths)
            json.endObject()
            return Terminal.print(json: json.bytes())
        }
        for path in paths { print(path) }
    }
}
