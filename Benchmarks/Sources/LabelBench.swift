// Measures labels: made, hung with targets, and asked, each beside the bounded search in the same run.

import DirectoryModel
import WalkNetwork

enum LabelBench {
    /// How often all origins are asked from; the best time of each counts.
    static let rounds = 11
    /// How many edits are timed.
    static let edits = 10_000
    /// One question of the table.
    struct Question {
        let name: String
        var limit = Bench.limit
        var kinds: KindSet?
        var wanted = Bench.wanted
        /// One target of so many is accepted, as those that are open are.
        var share = 1
    }

    static let questions = [
        Question(name: "nearest 10", wanted: 10),
        Question(name: "nearest 50"),
        Question(name: "nearest 50, 20 minutes", limit: 1_332),
        Question(name: "nearest 50 of one kind in six", kinds: KindSet([1])),
        Question(name: "nearest 50 that are open, one of five", share: 5),
        Question(name: "nearest 50 of a kind that is nowhere", kinds: KindSet([999])),
        Question(name: "all within 15 minutes", wanted: .max),
    ]

    static func run(network path: String, dump: String) throws {
        let opened = try WalkNetwork.open(path)
        let clock = ContinuousClock()
        var start = clock.now
        let labelled = try opened.labelled(threads: 2)
        let network = try labelled.network()
        print(
            "labels: made in \(clock.now - start) by 2 threads; \(network.labelEntryCount) entries, "
                + "\(rounded(Double(network.labelEntryCount) / Double(max(1, network.vertexCount)))) a vertex, "
                + "\(rounded(Double(network.labelEntryCount) * 8 / 1e6)) MB")
        let (origins, targets) = try Bench.read(dump: dump)
        var slots: [TargetSlot] = []
        let table = TargetTable(edgeCount: network.edgeCount, loading: targets, spare: 64, slots: &slots)
        start = clock.now
        table.hangOnHubs(of: network)
        print(
            "hung \(targets.count) targets in \(clock.now - start), "
                + "\(rounded(Double(table.hubByteCount) / Double(max(1, targets.count)))) bytes each")
        let pool = SearchPool(network: network)
        pool.withScratch { scratch in
            for question in questions { ask(question, network, origins, table, scratch) }
        }
        edit(table, &slots, targets)
        try survey(network, table)
    }

    private static func ask(
        _ question: Question, _ network: WalkNetwork, _ origins: [Snap], _ table: TargetTable,
        _ scratch: SearchScratch
    ) {
        var labels = [Double](repeating: .infinity, count: origins.count)
        var bounded = labels
        var (one, other): ([ReachedTarget], [ReachedTarget]) = ([], [])
        var (found, unlike) = (0, 0)
        let share = question.share
        for round in 0..<rounds {
            for (index, origin) in origins.enumerated() {
                let query = TargetQuery(
                    origin: origin, limit: question.limit, kinds: question.kinds, wanted: question.wanted)
                let accept = { (slot: TargetSlot, _: Metres) in
                    share == 1 || slot.number % Int32(share) == 0
                }
                // By turns first: the second finds warm what the first has read.
                for turn in 0..<2 {
                    let start = now()
                    if turn == round % 2 {
                        network.reach(
                            query, targets: table, scratch: scratch, accept: accept, precedes: { $0 < $1 },
                            into: &one)
                        labels[index] = min(labels[index], now() - start)
                    } else {
                        network.boundedReach(
                            query, targets: table, scratch: scratch, accept: accept, precedes: { $0 < $1 },
                            into: &other)
                        bounded[index] = min(bounded[index], now() - start)
                    }
                }
                guard round == 0 else { continue }
                found += one.count
                if one != other { unlike += 1 }
            }
        }
        let count = max(1, origins.count)
        labels.sort()
        bounded.sort()
        func figures(_ times: [Double]) -> String {
            "p50 \(rounded(times[count / 2])) p99 \(rounded(times[count * 99 / 100])) us"
        }
        print(
            "\(question.name): labels \(figures(labels)), bounded \(figures(bounded)), "
                + "ratio of p50 \(rounded(labels[count / 2] / bounded[count / 2])), of p99 "
                + "\(rounded(labels[count * 99 / 100] / bounded[count * 99 / 100])); "
                + "\(rounded(Double(found) / Double(count))) found, \(unlike) unlike")
    }

    private static func edit(
        _ table: TargetTable, _ slots: inout [TargetSlot], _ targets: [(snap: Snap, kind: UInt16)]
    ) {
        var numbers = SeededNumbers(state: 5)
        guard !slots.isEmpty else { return }
        var times = Times()
        for _ in 0..<edits {
            let index = Int.random(in: 0..<slots.count, using: &numbers)
            let target = targets[Int.random(in: 0..<targets.count, using: &numbers)]
            let start = now()
            let added = table.insert(target.snap, kind: target.kind)
            table.remove(slots[index])
            table.reclaim()
            slots[index] = added
            times.add(now() - start)
        }
        print("a target removed and another added: \(times.text)")
    }

    private static func survey(_ network: WalkNetwork, _ table: TargetTable) throws {
        let clock = ContinuousClock()
        var start = clock.now
        // Six that are there, and as many that are not as there are types in all.
        let kinds = Array(UInt16(0)..<35)
        let nearest = network.survey(SurveyQuery(kinds: kinds, limits: []), targets: table, threads: 2)
        let first = clock.now - start
        start = clock.now
        let counts = network.survey(
            SurveyQuery(kinds: [], limits: [333, 666, 999]), targets: table, threads: 2)
        let second = clock.now - start
        let reached = nearest?.nearest.count { $0 != NetworkSurvey.none } ?? 0
        let counted = counts?.counts.reduce(0) { $0 + Int($1) } ?? 0
        print(
            "nearest of 35 kinds for \(network.nodeCount) nodes: \(first) (\(reached) found); three counts: "
                + "\(second) (\(counted) counted)")
    }
}
