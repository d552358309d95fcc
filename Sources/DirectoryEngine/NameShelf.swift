internal import DirectoryModel
internal import ModuleHost

/// What can be found by name, of the index that is answered from.
///
/// Changed in place under a lock of its own, since it is too large to be copied for each change: who looks for names
/// waits for the microseconds of one, and nobody else does.
final class NameShelf: @unchecked Sendable {
    // Unchecked: `shelf` is touched under `lock` alone.
    private let lock = ReadWriteLock()
    /// Nil until somebody looks for something, and after very many changes at once.
    private var shelf: SearchShelf?

    /// A record that was changed.
    enum Change {
        case place(PlaceEntry)
        case noPlace(PlaceID)
        case origin(Origin)
        case noOrigin(OriginID)
        case activity(Activity)
        case noActivity(ActivityID)
        case organisation(Organisation)
        case noOrganisation(OrganisationID)
        /// So much was changed that all is put there anew.
        case everything
    }

    /// Runs `body` with what can be found, nil where it is to be made first, beside others who read.
    ///
    /// Not recursive.
    func reading<R, E: Error>(_ body: (SearchShelf?) throws(E) -> R) throws(E) -> R {
        try lock.reading { () throws(E) in try body(shelf) }
    }

    /// Whether there is nothing to look in.
    var isEmpty: Bool { lock.reading { shelf == nil } }

    /// Puts a shelf there that was made of all records.
    func fill(_ shelf: SearchShelf) { lock.writing { self.shelf = shelf } }

    /// Changes what can be found, and runs `publishing` before anybody looks.
    func apply(_ changes: [Change], host: ModuleHost, publishing: () -> Void) {
        lock.writing {
            for change in changes {
                switch change {
                case .place(let entry): shelf?.put(entry, host: host)
                case .noPlace(let id): shelf?.remove(id)
                case .origin(let origin): shelf?.put(origin)
                case .noOrigin(let id): shelf?.remove(id)
                case .activity(let activity): shelf?.put(activity)
                case .noActivity(let id): shelf?.remove(id)
                case .organisation(let organisation): shelf?.put(organisation)
                case .noOrganisation(let id): shelf?.remove(id)
                case .everything: shelf = nil
                }
            }
            publishing()
        }
    }
}
