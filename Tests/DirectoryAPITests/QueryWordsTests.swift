import DirectoryModel
import Testing

@testable import DirectoryAPI

/// What a client may write into a URL, and what it is told when it may not.
@Suite struct QueryWordsTests {
    private func reach(_ query: String) throws(DirectoryError) -> ReachQuery {
        var words = try QueryWords(query: query[...])
        return try ReachQuery(words: &words)
    }

    private func refusal(_ query: String) -> DirectoryError? {
        do throws(DirectoryError) {
            _ = try reach(query)
            return nil
        } catch {
            return error
        }
    }

    @Test func aPlainDecimalIsTheSameNumberToTheLastBit() {
        var numbers = SystemRandomNumberGenerator()
        for _ in 0..<200_000 {
            let digits = Int.random(in: 1...15, using: &numbers)
            var text = (0..<digits).map { _ in "\(Int.random(in: 0...9, using: &numbers))" }.joined()
            if digits > 1, Bool.random(using: &numbers) {
                let place = Int.random(in: 1..<digits, using: &numbers)
                text.insert(".", at: text.index(text.startIndex, offsetBy: place))
            }
            if Bool.random(using: &numbers) { text = "-" + text }
            let (quick, slow) = (QueryWords.plainDecimal(text), Double(text))
            guard quick?.bitPattern == slow?.bitPattern, quick != nil else {
                Issue.record("\(text): \(String(describing: quick)), not \(String(describing: slow))")
                return
            }
        }
        for text in [
            "", "-", ".", ".5", "5.", "-.5", "+5", "1e3", "0x1p3", "nan", "1.2.3", "1 ", "１",
            "1234567890123456",
        ] {
            #expect(QueryWords.plainDecimal(text) == nil, "\(text)")
        }
    }

    @Test func howMuchIsSaidOfEachPlaceIsRead() throws {
        #expect(try reach("lat=32&lon=118").detail == .full)
        #expect(try reach("lat=32&lon=118&detail=full").detail == .full)
        #expect(try reach("lat=32&lon=118&detail=brief").detail == .brief)
        let fault = refusal("lat=32&lon=118&detail=short")
        #expect(fault?.code == .invalidRequest && fault?.location == "detail")
        #expect(fault?.message == "“detail” is “short”, not one of full, brief")
    }

    @Test func aWholeQueryIsRead() throws {
        let query = try reach(
            "lat=32.05&lon=118.78&minutes=10&profile=elder&type=canteen&type=wet_market&class=basic"
                + "&community=320104006001&where=goods:has:%E6%B0%B4%E6%9E%9C&where=price:le:12%3A5&limit=7&lang=en"
        )
        #expect(query.origin == .point(Coordinate(uncheckedLatitude: 32.05, longitude: 118.78)))
        #expect(query.minutes == 10)
        #expect(query.profile?.rawValue == "elder")
        #expect(query.types.map(\.rawValue) == ["canteen", "wet_market"])
        #expect(query.serviceClass == "basic")
        #expect(query.community?.rawValue == "320104006001")
        #expect(
            query.conditions == [
                WhereClause(attribute: "goods", op: "has", value: "水果"),
                WhereClause(attribute: "price", op: "le", value: "12:5"),
            ])
        #expect(query.limit == 7)
        #expect(query.language == .en)
    }

    @Test(arguments: [
        ("lat=91&lon=0", "lat"), ("lat=NaN&lon=0", "lat"), ("lat=nan&lon=0", "lat"), ("lat=inf&lon=0", "lat"),
        ("lat=0x10&lon=0", "lat"), ("lat=1&lon=-181", "lon"), ("lat=1", "origin"), ("", "origin"),
        ("origin=a&lat=1&lon=1", "origin"), ("lat=1&lon=1&minutes=0", "minutes"),
        ("lat=1&lon=1&minutes=1e9", "minutes"), ("lat=1&lon=1&minutes=-5", "minutes"),
        ("lat=1&lon=1&minutes=60.01", "minutes"), ("lat=1&lon=1&limit=0", "limit"),
        ("lat=1&lon=1&limit=501", "limit"), ("lat=1&lon=1&limit=1.5", "limit"),
        ("lat=1&lon=1&colour=red", "colour"),
        ("lat=1&lat=2&lon=1", "lat"), ("lat=&lon=1", "lat"), ("lat=1&lon=1&class=luxury", "class"),
        ("lat=1&lon=1&lang=fr", "lang"), ("lat=1&lon=1&where=a", "where"),
        ("lat=1&lon=1&where=a:about:3", "where"),
        ("lat=1&lon=1&open=soon", "open"), ("lat=1&lon=1&open_during=now", "open_during"),
    ])
    func aWrongWordIsNamed(_ query: String, _ word: String) throws {
        let error = try #require(refusal(query))
        #expect(error.code == .invalidRequest)
        #expect(error.location == word, "\(error)")
        #expect(error.message.utf8.count < 400)
    }

    @Test(arguments: ["lat=%", "lat=%4", "lat=%zz", "lat=%FF", "%C3=1"])
    func brokenEscapesAreRefused(_ query: String) throws {
        #expect(try #require(refusal(query)).code == .invalidRequest)
    }

    @Test func anUnknownWordNamesTheKnownOnes() throws {
        let advice = try #require(refusal("lat=1&lon=1&minuets=5")?.advice)
        #expect(advice.contains("minutes"))
    }

    @Test func cursorsComeBackBitForBit() throws {
        for metres in [0, 0.1, 999.0000000000001, 12_345.678] {
            let cursor = ReachCursor(metres: metres, id: PlaceID(unchecked: "osm-n1.5"))
            #expect(try ReachCursor(text: cursor.text) == cursor)
        }
        for text in ["", ".", "zz.osm-n1", "7ff0000000000000.a", "1", "1.", "1.a b"] {
            #expect(throws: DirectoryError.self) { try ReachCursor(text: text) }
        }
    }

    @Test func isochroneLimitsAscend() throws {
        func limits(_ text: String) throws(DirectoryError) -> [Double] {
            var words = try QueryWords(query: "lat=1&lon=1&minutes=\(text)"[...])
            return try IsochroneQuery(words: &words).minutes
        }
        #expect(try limits("5,10,15") == [5, 10, 15])
        for text in ["15,10", "5,5", "0", "61", "5,,10", "a", "1,2,3,4,5,6,7"] {
            #expect(throws: DirectoryError.self) { try limits(text) }
        }
    }

    @Test func randomBytesNeverTrap() {
        var seed: UInt64 = 88
        let alphabet = Array("abclatlonminutes=&%+0123456789.-:,é中\u{0}".utf8)
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<24 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(alphabet[Int(seed >> 33) % alphabet.count])
            }
            let error = refusal(String(decoding: bytes, as: UTF8.self))
            #expect(error == nil || error?.message.isEmpty == false)
        }
    }
}
