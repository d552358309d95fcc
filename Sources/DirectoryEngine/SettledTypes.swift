internal import DirectoryModel
internal import DirectoryStore
internal import Foundation
internal import ModuleHost

/// Types of which every stored place is as they would normalise it now, so that a start need not ask them again.
///
/// Kept in the state folder by the word that changes with a type's file. Losing it costs a slower start, and nothing
/// else.
struct SettledTypes {
    private let path: String
    /// The first line: for another version, or another store file such as a restored one, nothing here is known.
    private let title: String
    /// Fingerprints by type.
    private var words: [ServiceTypeID: String] = [:]

    /// What an earlier process noted; nothing where that was another version.
    ///
    /// - Parameter folder: the state folder.
    init(folder: String, version: String) {
        path = folder + "/settled-types"
        let store = try? FileManager.default.attributesOfItem(atPath: folder + "/" + DirectoryStore.fileName)
        let file = (store?[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
        title = "quarter \(version), store file \(file)"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return }
        let lines = text.split(separator: "\n")
        guard lines.first == title[...] else { return }
        for line in lines.dropFirst() {
            let parts = line.split(separator: " ")
            guard parts.count == 2 else { continue }
            words[ServiceTypeID(unchecked: String(parts[0]))] = String(parts[1])
        }
    }

    /// Types whose places need not be normalised.
    func types(of host: ModuleHost) -> Set<ServiceTypeID> {
        Set(words.compactMap { host.fingerprints[$0.key] == $0.value ? $0.key : nil })
    }

    /// Notes the types of a host, but for those of which some place is stored otherwise.
    mutating func note(_ host: ModuleHost, except unsettled: Set<ServiceTypeID>) {
        let now = host.fingerprints.filter { !unsettled.contains($0.key) }
        guard now != words else { return }
        words = now
        let lines = now.map { "\($0.key.rawValue) \($0.value)" }.sorted()
        let text = ([title] + lines).joined(separator: "\n") + "\n"
        // What cannot be written is found out anew at the next start.
        try? Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// Forgets a type: records are written by another schema from now on.
    mutating func forget(_ types: Set<ServiceTypeID>, of host: ModuleHost) {
        let unsettled = Set(host.fingerprints.keys).subtracting(words.keys).union(types)
        note(host, except: unsettled)
    }
}
