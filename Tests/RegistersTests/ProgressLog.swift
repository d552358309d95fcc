import DirectoryAPI
import DirectoryModel
import Registers
import Synchronization

/// What a register said about its progress.
final class ProgressLog: Sendable {
    private let entries = Mutex<[(name: String, share: Double)]>([])

    var names: Set<String> { entries.withLock { Set($0.map(\.name)) } }
    var shares: [Double] { entries.withLock { $0.map(\.share) } }

    func add(_ stage: LocalizedText, _ share: Double) { entries.withLock { $0.append((stage.en, share)) } }
}

enum RegistersReaderProbe {
    static func take(_ path: String, into directory: ManualDirectory, log: ProgressLog) throws
        -> RegisterReport
    {
        try RegisterReader(sink: directory).take(
            RegisterRequest(
                path: path, fileName: "f", format: "osm", source: nil, actor: Actor(name: "tester")),
            progress: { log.add($0, $1) })
    }
}
