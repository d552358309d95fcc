package import DirectoryAPI
internal import DirectoryModel
internal import Glibc

extension DirectoryEngine {
    /// How the directory is: one line for a person, and what is wrong.
    package func health() -> HealthReply { health(mapProblem: mapShelf.problem) }

    /// The same, without waiting for a check of the street map that `prepareMap` is to make.
    package func promptHealth() -> HealthReply { health(mapProblem: mapShelf.knownProblem) }

    private func health(mapProblem: DirectoryError?) -> HealthReply {
        let configurationProblem = configurationProblem.withLock { $0 }
        let isMapMissing = access(mapPath, F_OK) != 0
        return reading { index in
            let statuses = index.moduleStatuses
            var problems: [String] = []
            // The summary is one line of a status: it names what is wrong, and `problems` says why.
            var remarks: [String] = []
            if let problem = configurationProblem {
                problems.append(problem.words)
                remarks.append(problem.remark)
            }
            if let problem = index.networkProblem {
                problems.append(problem.description)
                remarks.append(problem.message)
            }
            // A state folder of before there were maps walks as well without one.
            var notes: [String] = []
            if let problem = mapProblem {
                if isMapMissing {
                    if index.network != nil { notes.append(problem.description) }
                } else {
                    problems.append(problem.description)
                    remarks.append(problem.message)
                }
            }
            for status in statuses where status.state == "broken" || status.state == "quarantined" {
                let name = status.id?.rawValue ?? status.file.split(separator: "/").last.map(String.init)
                remarks.append("module \(name ?? status.file) \(status.state)")
                let described = status.id.map { "\($0) (\(status.file))" } ?? status.file
                problems.append(
                    "module \(described) is \(status.state): \(status.reason ?? "no reason known")")
            }
            for (type, count) in index.placesByType.sorted(by: { $0.key < $1.key })
            where count > 0 && index.host.type(type) == nil {
                remarks.append("type \(type) is gone")
                problems.append(
                    "\(count) places are of the type \(type), which no module and no file in the types folders "
                        + "describes: bring it back, or import their source again")
            }
            let active = index.placesByType.values.reduce(0, +)
            let counts: [(name: String, count: Int)] = [
                ("communities", index.communities.count), ("places", active),
                ("origins", index.origins.count), ("types", index.host.types.count),
                ("modules", statuses.filter { $0.state == "loaded" }.count),
                ("vertices", index.network?.vertexCount ?? 0), ("edges", index.network?.edgeCount ?? 0),
            ]
            var summary = counts[0...4].filter { $0.name != "origins" }
                .map { "\($0.count.grouped) \($0.count == 1 ? $0.name.singular : $0.name)" }
                .joined(separator: ", ")
            summary += ", revision \(index.revision.number)"
            if !remarks.isEmpty { summary += "; " + remarks.joined(separator: "; ") }
            return HealthReply(
                revision: index.revision, state: problems.isEmpty ? "ok" : "degraded", summary: summary,
                problems: problems, notes: notes, counts: counts, version: productVersion)
        }
    }
}

extension String {
    fileprivate var singular: String { hasSuffix("ies") ? dropLast(3) + "y" : String(dropLast()) }
}
