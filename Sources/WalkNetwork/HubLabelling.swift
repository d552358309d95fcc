// Pruned landmark labelling (Akiba, Iwata, Yoshida, SIGMOD 2013), with searches that end at the bound.
//
// Vertices become hubs one after the other, the most important first (HubOrder.swift). The search from a hub
// turns back wherever the labels so far know a way that is no longer: the hubs before it already serve what
// lies behind. One thread does it: two that label different hubs at once must know less of each other's,
// which made labels larger, and took as long (measured on 1.06 million nodes).

/// Makes hub labels.
struct HubLabelling {
    /// Hubs between two words about the progress; chosen, not measured.
    private static let progressStep = 4_096

    private let order: [UInt32]
    private let labels: GrowingLabels
    private let worker: LabelWorker

    /// Labels for a network.
    ///
    /// - Parameter threads: how many threads may find the order, at least 1; the labels are the same for any
    ///   number.
    init(network: WalkNetwork, threads: Int, progress: (Double) -> Void) {
        let graph = LabelGraph(network: network)
        let workers = (0..<max(1, threads)).map { _ in LabelWorker(graph: graph) }
        order = HubOrder(graph: graph, workers: workers).vertices { progress($0 * HubOrder.shareOfWork) }
        labels = GrowingLabels(graph: graph)
        worker = workers[0]
    }

    /// Makes the labels.
    ///
    /// - Returns: where the label of each vertex starts, and the entries, as `HubLabels` has them.
    func run(progress: (Double) -> Void) -> (offsets: [UInt32], entries: [UInt64]) {
        var result = HubResult()
        for (number, hub) in order.enumerated() {
            worker.search(from: hub, labels, &result)
            labels.append(result, hub: hub)
            if number % Self.progressStep == 0 {
                let share = Double(number) / Double(order.count)
                progress(HubOrder.shareOfWork + (1 - HubOrder.shareOfWork) * share)
            }
        }
        progress(1)
        return labels.packed()
    }
}

/// What the searches from one hub found: words of vertex and centimetres, for each kind of walk.
struct HubResult {
    /// The vertices met: forward, backward, forward over no steps, backward over no steps.
    var found: [[UInt64]] = [[], [], [], []]
    /// The walks that each of `found` is for; empty: not searched for.
    var ways: [LabelWays] = [[], [], [], []]
}
