import Assembly
import DirectoryAPI
import DirectoryClient
import DirectoryEngine
import DirectoryModel
import Foundation
import ModuleHost

/// The directory of a state folder, without a daemon.
enum OfflineDirectory {
    /// Takes a register in on the locked state folder; the report is that of `POST /v1/registers`.
    ///
    /// - Throws: what opening and importing throw; `cannot_connect` when no folder is named and none is there.
    static func take(
        file: String, format: String, source: String?, table: TableInstructions = TableInstructions(),
        _ global: GlobalOptions, progress: ProgressReport, language: Language
    ) throws(DirectoryError) -> [UInt8] {
        let folder = try global.stateFolder()
        var sourceID: SourceID?
        if let source { sourceID = try SourceID(validating: source) }
        progress.show("opening \(folder)", nil)
        let assembly = try Assembly(Layout(stateFolder: folder))
        let request = RegisterRequest(
            path: file, fileName: URL(fileURLWithPath: file).lastPathComponent, format: format,
            source: sourceID, actor: currentUser, table: table)
        let report: RegisterReport
        do throws(DirectoryError) {
            report = try assembly.intake.take(request) { stage, fraction in
                progress.show(stage.text(in: language), fraction)
            }
        } catch {
            try? assembly.close()
            throw error
        }
        try assembly.close()
        var json = JSONWriter()
        report.write(to: &json)
        return json.bytes()
    }

    /// What was written, and whom to credit for it.
    struct Export {
        /// The files and their rows.
        let files: [(file: String, rows: Int)]
        /// Whom to credit.
        let attributions: [String]

        fileprivate init(_ engine: DirectoryEngine, to folder: String) throws(DirectoryError) {
            files = try engine.exportNetwork(to: folder)
            attributions = try engine.places(PlaceListQuery()).attributions
        }
    }

    /// Writes the network of a state folder out.
    ///
    /// A daemon that holds the folder goes on: its store and its network are only read then, which both allow.
    /// - Throws: what opening throws; `no_network`; `store_unwritable` for the folder written to.
    static func exportNetwork(to destination: String, _ global: GlobalOptions) throws(DirectoryError)
        -> Export
    {
        let folder = try global.stateFolder()
        let layout = Layout(stateFolder: folder)
        do throws(DirectoryError) {
            let assembly = try Assembly(layout)
            let export = try Export(assembly.engine, to: destination)
            try assembly.close()
            return export
        } catch {
            guard error.code == .stateLocked else { throw error }
        }
        // A store of another version would be brought up to date under the daemon's feet: not while it runs.
        let health = try global.ask(ClientRequest("GET", "/v1/health")).json()
        guard health.text("version") == Assembly.version else {
            throw DirectoryError(
                .stateLocked,
                "a quarterd of version \(health.text("version")) holds \(folder), this is \(Assembly.version)",
                advice: "restart the daemon so that both are of one version, or stop it")
        }
        let configuration = try Assembly.readConfiguration(layout)
        var hostSettings = configuration.hostSettings(stateFolder: folder)
        // The crash marker is the daemon's.
        hostSettings.stateFolder = nil
        let engine = try DirectoryEngine(
            folder: folder, version: Assembly.version, settings: configuration.engineSettings,
            host: ModuleHost.open(hostSettings))
        let export = try Export(engine, to: destination)
        try engine.close()
        return export
    }

    /// Who runs this.
    private static var currentUser: Actor {
        let uid = getuid()
        let name = getpwuid(uid).map { String(cString: $0.pointee.pw_name) }
        return Actor(name: name ?? "uid \(uid)", uid: uid)
    }
}
