internal import DirectoryAPI
internal import DirectoryModel

/// The objects of an HSDS 3.0 file, whichever way it nests them: what stands inside another object is as if it stood in
/// the list of its kind and named that object.
struct HSDSFile {
    /// One object.
    struct Object {
        /// Its own id, such as a UUID.
        let id: String
        /// What it says; the first to say something counts, where an object is told several times.
        private var members: [String: JSONTree] = [:]
        /// Ids of what it stands in, by key.
        private var links: [String: String] = [:]

        fileprivate init(id: String) { self.id = id }

        fileprivate mutating func add(_ tree: JSONTree, links more: [String: String]) {
            guard case .object(let all) = tree else { return }
            for (name, value) in all where members[name] == nil && !HSDSFile.isNested(name, value) {
                members[name] = value
            }
            links.merge(more) { first, _ in first }
        }

        /// The text of a member, without white space around it; nil for none, and for an empty one.
        func text(_ key: String) -> String? {
            let text: String? =
                switch members[key] {
                case .text(let text)?: text
                case .number(let digits)?: digits
                default: nil
                }
            guard let text = text ?? links[key] else { return nil }
            let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return words.isEmpty ? nil : words
        }

        /// A member as the file has it; nil for none, and for null.
        func value(_ key: String) -> JSONTree? {
            if case .null? = members[key] { return nil }
            return members[key]
        }
    }

    /// Lists that are read, by the name of their kind; of any other kind nothing is read.
    static let lists: Set<String> = [
        "organizations", "organization_identifiers", "services", "locations", "service_at_locations",
        "schedules", "phones", "addresses", "taxonomy_terms", "attributes", "service_areas",
    ]
    /// Lists that tell a file as one of HSDS.
    static let signs: Set<String> = ["services", "organizations", "contents", "service_at_locations"]
    /// Members that hold one object of a kind.
    private static let single = [
        "organization": "organizations", "service": "services", "location": "locations",
        "taxonomy_term": "taxonomy_terms",
    ]
    /// The key by which an object names what it stands in, by the kind of that.
    private static let keys = [
        "organizations": "organization_id", "services": "service_id", "locations": "location_id",
        "service_at_locations": "service_at_location_id",
    ]

    private(set) var version: String?
    private(set) var directory: String?
    /// Whether times and rooms stand where docs/exports.md says.
    private(set) var isOurProfile = false
    private(set) var credit = FileCredit()
    private(set) var findings: [RecordFinding] = []
    /// Objects that were given in their lists, and are left out.
    private(set) var faults = 0
    private var objects: [String: [Object]] = [:]
    private var indices: [String: [String: Int]] = [:]
    private var children: [String: [String: [Int]]] = [:]
    private var listed: [String: Set<String>] = [:]

    fileprivate static let advice = "give a file of HSDS 3.0, as docs/registers.md shows"
    /// Organizations name their publisher's own type, and texts cost little: only what may be long is left out.
    private static let nestedLists = lists.union([
        "cost_options", "languages", "accessibility", "contacts", "programs", "metadata", "funding",
        "required_documents", "service_capacities", "urls", "additional_urls", "additional_websites",
    ])

    private static func isNested(_ name: String, _ value: JSONTree) -> Bool {
        switch value {
        case .array, .object: single[name] != nil || nestedLists.contains(name)
        default: false
        }
    }

    /// Reads a file.
    ///
    /// - Throws: `unreadable_file`, `invalid_file`.
    init(_ request: RegisterRequest) throws(DirectoryError) {
        var pieces = try JSONPieces(request, advice: Self.advice)
        let site = pieces
        var reader = Self()
        // A page's object by itself: what is in its lists belongs to it.
        var own: [(name: String, value: JSONTree)] = []
        var lists: [String: [JSONTree]] = [:]
        var isOne = false
        var bytesSoFar = 0
        try pieces.forEach(lists: Self.lists.union(["", "contents"])) {
            (name, value) throws(DirectoryError) in
            if Self.lists.contains(name) || name == "contents" {
                guard case .null = value else { throw site.invalid("has “\(name)”, but no list") }
                return
            }
            if name == "id" { isOne = true }
            own.append((name, value))
        } element: { (list, number, bytes) throws(DirectoryError) in
            bytesSoFar += bytes.count
            guard bytesSoFar <= RegisterJSON.maximumBytes else {
                throw site.invalid("has more than \(RegisterJSON.maximumBytes >> 20) MiB of objects")
            }
            let tree: JSONTree
            do throws(JSONTree.Fault) {
                tree = try JSONTree(bytes)
            } catch {
                if error.isEncoding { throw site.invalid("is not UTF-8 in element \(number) of “\(list)”") }
                reader.fault(
                    .objectUnreadable, "\(list) #\(number)", zh: "不是有效的 JSON：\(error.reason)",
                    en: "it is not JSON: \(error.reason), at its byte \(error.offset)")
                return true
            }
            if isOne {
                lists[list, default: []].append(tree)
            } else {
                reader.add(tree, of: list, number)
            }
            return true
        }
        func text(_ name: String) -> String? {
            OSMTagRules.cleaned(own.first { $0.name == name }?.value.string, limit: 200)
        }
        if isOne {
            let tree = JSONTree.object(own + lists.map { ($0, .array($1)) })
            reader.add(tree, of: "", 1)
        } else if let service = own.first(where: { $0.name == "service" })?.value {
            reader.add(service, of: "services", 1)
        }
        reader.version = text("version")
        reader.directory = text("directory")
        reader.isOurProfile =
            text("profile").map { $0 == "quarter-china" || $0.hasSuffix(":quarter-china") } ?? false
        let lines = own.first { $0.name == "attribution" }?.value.elements?.compactMap(\.string)
        reader.credit = FileCredit(
            title: isOne ? nil : text("title") ?? text("name"),
            attribution: lines.map { $0.joined(separator: "; ") } ?? text("attribution"), note: text("note"))
        self = reader
    }

    private init() {}

    // MARK: what there is

    /// The objects of a kind, in the order of the file.
    func all(_ kind: String) -> [Object] { objects[kind] ?? [] }

    /// The object of an id; nil where the file has none.
    func object(_ kind: String, _ id: String?) -> Object? {
        guard let id, let index = indices[kind]?[id] else { return nil }
        return objects[kind]?[index]
    }

    /// The objects of a kind that name another one under a key.
    func all(_ kind: String, _ key: String, _ id: String) -> [Object] {
        (children[kind + "/" + key]?[id] ?? []).compactMap { objects[kind]?[$0] }
    }

    // MARK: reading

    private mutating func fault(_ code: HSDSFindingCode, _ record: String, zh: String, en: String) {
        faults += 1
        findings.append(
            RecordFinding(
                severity: "error", code: code.rawValue, record: record,
                message: LocalizedText(zh: zh, en: en)))
    }

    /// Takes an element of a list of the file.
    private mutating func add(_ tree: JSONTree, of list: String, _ number: Int) {
        let kind = Self.lists.contains(list) ? list : Self.kind(of: tree)
        guard case .object = tree else {
            return fault(
                .objectUnreadable, "\(list) #\(number)", zh: "不是对象", en: "it is no object")
        }
        guard let id = Self.id(tree) else {
            // Only what others name needs an id, and what a place is made of.
            guard ["services", "organizations", "locations", "service_at_locations"].contains(kind) else {
                add(tree, kind, links: [:])
                return
            }
            let name = tree["name"]?.string.map { " " + $0.prefix(60) } ?? ""
            return fault(
                .idMissing, "\(kind) #\(number)\(name)", zh: "没有 id，无法在下次导入时认出，请补上",
                en: "it has no id, so it would not be known again; give it one")
        }
        guard listed[kind, default: []].insert(id).inserted else {
            return fault(
                .idRepeated, id, zh: "同一列表（\(kind)）中已有此 id，请删去一个或换一个 id",
                en: "an earlier object of \(kind) has this id; take one out, or give it another id")
        }
        add(tree, kind, links: [:])
    }

    /// What an object is that stands in no list of its kind.
    private static func kind(of tree: JSONTree) -> String {
        if tree["service"] != nil || tree["service_id"] != nil { return "service_at_locations" }
        if tree["services"] != nil || tree["legal_status"] != nil || tree["organization_identifiers"] != nil {
            return "organizations"
        }
        if tree["taxonomy_id"] != nil || tree["taxonomy"] != nil { return "taxonomy_terms" }
        return "services"
    }

    private static func id(_ tree: JSONTree) -> String? {
        let id: String? =
            switch tree["id"] {
            case .text(let text)?: text
            case .number(let digits)?: digits
            default: nil
            }
        return id.flatMap { $0.isEmpty || $0.utf8.count > 200 ? nil : $0 }
    }

    /// Takes an object and what stands in it; the depth is that of the JSON, which has a limit.
    ///
    /// - Returns: its id.
    @discardableResult
    private mutating func add(_ tree: JSONTree, _ kind: String, links: [String: String]) -> String? {
        guard case .object(let members) = tree else { return nil }
        var links = links
        let known = Self.id(tree)
        let id = known ?? "\(kind) #\((objects[kind]?.count ?? 0) + 1)"
        for (name, value) in members {
            guard let inner = Self.single[name], case .object = value,
                let other = add(value, inner, links: [:])
            else { continue }
            links[name + "_id"] = other
        }
        let index: Int
        if known != nil, let present = indices[kind]?[id] {
            index = present
        } else {
            index = objects[kind]?.count ?? 0
            objects[kind, default: []].append(Object(id: id))
            indices[kind, default: [:]][id] = index
        }
        let before = Set(Self.parents.filter { objects[kind]?[index].text($0) != nil })
        objects[kind]?[index].add(tree, links: links)
        for key in Self.parents where !before.contains(key) {
            guard let parent = objects[kind]?[index].text(key) else { continue }
            children[kind + "/" + key, default: [:]][parent, default: []].append(index)
        }
        guard let key = Self.keys[kind] else { return id }
        for (name, value) in members where Self.lists.contains(name) {
            for element in value.elements ?? [] {
                add(element, name, links: [key: id, "link_id": id])
            }
        }
        return id
    }

    /// Keys by which objects are looked for.
    private static let parents = [
        "organization_id", "service_id", "location_id", "service_at_location_id", "link_id",
    ]
}
