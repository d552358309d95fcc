import DirectoryModel
import DirectoryStore
import Foundation

/// Writes the fixture of the present format: one of everything that the store can hold, at fixed times.
///
/// The facts are written once more in DirectoryStoreTests/FormatTests.swift, which reads the file.
///
/// - Throws: where there is a fixture of this format already: what was released is never written anew.
func writeFixture(to folder: String) throws {
    let fixture = folder + "/format-\(DirectoryStore.format).db"
    guard !FileManager.default.fileExists(atPath: fixture) else {
        throw DirectoryError(
            .invalidFile, "\(fixture) is there already",
            advice: "an old fixture never changes: raise the format first")
    }
    let workshop = folder + "/.being-made"
    try FileManager.default.createDirectory(atPath: workshop, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: workshop) }
    let store = try DirectoryStore(folder: workshop, version: "0.1.0")
    try fill(store)
    try store.close()
    try FileManager.default.moveItem(atPath: store.path, toPath: fixture)
}

private func fill(_ store: DirectoryStore) throws {
    let clerk = Actor(name: "clerk", uid: 1000)
    let osm = SourceID(unchecked: "osm")
    let office = SourceID(unchecked: "street-office")
    _ = try store.write(by: clerk, source: osm, at: Timestamp(secondsSince1970: 1_790_000_000)) { store in
        try store.put(
            Source(
                id: osm, kind: "osm", title: "demo.osm.pbf",
                attribution: "© OpenStreetMap contributors, ODbL 1.0",
                note: "made up"))
        try store.put(Source(id: office, kind: "communities", title: "台账"))
        try store.put(community)
        try store.put(
            Grid(
                id: GridID(unchecked: "g-1"), community: community.id, name: "第一网格", keeper: "居委会",
                boundary: square))
        try store.put(origin("estate-1", .estate, "翠竹园", parent: nil))
        try store.put(origin("building-3", .building, "3幢", parent: "estate-1"))
        try store.put(
            Organisation(
                id: OrganisationID(unchecked: "org-1"), name: "互助会", nameEnglish: "Mutual Aid",
                kind: .socialOrganisation, creditCode: "91110000600037341L", phone: "12345",
                address: "建康路 1 号", about: "邻里互助"))
        try store.put(canteen)
        try store.put(library)
        try store.put(
            Activity(
                id: ActivityID(unchecked: "reading"), name: "读书会", nameEnglish: "Book club",
                organisation: OrganisationID(unchecked: "org-1"), place: library.id,
                location: Coordinate(uncheckedLatitude: 32.5, longitude: 118.5), community: community.id,
                times: "Sa 14:00-16:00", firstDay: LocalDay("2026-09-01"), lastDay: LocalDay("2027-01-20"),
                exceptions: exceptions, capacity: 20, price: Money(fen: 500), minimumAge: 6, maximumAge: 99,
                registration: "前台", about: "每月一本"))
        try store.put(notice)
        try store.put(elders)
        try store.see(source: osm, key: "n1", kind: .place, id: canteen.id.rawValue)
        try store.see(source: office, key: "row 7", kind: .place, id: canteen.id.rawValue)
        try store.see(source: osm, key: "w2", kind: .place, id: library.id.rawValue)
        try store.put(
            PlaceStatement(
                source: office, key: "row 7", place: canteen,
                since: [
                    "hours": PlaceStatement.Since(
                        revision: Revision(1), time: Timestamp(secondsSince1970: 1_790_000_000)),
                    "phone": PlaceStatement.Since(
                        revision: Revision(0), time: Timestamp(secondsSince1970: 1_780_000_000)),
                ]), of: canteen.id)
        try store.hold(
            HeldRow(
                source: office, key: "row 9", place: held,
                candidates: [
                    HeldCandidate(
                        place: canteen.id, confidence: 0.97,
                        evidence: [LocalizedText(zh: "名称相同", en: "the names are equal")])
                ], fileName: "台账.xlsx", since: Timestamp(secondsSince1970: 1_790_000_000)))
        try store.keepApart(KeptApart(library.id, canteen.id))
        try store.add(
            PlaceConfirmation(
                place: canteen.id, fact: "hours", isConfirmed: false, value: "Mo-Su 06:30-18:00",
                party: "captain-3", actor: clerk, time: Timestamp(secondsSince1970: 1_790_000_000),
                note: "周日不开")
        )
        try store.recordImport(
            source: osm, fileName: "demo.osm.pbf", fileDigest: String(repeating: "0f", count: 32),
            counts: ImportCounts(rows: 9, accepted: 6, changed: 1, unchanged: 1, rejected: 1))
    }
    _ = try store.write(
        by: Actor(name: "quarterd"), source: osm, at: Timestamp(secondsSince1970: 1_790_000_060)
    ) { store in
        var changed = canteen
        changed.hours = "Mo-Su 06:30-18:30"
        try store.put(changed)
        _ = try store.markAbsent(source: osm, kind: .place, keysNotIn: ["n1"])
        try store.rememberReply(to: "key-1", requestDigest: [1, 2, 3], status: 200, body: Array("{}".utf8))
    }
}

private let square = Area(parts: [
    [
        [(32.04, 118.78), (32.04, 118.79), (32.05, 118.79), (32.04, 118.78)].map {
            Coordinate(uncheckedLatitude: $0.0, longitude: $0.1)
        }
    ]
])

private let community = Community(
    id: CommunityID(unchecked: "320104001001"), name: "翠竹园社区", nameEnglish: "Cuizhuyuan", streetOffice: "街道办",
    boundary: square, households: 2_104, population: 6_012, elderShare: 0.1202, timeZone: "Asia/Urumqi",
    region: "320104")

private let canteen = Place(
    id: PlaceID(unchecked: "osm-n1"), type: ServiceTypeID(unchecked: "canteen"), name: "银发餐厅",
    nameEnglish: "Silver Canteen",
    location: Coordinate(uncheckedLatitude: 32.041234567891234, longitude: 118.7801),
    given: GivenPoint(datum: .gcj02, latitude: 32.0391, longitude: 118.7852), community: community.id,
    address: "建康路 1 号", hours: "Mo-Su 06:30-18:00", phone: "025-12345",
    attributes: [
        "delivers": .bool(true), "seats": .whole(48), "rating": .decimal(4.1),
        "lunch": .money(Money(fen: 1200)),
        "meals": .texts(["早餐", "午餐"]), "note": .text("“引号” \\ \n"),
    ])

private let exceptions = [
    DatedException(
        from: day("2026-02-16"), until: day("2026-02-20"), effect: .closed,
        reason: "春节"),
    DatedException(
        from: .moment(Timestamp(secondsSince1970: 1_790_000_000)), effect: .hours("10:00-12:00")),
]

private let notice = Notice(
    id: NoticeID(unchecked: "water"), title: "停水通知 🚰", titleEnglish: "Water off", text: "27日8点起停水。\n请储水。",
    textEnglish: "From 8 on the 27th.\nStore some.", to: .grid(GridID(unchecked: "g-1")),
    community: community.id, from: day("2026-11-26"),
    until: .moment(Timestamp(secondsSince1970: 1_790_000_000)), isUrgent: true,
    organisation: OrganisationID(unchecked: "org-1"), place: library.id, status: .closedAtSource)

private let elders = Notice(
    id: NoticeID(unchecked: "elders"), title: "重阳节", text: "敬老活动",
    to: .origin(OriginID(unchecked: "building-3")),
    from: .moment(Timestamp(secondsSince1970: 1_790_000_000)))

private let library = Place(
    id: PlaceID(unchecked: "osm-w2"), type: ServiceTypeID(unchecked: "library"), name: "农家书屋",
    attributes: [
        "shelves": .rows([AttributeRow(["topic": .text("历史"), "books": .whole(120)]), AttributeRow([:])])
    ],
    exceptions: exceptions, calendarPolicy: .announced, within: canteen.id, room: "301",
    organisation: OrganisationID(unchecked: "org-1"),
    serviceArea: ServiceArea(
        communities: [community.id], grids: [GridID(unchecked: "g-1")],
        origins: [OriginID(unchecked: "estate-1")]), isWalkIn: false)

private let held = Place(
    id: PlaceID(unchecked: "street-office-9"), type: ServiceTypeID(unchecked: "canteen"), name: "银发餐厅（建康路店）")

private func origin(_ id: String, _ kind: Origin.Kind, _ name: String, parent: String?) -> Origin {
    Origin(
        id: OriginID(unchecked: id), kind: kind, name: name,
        location: Coordinate(uncheckedLatitude: 32.0415, longitude: 118.7812), community: community.id,
        grid: GridID(unchecked: "g-1"), parent: parent.map { OriginID(unchecked: $0) }, households: 24)
}

private func day(_ text: String) -> DatedException.Edge {
    guard let day = LocalDay(text) else { preconditionFailure("\(text) is no day") }
    return .day(day)
}
