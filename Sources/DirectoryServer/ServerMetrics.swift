internal import CoreMetrics

/// The figures that the server keeps of itself, through swift-metrics.
///
/// Labels are of the route table, of Varlink's methods, of the status' first digit and of the doors only: no client can make
/// new ones.
struct ServerMetrics: Sendable {
    private let factory: any MetricsFactory

    init(factory: any MetricsFactory) { self.factory = factory }

    /// The figures of one route.
    func route(_ path: String, method: String) -> RouteMetrics {
        RouteMetrics(
            classes: ["2xx", "3xx", "4xx", "5xx"].map { status in
                let dimensions = [("method", method), ("route", path), ("status", status)]
                return RouteMetrics.Class(
                    requests: Counter(
                        label: "quarter_requests_total", dimensions: dimensions, factory: factory),
                    time: Timer(
                        label: "quarter_request_seconds", dimensions: dimensions,
                        preferredDisplayUnit: .seconds,
                        factory: factory))
            })
    }

    /// The figures of the change feed.
    func feed() -> FeedMetrics {
        FeedMetrics(
            followers: Meter(label: "quarter_followers", factory: factory),
            sent: Counter(label: "quarter_changes_sent_total", factory: factory),
            rereads: Counter(label: "quarter_rereads_total", factory: factory))
    }

    /// The figures of one door.
    func door(_ role: ListenerRole) -> DoorMetrics {
        let dimensions = [("socket", role.rawValue)]
        return DoorMetrics(
            open: Meter(label: "quarter_connections", dimensions: dimensions, factory: factory),
            accepted: Counter(label: "quarter_connections_total", dimensions: dimensions, factory: factory),
            refused: Counter(
                label: "quarter_connections_refused_total", dimensions: dimensions, factory: factory))
    }
}

/// The figures of one route, by the class of the answer's status.
struct RouteMetrics: Sendable {
    struct Class: Sendable {
        let requests: Counter
        let time: Timer
    }

    let classes: [Class]

    /// Counts an answer.
    func record(status: Int, nanoseconds: Int64) {
        let index = status / 100 - 2
        guard classes.indices.contains(index) else { return }
        classes[index].requests.increment()
        classes[index].time.recordNanoseconds(nanoseconds)
    }
}

/// The figures of one door.
struct DoorMetrics: Sendable {
    let open: Meter
    let accepted: Counter
    let refused: Counter
}

/// The figures of the change feed.
struct FeedMetrics: Sendable {
    /// Those who follow now.
    let followers: Meter
    /// Changes that followers were sent.
    let sent: Counter
    /// Followers that were told to read anew.
    let rereads: Counter
}
