import DirectoryModel

/// A record that has a table: its statements, its parameters, its columns.
protocol StoredRecord: Equatable {
    /// What it is.
    static var recordKind: RecordKind { get }
    /// Selects all of them, ascending by id.
    static var all: Query { get }
    /// Selects the one with an id.
    static var byID: Query { get }
    /// Stores one.
    static var put: Query { get }
    /// Deletes the one with an id.
    static var delete: Query { get }
    /// Its id's text.
    var key: String { get }
    /// It as a record of any kind.
    var record: Record { get }
    /// The record of the present row.
    init(row: inout PreparedStatement) throws(DirectoryError)
    /// Binds all its columns.
    func bind(to statement: inout PreparedStatement)
    /// Throws `invalid_record` where a value is one that the model does not allow.
    func check() throws(DirectoryError)
}

extension Place: StoredRecord {
    static var recordKind: RecordKind { .place }
    static var all: Query { .allPlaces }
    static var byID: Query { .placeByID }
    static var put: Query { .putPlace }
    static var delete: Query { .deletePlace }
    var key: String { id.rawValue }
    var record: Record { .place(self) }

    init(row: inout PreparedStatement) throws(DirectoryError) {
        self.init(
            id: PlaceID(unchecked: try row.neededText()),
            type: ServiceTypeID(unchecked: try row.neededCommonText()),
            name: try row.neededText(), nameEnglish: row.text(), location: try row.coordinate(),
            given: try row.givenPoint(), community: row.commonID(), address: row.text(),
            hours: row.commonText(),
            phone: row.text(), attributes: try row.attributes(), status: try row.word(),
            exceptions: try row.exceptions(), calendarPolicy: try row.optionalWord(), within: row.id(),
            room: row.text(), organisation: row.commonID(), serviceArea: try row.serviceArea(),
            isWalkIn: try row.neededWhole() != 0)
    }

    func bind(to statement: inout PreparedStatement) {
        statement.bind(id.rawValue)
        statement.bind(type.rawValue)
        statement.bind(name)
        statement.bind(nameEnglish)
        statement.bind(location)
        statement.bind(given)
        statement.bind(community?.rawValue)
        statement.bind(address)
        statement.bind(hours)
        statement.bind(phone)
        statement.bind(utf8: RecordJSON.bytes(of: attributes))
        statement.bind(status.rawValue)
        statement.bind(utf8: exceptions.isEmpty ? nil : RecordJSON.bytes(of: exceptions))
        statement.bind(calendarPolicy?.rawValue)
        statement.bind(within?.rawValue)
        statement.bind(room)
        statement.bind(organisation?.rawValue)
        statement.bind(utf8: serviceArea.isEmpty ? nil : RecordJSON.bytes(of: serviceArea))
        statement.bind(isWalkIn ? 1 : 0)
    }
}

extension Origin: StoredRecord {
    static var recordKind: RecordKind { .origin }
    static var all: Query { .allOrigins }
    static var byID: Query { .originByID }
    static var put: Query { .putOrigin }
    static var delete: Query { .deleteOrigin }
    var key: String { id.rawValue }
    var record: Record { .origin(self) }

    init(row: inout PreparedStatement) throws(DirectoryError) {
        self.init(
            id: OriginID(unchecked: try row.neededText()), kind: try row.word(), name: try row.neededText(),
            nameEnglish: row.text(), location: try row.neededCoordinate(), given: try row.givenPoint(),
            community: row.id(), grid: row.id(), parent: row.id(), households: row.count(),
            status: try row.word())
    }

    func bind(to statement: inout PreparedStatement) {
        statement.bind(id.rawValue)
        statement.bind(kind.rawValue)
        statement.bind(name)
        statement.bind(nameEnglish)
        statement.bind(location)
        statement.bind(given)
        statement.bind(community?.rawValue)
        statement.bind(grid?.rawValue)
        statement.bind(parent?.rawValue)
        statement.bind(households)
        statement.bind(status.rawValue)
    }
}

extension Community: StoredRecord {
    static var recordKind: RecordKind { .community }
    static var all: Query { .allCommunities }
    static var byID: Query { .communityByID }
    static var put: Query { .putCommunity }
    static var delete: Query { .deleteCommunity }
    var key: String { id.rawValue }
    var record: Record { .community(self) }

    init(row: inout PreparedStatement) throws(DirectoryError) {
        self.init(
            id: CommunityID(unchecked: try row.neededText()), name: try row.neededText(),
            nameEnglish: row.text(),
            streetOffice: row.text(), boundary: try row.area(), households: row.count(),
            population: row.count(), elderShare: row.decimal(), timeZone: row.text(), region: row.text())
    }

    func bind(to statement: inout PreparedStatement) {
        statement.bind(id.rawValue)
        statement.bind(name)
        statement.bind(nameEnglish)
        statement.bind(streetOffice)
        statement.bind(utf8: boundary.map { RecordJSON.bytes(of: $0) })
        statement.bind(households)
        statement.bind(population)
        statement.bind(elderShare)
        statement.bind(timeZone)
        statement.bind(region)
    }
}

extension Grid: StoredRecord {
    static var recordKind: RecordKind { .grid }
    static var all: Query { .allGrids }
    static var byID: Query { .gridByID }
    static var put: Query { .putGrid }
    static var delete: Query { .deleteGrid }
    var key: String { id.rawValue }
    var record: Record { .grid(self) }

    init(row: inout PreparedStatement) throws(DirectoryError) {
        self.init(
            id: GridID(unchecked: try row.neededText()),
            community: CommunityID(unchecked: try row.neededText()),
            name: try row.neededText(), keeper: row.text(), boundary: try row.area())
    }

    func bind(to statement: inout PreparedStatement) {
        statement.bind(id.rawValue)
        statement.bind(community.rawValue)
        statement.bind(name)
        statement.bind(keeper)
        statement.bind(utf8: boundary.map { RecordJSON.bytes(of: $0) })
    }
}

extension Source: StoredRecord {
    static var recordKind: RecordKind { .source }
    static var all: Query { .allSources }
    static var byID: Query { .sourceByID }
    static var put: Query { .putSource }
    static var delete: Query { .deleteSource }
    var key: String { id.rawValue }
    var record: Record { .source(self) }

    init(row: inout PreparedStatement) throws(DirectoryError) {
        self.init(
            id: SourceID(unchecked: try row.neededText()), kind: try row.neededText(),
            title: try row.neededText(), attribution: row.text(), note: row.text())
    }

    func bind(to statement: inout PreparedStatement) {
        statement.bind(id.rawValue)
        statement.bind(kind)
        statement.bind(title)
        statement.bind(attribution)
        statement.bind(note)
    }
}

extension Organisation: StoredRecord {
    static var recordKind: RecordKind { .organisation }
    static var all: Query { .allOrganisations }
    static var byID: Query { .organisationByID }
    static var put: Query { .putOrganisation }
    static var delete: Query { .deleteOrganisation }
    var key: String { id.rawValue }
    var record: Record { .organisation(self) }

    init(row: inout PreparedStatement) throws(DirectoryError) {
        self.init(
            id: OrganisationID(unchecked: try row.neededText()), name: try row.neededText(),
            nameEnglish: row.text(), kind: try row.word(), creditCode: row.text(), phone: row.text(),
            address: row.text(), about: row.text())
    }

    func bind(to statement: inout PreparedStatement) {
        statement.bind(id.rawValue)
        statement.bind(name)
        statement.bind(nameEnglish)
        statement.bind(kind.rawValue)
        statement.bind(creditCode)
        statement.bind(phone)
        statement.bind(address)
        statement.bind(about)
    }
}

extension Activity: StoredRecord {
    static var recordKind: RecordKind { .activity }
    static var all: Query { .allActivities }
    static var byID: Query { .activityByID }
    static var put: Query { .putActivity }
    static var delete: Query { .deleteActivity }
    var key: String { id.rawValue }
    var record: Record { .activity(self) }

    init(row: inout PreparedStatement) throws(DirectoryError) {
        self.init(
            id: ActivityID(unchecked: try row.neededText()), name: try row.neededText(),
            nameEnglish: row.text(), organisation: row.id(), place: row.id(),
            location: try row.coordinate(), community: row.id(), times: try row.neededText(),
            firstDay: try row.day(), lastDay: try row.day(), exceptions: try row.exceptions(),
            capacity: row.count(), price: row.count().map { Money(fen: $0) }, minimumAge: row.count(),
            maximumAge: row.count(), registration: row.text(), about: row.text(), status: try row.word())
    }

    func bind(to statement: inout PreparedStatement) {
        statement.bind(id.rawValue)
        statement.bind(name)
        statement.bind(nameEnglish)
        statement.bind(organisation?.rawValue)
        statement.bind(place?.rawValue)
        statement.bind(location)
        statement.bind(community?.rawValue)
        statement.bind(times)
        statement.bind(firstDay?.text)
        statement.bind(lastDay?.text)
        statement.bind(utf8: exceptions.isEmpty ? nil : RecordJSON.bytes(of: exceptions))
        statement.bind(capacity)
        statement.bind(price?.fen)
        statement.bind(minimumAge)
        statement.bind(maximumAge)
        statement.bind(registration)
        statement.bind(about)
        statement.bind(status.rawValue)
    }
}

extension Notice: StoredRecord {
    static var recordKind: RecordKind { .notice }
    static var all: Query { .allNotices }
    static var byID: Query { .noticeByID }
    static var put: Query { .putNotice }
    static var delete: Query { .deleteNotice }
    var key: String { id.rawValue }
    var record: Record { .notice(self) }

    init(row: inout PreparedStatement) throws(DirectoryError) {
        self.init(
            id: NoticeID(unchecked: try row.neededText()), title: try row.neededText(),
            titleEnglish: row.text(), text: try row.neededText(), textEnglish: row.text(),
            to: try row.addressee(), community: row.id(), from: try row.neededEdge(), until: try row.edge(),
            isUrgent: try row.neededWhole() != 0, organisation: row.id(), place: row.id(),
            status: try row.word())
    }

    func bind(to statement: inout PreparedStatement) {
        statement.bind(id.rawValue)
        statement.bind(title)
        statement.bind(titleEnglish)
        statement.bind(text)
        statement.bind(textEnglish)
        statement.bind(to)
        statement.bind(community?.rawValue)
        statement.bind(from)
        statement.bind(until)
        statement.bind(isUrgent ? 1 : 0)
        statement.bind(organisation?.rawValue)
        statement.bind(place?.rawValue)
        statement.bind(status.rawValue)
    }
}

extension PreparedStatement {
    /// Binds the next three parameters to whom a notice is for: one of them to an id, the others to NULL.
    mutating func bind(_ to: Notice.Addressee) {
        var (community, grid, origin): (String?, String?, String?)
        switch to {
        case .community(let id): community = id.rawValue
        case .grid(let id): grid = id.rawValue
        case .origin(let id): origin = id.rawValue
        }
        bind(community)
        bind(grid)
        bind(origin)
    }

    /// Binds the next two parameters to a day and to a moment: one of them, or both, to NULL.
    mutating func bind(_ edge: DatedException.Edge?) {
        switch edge {
        case nil:
            bind(nil as String?)
            bind(nil as Int?)
        case .day(let day)?:
            bind(day.text)
            bind(nil as Int?)
        case .moment(let moment)?:
            bind(nil as String?)
            bind(Int(moment.secondsSince1970))
        }
    }

    /// The next three columns' addressee.
    mutating func addressee() throws(DirectoryError) -> Notice.Addressee {
        let (community, grid, origin): (CommunityID?, GridID?, OriginID?) = (id(), id(), id())
        switch (community, grid, origin) {
        case (let community?, nil, nil): return .community(community)
        case (nil, let grid?, nil): return .grid(grid)
        case (nil, nil, let origin?): return .origin(origin)
        default: throw damaged("a notice for nobody, or for several")
        }
    }

    /// The next two columns' day or moment, or nil where both are NULL.
    mutating func edge() throws(DirectoryError) -> DatedException.Edge? {
        let (day, moment) = (try day(), whole())
        switch (day, moment) {
        case (nil, nil): return nil
        case (let day?, nil): return .day(day)
        case (nil, let moment?): return .moment(Timestamp(secondsSince1970: moment))
        default: throw damaged("a day that is a moment besides")
        }
    }

    /// The next two columns' day or moment.
    mutating func neededEdge() throws(DirectoryError) -> DatedException.Edge {
        guard let edge = try edge() else { throw damaged("no day and no moment") }
        return edge
    }
}

// MARK: Values of the model

extension PreparedStatement {
    /// Binds the next two parameters to a point's degrees, or to NULL.
    mutating func bind(_ point: Coordinate?) {
        bind(point?.latitude.value)
        bind(point?.longitude.value)
    }

    /// Binds the next three parameters to a point as given, or to NULL.
    mutating func bind(_ point: GivenPoint?) {
        bind(point?.datum.rawValue)
        bind(point?.latitude.value)
        bind(point?.longitude.value)
    }

    /// The next column's id, or nil for NULL.
    mutating func id<ID: DirectoryID>() -> ID? { text().map { ID(unchecked: $0) } }

    /// The next column's id, which other rows are likely to have, too; nil for NULL.
    mutating func commonID<ID: DirectoryID>() -> ID? { commonText().map { ID(unchecked: $0) } }

    /// The next column's number of households or people, or nil for NULL.
    mutating func count() -> Int? { whole().map { Int($0) } }

    /// The next column's word, one of a fixed list.
    mutating func word<Word: RawRepresentable>() throws(DirectoryError) -> Word
    where Word.RawValue == String {
        let text = try neededText()
        guard let word = Word(rawValue: text) else { throw damaged("unknown word \(text.shortened())") }
        return word
    }

    /// The next column's word, one of a fixed list, or nil for NULL.
    mutating func optionalWord<Word: RawRepresentable>() throws(DirectoryError) -> Word?
    where Word.RawValue == String {
        guard let text = text() else { return nil }
        guard let word = Word(rawValue: text) else { throw damaged("unknown word \(text.shortened())") }
        return word
    }

    /// The next two columns' point, or nil where both are NULL.
    mutating func coordinate() throws(DirectoryError) -> Coordinate? {
        let (latitude, longitude) = (decimal(), decimal())
        guard latitude != nil || longitude != nil else { return nil }
        guard let latitude, let longitude,
            let point = Coordinate(latitude: Degrees(latitude), longitude: Degrees(longitude))
        else { throw damaged("half a point, or one out of range") }
        return point
    }

    /// The next two columns' point.
    mutating func neededCoordinate() throws(DirectoryError) -> Coordinate {
        guard let point = try coordinate() else { throw damaged("no point") }
        return point
    }

    /// The next three columns' point as given, or nil where the datum is NULL.
    mutating func givenPoint() throws(DirectoryError) -> GivenPoint? {
        let (name, latitude, longitude) = (text(), decimal(), decimal())
        guard let name else { return nil }
        guard let datum = Datum(rawValue: name), let latitude, let longitude else {
            throw damaged("a given point without datum or degrees")
        }
        return GivenPoint(datum: datum, latitude: Degrees(latitude), longitude: Degrees(longitude))
    }

    /// The next column's dated exceptions; none for NULL.
    mutating func exceptions() throws(DirectoryError) -> [DatedException] {
        try json { reader throws(JSONFault) in try RecordJSON.exceptions(&reader) } ?? []
    }

    /// The next column's service area; an empty one for NULL.
    mutating func serviceArea() throws(DirectoryError) -> ServiceArea {
        try json { reader throws(JSONFault) in try RecordJSON.serviceArea(&reader) } ?? ServiceArea()
    }

    /// The next column's day, or nil for NULL.
    mutating func day() throws(DirectoryError) -> LocalDay? {
        guard let text = text() else { return nil }
        guard let day = LocalDay(text) else { throw damaged("no day: \(text.shortened())") }
        return day
    }

    /// The next column's area, or nil for NULL.
    mutating func area() throws(DirectoryError) -> Area? {
        try json { reader throws(JSONFault) in try RecordJSON.area(&reader) }
    }
}
