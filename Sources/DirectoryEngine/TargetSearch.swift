internal import DirectoryModel
internal import WalkNetwork

/// What the list of a query is searched with: the part of a query that WalkNetwork understands.
///
/// In a file of its own because WalkNetwork's routes are walks, and DirectoryAPI's are those of HTTP.
struct TargetSearch {
    var origin: Snap
    var limit: Metres
    var avoidsSteps: Bool
    var kinds: KindSet?
    var wanted: Int

    /// The accepted targets within the limit, nearest first, at most `wanted`, in the place of what `results` held.
    func run(
        on hung: HungPlaces,
        accept: (TargetSlot, Metres) -> Bool, precedes: (TargetSlot, TargetSlot) -> Bool,
        into results: inout [ReachedTarget]
    ) {
        let query = TargetQuery(
            origin: origin, limit: limit, avoidsSteps: avoidsSteps, kinds: kinds, wanted: wanted)
        hung.pool.withScratch { scratch in
            hung.network.reach(
                query, targets: hung.targets, scratch: scratch, accept: accept, precedes: precedes,
                into: &results)
        }
    }
}

/// A route as WalkNetwork finds it, in this module's words.
struct FoundRoute {
    var metres: Metres
    var line: [Coordinate]
    var steps: [(text: LocalizedText, metres: Metres, start: Coordinate)]

    /// The shortest walk from an origin to a goal.
    ///
    /// - Throws: `unreachable`.
    init(on network: WalkNetwork, pool: SearchPool, from: Snap, to goal: Snap, avoidsSteps: Bool)
        throws(DirectoryError)
    {
        do {
            let route = try pool.withScratch { scratch in
                try network.route(
                    from: from, to: goal, limit: WalkNetwork.maximumLimit, avoidsSteps: avoidsSteps,
                    scratch: scratch)
            }
            metres = route.metres
            line = route.line
            steps = route.steps.map { ($0.text, $0.metres, $0.start) }
        } catch {
            throw DirectoryError.wrapping(error)
        }
    }
}
