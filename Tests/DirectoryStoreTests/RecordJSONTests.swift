import DirectoryModel
import Testing

@testable import DirectoryStore

@Suite struct RecordJSONTests {
    @Test func membersAreInOrderAndCarryTheirKinds() {
        var place = place("a", name: "“甲”\u{1}\"\\\n")
        place.attributes = [
            "b": .whole(12), "a": .decimal(1.5), "甲": .money(Money(fen: 1200)), "c": .texts(["x", ""]),
            "d": .bool(false),
            "e": .text(""),
        ]
        place.given = GivenPoint(datum: .gcj02, latitude: -0.0, longitude: 1e-7)
        #expect(
            RecordJSON.encode(.place(place)) == #"""
                {"attributes":{"a":{"decimal":1.5},"b":{"whole":12},"c":{"texts":["x",""]},"d":{"bool":false},\#
                "e":{"text":""},"甲":{"money":1200}},"given":{"datum":"gcj02","lat":0.0,"lon":1e-07},"id":"a",\#
                "lat":32.04,"lon":118.78,"name":"“甲”\u0001\"\\\u000a","status":"active","type":"canteen"}
                """#)
    }

    @Test(arguments: 1...300)
    func whatIsWrittenReadsBackExactly(seed: UInt64) throws {
        var random = RandomRecord(seed: seed)
        for kind in RecordKind.allCases {
            let record = random.record(kind)
            let json = RecordJSON.encode(record)
            #expect(try RecordJSON.decode(json, as: kind) == record)
            #expect(RecordJSON.encode(try RecordJSON.decode(json, as: kind)) == json)
        }
    }

    @Test(arguments: 1...40)
    func whatIsStoredReadsBackExactly(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var random = RandomRecord(seed: seed)
        let records = RecordKind.allCases.map { random.record($0) }
        let store = try folder.openStore()
        try store.change(by: clerk) { store throws in
            // What the records name.
            for id in ["c1", "c2"] { try store.put(Community(id: CommunityID(unchecked: id), name: "")) }
            try store.put(
                Grid(id: GridID(unchecked: "g1"), community: CommunityID(unchecked: "c1"), name: ""))
            try store.put(origin("o1"))
            try store.put(place("p1"))
            try store.put(Organisation(id: OrganisationID(unchecked: "org1"), name: ""))
            for record in records { try store.put(record) }
        }
        try store.close()
        try folder.openStore().read { reader throws in
            for record in records {
                let stored: Record? =
                    switch record {
                    case .place(let place): try reader.place(place.id).map { .place($0) }
                    case .origin(let origin): try reader.origin(origin.id).map { .origin($0) }
                    case .community(let community): try reader.community(community.id).map { .community($0) }
                    case .grid(let grid): try reader.grid(grid.id).map { .grid($0) }
                    case .source(let source): try reader.source(source.id).map { .source($0) }
                    case .organisation(let organisation):
                        try reader.organisation(organisation.id).map { .organisation($0) }
                    case .activity(let activity): try reader.activity(activity.id).map { .activity($0) }
                    case .notice(let notice): try reader.notice(notice.id).map { .notice($0) }
                    }
                #expect(stored == record)
            }
        }
    }

    @Test(arguments: [
        "", " ", "{", "[]", "null", "{}", #"{"id":"a"}"#, #"{"id":"a","type":"t"} x"#,
        #"{"id":"a","type":"t",}"#,
        #"{"id":"a","type":"t","name":"\x"}"#, #"{"id":"a","type":"t","name":"\ud800"}"#,
        #"{"id":"a","type":"t","name":"\u12"}"#, #"{"id":"a","type":"t","name":"abc"#, "{\"id\":\"a\n\"}",
        #"{"id":"a","type":"t","lat":1}"#, #"{"id":"a","type":"t","lat":91,"lon":0}"#,
        #"{"id":"a","type":"t","lat":1e999,"lon":0}"#, #"{"id":"a","type":"t","lat":01,"lon":0}"#,
        #"{"id":"a","type":"t","lat":+1,"lon":0}"#, #"{"id":"a","type":"t","lat":0x1p3,"lon":0}"#,
        #"{"id":"a","type":"t","lat":1.,"lon":0}"#, #"{"id":"a","type":"t","lat":nan,"lon":0}"#,
        #"{"id":"a","type":"t","colour":"red"}"#, #"{"id":"a","type":"t","status":"gone"}"#,
        #"{"id":"a","type":"t","attributes":{"x":{}}}"#,
        #"{"id":"a","type":"t","attributes":{"x":{"whole":1.5}}}"#,
        #"{"id":"a","type":"t","attributes":{"x":{"whole":9223372036854775808}}}"#,
        #"{"id":"a","type":"t","attributes":{"x":{"bool":tru}}}"#,
        #"{"id":"a","type":"t","attributes":{"x":{"colour":"red"}}}"#,
        String(repeating: "[", count: 100_000),
    ])
    func whatIsNoPlaceIsRefused(_ json: String) {
        let error = #expect(throws: DirectoryError.self) { try RecordJSON.decode(json, as: .place) }
        #expect(error?.code == .storeDamaged)
        #expect(error?.cause?.contains("at byte") == true)
    }

    @Test func bracketsAreFollowedOnlySoFar() {
        let nested = #"{"boundary":{"coordinates":"# + String(repeating: "[", count: 100_000)
        #expect(throws: DirectoryError.self) { try RecordJSON.decode(nested, as: .community) }
        #expect(throws: JSONFault.self) {
            try JSONReader.read(String(repeating: "[", count: 100_000)) { reader throws(JSONFault) in
                try Self.descend(&reader)
            }
        }
    }

    private static func descend(_ reader: inout JSONReader) throws(JSONFault) {
        try reader.array { reader throws(JSONFault) in try descend(&reader) }
    }

    @Test func escapesAndSpaceOfOthersAreRead() throws {
        let json =
            " { \"id\" : \"\\u4e01\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\" ,\n\t\"kind\":\"k\",\"title\":\"\"\r} "
        let record = try RecordJSON.decode(json, as: .source)
        #expect(record.id == "丁😀/\u{08}\u{0C}\n\r\t")
    }

    @Test func everyShorterTextIsRefused() throws {
        var random = RandomRecord(seed: 5)
        for kind in RecordKind.allCases {
            let bytes = Array(RecordJSON.encode(random.record(kind)).utf8)
            for count in 0..<bytes.count {
                let cut = String(decoding: bytes[..<count], as: UTF8.self)
                #expect(throws: DirectoryError.self) { try RecordJSON.decode(cut, as: kind) }
            }
        }
    }
}
