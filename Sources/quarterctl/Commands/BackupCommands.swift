import ArgumentParser
import Assembly
import DirectoryAPI
import DirectoryModel
import DirectoryStore
import Foundation

/// `quarterctl backup`: copy the state folder, beside a daemon that runs.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy store and network, and check the copy.",
        discussion: """
            The daemon goes on meanwhile. Each backup is a folder of its own, named by time (UTC) and revision, with \
            a SHA256SUMS. Settings in /etc/quarter are not part of it. Older backups are removed once the new one is \
            complete, if --keep says so.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp("The folder that backups are kept in.", valueName: "dir"), completion: .directory)
    var to = "/var/backups/quarter"

    @Option(help: ArgumentHelp("How many backups stay; all without it.", valueName: "n"))
    var keep: Int?

    func validate() throws {
        guard keep ?? 1 >= 1 else { throw ValidationError("--keep must be at least 1.") }
    }

    func run() throws {
        do throws(DirectoryError) {
            let state = try global.stateFolder()
            let backup = try StateBackup.make(of: state, in: to, keep: keep)
            let summary = backup.store
            if global.json {
                Terminal.print(json: summary.json(folder: backup.folder, former: nil))
            } else {
                print("\(backup.folder): \(summary.words)")
            }
            JournalNote.write(
                .backupMade, "made the backup \(backup.folder): \(summary.words)",
                ["REVISION": "\(summary.revision.number)", "FOLDER": backup.folder])
        } catch {
            JournalNote.write(
                .backupFailed, "the backup failed: \(error.description)", ["CODE": error.code.rawValue])
            throw error
        }
    }
}

/// `quarterctl restore`: bring a backup back.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Bring a backup back into the state folder.",
        discussion: """
            The daemon must not hold the state folder: `systemctl stop quarterd` first. Clients that ask meanwhile \
            wait, or are told that the state folder is locked, and are served when it is done. The backup is read \
            whole before anything is changed; what was there before stays in a folder before-restore-… beside it.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: "The backup: a folder that `quarterctl backup` made.", completion: .directory)
    var backup: String

    func run() throws {
        let state = try global.stateFolder()
        let restored = try StateBackup.restore(backup, to: state)
        if global.json {
            Terminal.print(json: restored.store.json(folder: state, former: restored.former))
        } else {
            print("\(state): \(restored.store.words)")
            if let former = restored.former {
                print("What was there before: \(former)")
            }
        }
        JournalNote.write(
            .stateRestored, "restored \(backup) into \(state): \(restored.store.words)",
            ["REVISION": "\(restored.store.revision.number)", "FOLDER": backup])
    }
}

extension DirectoryStore.Summary {
    /// "revision 918, 4212 places, 18 origins, 3 communities".
    var words: String {
        let kinds: [(kind: RecordKind, noun: String)] = [
            (.place, "places"), (.origin, "origins"), (.community, "communities"),
        ]
        return "revision \(revision.number), "
            + kinds.map { "\(counts[$0.kind] ?? 0) \($0.noun)" }.joined(separator: ", ")
    }

    /// `{"folder","revision","counts":{…},"former"}`.
    func json(folder: String, former: String?) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("folder")
        json.string(folder)
        json.key("revision")
        json.whole(revision.number)
        json.key("counts")
        json.beginObject()
        for kind in RecordKind.allCases {
            json.key(kind.rawValue)
            json.whole(UInt64(counts[kind] ?? 0))
        }
        json.endObject()
        if let former {
            json.key("former")
            json.string(former)
        }
        json.endObject()
        return json.bytes()
    }
}
