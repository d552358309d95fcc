internal import DirectoryAPI
internal import DirectoryModel

/// A parameter of a method.
struct VarlinkParameter: Sendable {
    /// What its value is, of one or of each of several.
    enum Kind: Hashable, Sendable {
        case text, number, whole
        /// One of these.
        case choice([String])
    }

    let name: String
    let kind: Kind
    /// Whether it is an array.
    let isArray: Bool
    /// Whether it must be given.
    let isRequired: Bool
    /// The name's bytes.
    let utf8: [UInt8]

    init(_ name: String, _ kind: Kind = .text, isArray: Bool = false, isRequired: Bool = false) {
        self.name = name
        self.kind = kind
        self.isArray = isArray
        self.isRequired = isRequired
        utf8 = Array(name.utf8)
    }

    /// The same as a word of a URL.
    init(_ word: QueryWord) {
        let kind: Kind =
            switch word.kind {
            case .text, .id: .text
            case .number: .number
            case .whole: .whole
            case .choice(let words): .choice(words)
            }
        self.init(word.name, kind, isArray: word.isRepeatable, isRequired: word.isRequired)
    }
}

/// A method of the daemon's interfaces with what the server keeps for it.
final class VarlinkMethod: Sendable {
    /// What a method does.
    enum Operation: Hashable, Sendable {
        case info, description
        case ask(Route.Operation)
    }

    /// Its name with the interface's.
    let name: String
    let operation: Operation
    let parameters: [VarlinkParameter]
    /// Whether it answers again and again, and so has to be called with `more`.
    let goesOn: Bool
    /// Where a call is answered.
    let place: RouteEntry.Place
    let metrics: RouteMetrics
    /// The name's bytes.
    let utf8: [UInt8]

    init(
        _ name: String, _ operation: Operation, _ parameters: [VarlinkParameter], goesOn: Bool = false,
        place: RouteEntry.Place = .loop, _ metrics: ServerMetrics
    ) {
        self.name = name
        self.operation = operation
        self.parameters = parameters
        self.goesOn = goesOn
        self.place = place
        self.metrics = metrics.route(name, method: VarlinkTable.metricsMethod)
        utf8 = Array(name.utf8)
    }
}

/// The methods of the daemon's interfaces, and what describes them.
///
/// The methods of `org.quarter.Directory` are routes under another name: their parameters are the words of the route's
/// query, and where a call is answered is where a request would be.
struct VarlinkTable: Sendable {
    /// The interface of the directory.
    static let directory = "org.quarter.Directory"
    /// The interface that every Varlink service has.
    static let service = "org.varlink.service"
    /// What stands in the place of HTTP's method among the labels of a figure.
    static let metricsMethod = "varlink"

    let methods: [VarlinkMethod]
    /// Calls that met no method.
    let otherCalls: RouteMetrics

    init(metrics: ServerMetrics) {
        func ask(
            _ name: String, _ operation: Route.Operation, first: [VarlinkParameter] = [],
            without left: Set<String> = [], goesOn: Bool = false
        ) -> VarlinkMethod {
            let route = RouteTable.route(of: operation)
            return VarlinkMethod(
                "\(Self.directory).\(name)", .ask(operation),
                first + route.words.filter { !left.contains($0.name) }.map(VarlinkParameter.init),
                goesOn: goesOn, place: RouteEntry.place(of: route), metrics)
        }
        // The most frequent first.
        methods = [
            ask("Reach", .reach),
            ask("Search", .search),
            ask("GetPlace", .getPlace, first: [VarlinkParameter("id", isRequired: true)]),
            // How much goes into a reply, and whether it goes on, is the call's to say.
            ask("Watch", .changes, without: ["follow", "limit"], goesOn: true),
            VarlinkMethod("\(Self.service).GetInfo", .info, [], metrics),
            VarlinkMethod(
                "\(Self.service).GetInterfaceDescription", .description,
                [VarlinkParameter("interface", isRequired: true)], metrics),
        ]
        otherCalls = metrics.route("other", method: Self.metricsMethod)
    }

    /// The interfaces, in the order in which they are told.
    static let interfaces = [service, directory]

    /// The text that describes an interface; nil for one that is not here.
    ///
    /// The texts are the files of this folder, letter by letter.
    static func description(of interface: String) -> String? {
        switch interface {
        case directory: String(decoding: PackageResources.org_quarter_Directory_varlink, as: UTF8.self)
        case service: String(decoding: PackageResources.org_varlink_service_varlink, as: UTF8.self)
        default: nil
        }
    }
}
