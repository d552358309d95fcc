internal import DirectoryAPI
package import DirectoryModel
internal import DirectoryStore

extension DirectoryEngine {
    /// A part of the directory that a probe passes through.
    package enum ProbePart: String, Hashable, Sendable {
        /// The live index: a walk from a real origin, and the modules' dressing.
        case engine
        /// The store: a read from the file.
        case store
    }

    /// Asks a real question of the live index, then reads the store: returns only when both have answered.
    ///
    /// Where a part hangs this does not return; `entering` then has told which one it is in. Blocking.
    /// - Throws: why a part cannot answer: `store_unwritable`, `store_damaged`, `internal_error`. A refusal such
    ///   as `no_network` is an answer.
    package func probe(entering: (ProbePart) -> Void) throws(DirectoryError) {
        entering(.engine)
        let turn = probes.wrappingAdd(1, ordering: .relaxed).newValue
        // The one lock that readers wait for.
        _ = hasNoNames
        let origin = reading { (index: LiveIndex) -> OriginID? in
            let ids = index.originOrder
            return ids.isEmpty ? nil : ids[turn % ids.count]
        }
        do throws(DirectoryError) {
            // One place is dressed, so that a module's answer is part of the question.
            if let origin { _ = try reach(ReachQuery(origin: .id(origin), limit: 1)) }
        } catch  where error.code != .internalError {
            // A refusal in words is an answer: an origin off the network, no network yet.
        }
        entering(.store)
        _ = try store.read { reader in try reader.revision() }
    }
}
