import DirectoryModel
import Testing

@testable import RegisterMatching

@Suite("Addresses")
struct AddressTests {
    /// The parts in one line, to compare with.
    private func line(_ text: String) -> String {
        let address = AddressText(text)
        let parts = address.parts
        let named: [(String, String?)] = [
            ("p", parts.province), ("c", parts.city), ("d", parts.district), ("t", parts.township),
            ("m", parts.community), ("s", parts.street), ("n", parts.house?.text), ("e", parts.estate),
            ("g", parts.gate), ("b", parts.building), ("u", parts.unit), ("f", parts.floor),
            ("r", parts.room),
            ("~", address.relative), ("?", address.unread),
        ]
        return named.compactMap { name, value in value.map { "\(name)=\($0)" } }.joined(separator: " ")
    }

    @Test(
        "parts",
        arguments: [
            ("江苏省南京市玄武区玄武门街道翠竹园社区竹园路12号", "p=江苏 c=南京市 d=玄武区 t=玄武门街道 m=翠竹园社区 s=竹园路 n=12"),
            ("江苏南京市雨花台区竹园路12号", "p=江苏 c=南京市 d=雨花台区 s=竹园路 n=12"),
            ("北京市海淀区五道口路5号", "p=北京 c=北京市 d=海淀区 s=5道口路 n=5"),
            ("无锡市惠山区钱桥街道舜柯村", "c=无锡市 d=惠山区 t=钱桥街道 m=舜柯村"),
            ("钱桥镇钱藕路8号", "t=钱桥镇 s=钱藕路 n=8"), ("镇江路8号", "s=镇江路 n=8"), ("江苏路12号", "s=江苏路 n=12"),
            ("竹园路１２号", "s=竹园路 n=12"), ("竹园路十二号", "s=竹园路 n=12"), ("竹園路12號", "s=竹园路 n=12"),
            ("竹园路12-3号", "s=竹园路 n=12-3"), ("竹园路12号-3", "s=竹园路 n=12-3"), ("竹园路12号之三", "s=竹园路 n=12-3"),
            ("竹园路12号附3号", "s=竹园路 n=12-附3"), ("竹园路甲12号", "s=竹园路 n=12-甲"), ("竹园路12号甲", "s=竹园路 n=12-甲"),
            ("竹园路12", "s=竹园路 n=12"), ("江东中大道100号", "s=江东中大道 n=100"), ("三元巷2号", "s=3元巷 n=2"),
            ("漕溪路250弄12号", "s=漕溪路250弄 n=12"), ("光明六路105巷3弄12號", "s=光明6路105巷3弄 n=12"),
            ("人民路二段6号", "s=人民路2段 n=6"), ("马路街5号", "s=马路街 n=5"), ("香铺营24号", "s=香铺营 n=24"),
            ("竹园路12号翠竹园3幢2单元501室", "s=竹园路 n=12 e=翠竹园 b=3 u=2 r=501"),
            ("翠竹园小区3栋2单元501", "e=翠竹园 b=3 u=2 r=501"), ("翠竹园3-2-501", "e=翠竹园 b=3 u=2 r=501"),
            ("翠竹园3幢501室", "e=翠竹园 b=3 r=501"), ("翠竹园小区3号楼", "e=翠竹园 b=3"), ("翠竹园三号楼", "e=翠竹园 b=3"),
            ("恒达大厦A座1203室", "e=恒达大厦 b=a r=1203"), ("翠竹园小区东门", "e=翠竹园 g=东门"),
            ("翠竹园小区2号门", "e=翠竹园 g=2号门"), ("香铺营新村3幢", "e=香铺营新村 b=3"), ("翠竹园12号", "e=翠竹园 b=12"),
            ("翠竹园小区竹园路5号", "s=竹园路 n=5 e=翠竹园小区"), ("金龙广场3楼", "e=金龙广场 f=3"),
            ("竹园路12号一楼", "s=竹园路 n=12 f=1"), ("竹园路口东600米", "s=竹园路 ~=口东600米"),
            ("竹园路12号对面", "s=竹园路 n=12 ~=对面"), ("翠竹园小区旁", "e=翠竹园 ~=旁"),
            ("竹园路与翠竹路交叉口", "s=竹园路 ~=与翠竹路交叉口"), ("苏果超市旁", "~=苏果超市旁"),
            ("竹园路12号苏果便利", "s=竹园路 n=12 ?=苏果便利"), ("", ""), ("，，", ""), ("12号", "?=12号"),
        ])
    func parts(_ text: String, _ expected: String) { #expect(line(text) == expected) }

    @Test("metres of a relative part")
    func metres() {
        #expect(AddressText("竹园路口东600米").relativeMetres == 600)
        #expect(AddressText("竹园路东侧五十米").relativeMetres == 50)
        #expect(AddressText("竹园路12号对面").relativeMetres == nil)
    }

    @Test("random texts never trap; the raw text is kept")
    func random() {
        var numbers = SeededNumbers(7)
        let pieces = [
            "江苏省", "南京市", "区", "玄武", "街道", "镇", "社区", "村", "路", "街", "巷", "弄", "号", "幢", "单元", "室", "-", "之",
            "附", "甲", "1",
            "12", "十", "三", "小区", "园", "门", "对面", "米", "，", "(", "A", "楼", "99999", "第", "负", "𠀀", "\u{301}",
            "段", "新", "内",
        ]
        for round in 0..<40_000 {
            let text = round % 5 == 0 ? numbers.bytes(most: 80) : numbers.text(of: pieces, most: 14)
            let address = AddressText(text)
            #expect(address.raw == text)
            if let house = address.parts.house { #expect((1...99_999).contains(house.number)) }
        }
        _ = AddressText(String(repeating: "路", count: 100_000))
    }
}

@Suite("Address index")
struct AddressIndexTests {
    private func known(_ id: String, _ address: String, north: Double, east: Double) -> KnownAddress {
        KnownAddress(
            id: id, parts: AddressText(address).parts, coordinate: moved(nanjing, north: north, east: east))
    }

    private var index: AddressIndex {
        AddressIndex([
            known("h2", "玄武区竹园路2号", north: 0, east: 0), known("h12", "竹园路12号", north: 0, east: 100),
            known("h12a", "竹园路12号甲", north: 0, east: 105), known("h22", "竹园路22号", north: 0, east: 200),
            known("h1", "竹园路1号", north: 20, east: 0), known("h400", "竹园路400号", north: 0, east: 3000),
            known("e", "翠竹园小区", north: 300, east: 0), known("b3", "翠竹园3幢", north: 320, east: 20),
            known("b3u2", "翠竹园3幢2单元", north: 322, east: 25), known("g", "翠竹园东门", north: 300, east: 80),
            known("x", "玄武区中山路5号", north: 1000, east: 0), known("y", "雨花台区中山路5号", north: 9000, east: 0),
            known("n", "没有用的", north: 0, east: 0),
        ])
    }

    private func best(_ address: String) throws -> AddressCandidate {
        try #require(index.candidates(for: AddressText(address)).first, "\(address)")
    }

    @Test(
        "reasons",
        arguments: [
            ("竹园路12号", .house, ["h12"], true), ("南京市玄武区竹园路12号", .house, ["h12"], true),
            ("竹园路12号甲", .house, ["h12a"], true), ("竹园路12-7号", .houseWithoutSub, ["h12"], true),
            ("竹园路16号", .interpolated, ["h12a", "h22"], true),
            ("竹园路100号", .interpolated, ["h22", "h400"], false),
            ("竹园路3号", .neighbour, ["h1"], false), ("竹园路", .street, ["h12a"], false),
            ("翠竹园3幢2单元501室", .unit, ["b3u2"], true), ("翠竹园小区3幢1单元", .building, ["b3"], true),
            ("翠竹园9幢", .estate, ["e"], true), ("翠竹园东门", .gate, ["g"], true), ("翠竹园", .estate, ["e"], true),
            ("雨花台区中山路5号", .house, ["y"], true), ("中山路5号", .house, ["x"], false),
            ("竹圆路12号", .house, ["h12"], true), ("竹园路12号对面", .house, ["h12"], true),
            ("竹园路12号东600米", .house, ["h12"], false),
        ] as [(String, AddressCandidate.Reason, [String], Bool)])
    func reasons(
        _ address: String, _ reason: AddressCandidate.Reason, _ ids: [String], _ isPlaced: Bool
    ) throws {
        let found = try best(address)
        #expect(found.reason == reason && found.ids == ids, "\(found)")
        #expect((found.confidence >= AddressIndex.placedFrom) == isPlaced, "\(found.confidence)")
        #expect((index.placed(AddressText(address)) != nil) == isPlaced)
        #expect((0...1).contains(found.confidence) && !found.words.zh.isEmpty && !found.words.en.isEmpty)
    }

    @Test("an interpolated point lies between its neighbours, and says that it is a guess")
    func interpolated() throws {
        let found = try best("竹园路17号")
        #expect(found.reason == .neighbour)
        let even = try best("竹园路18号")
        let west = moved(nanjing, north: 0, east: 105 + 95 * 0.6)
        #expect(SamePlace.metres(even.coordinate, west).value < 1)
        #expect(even.words.zh.contains("推算") && even.words.en.contains("guess"))
    }

    @Test("nothing fits, nothing is answered; the order never changes")
    func order() {
        #expect(index.candidates(for: AddressText("解放路1号")).isEmpty)
        #expect(index.candidates(for: AddressText("栖霞区竹园路2号")).map(\.ids) != [["h2"]])
        #expect(index.candidates(for: AddressText("")).isEmpty && index.count == 12)
        let all = index.candidates(for: AddressText("竹园路12号翠竹园3幢"))
        #expect(all == index.candidates(for: AddressText("竹园路12号翠竹园3幢")))
        #expect(all == all.sorted { ($1.confidence, $0.ids[0]) < ($0.confidence, $1.ids[0]) })
    }

    @Test("100,000 known things: each is found by its own address")
    func many() {
        var numbers = SeededNumbers(9)
        let names = Array("东西南北中山水园竹翠玄武鼓楼秦淮雨花栖霞江浦六合建邺").map(String.init)
        var known: [KnownAddress] = []
        for street in 0..<500 {
            let name = "\(names[street % 25])\(names[street / 25 % 25])\(names[street * 7 % 25])"
            for house in 1...200 {
                known.append(
                    self.known(
                        "s\(street)h\(house)", "\(name)路\(house)号", north: Double(street) * 100,
                        east: Double(house) * 10))
            }
        }
        let index = AddressIndex(known)
        #expect(index.count == 100_000)
        let clock = ContinuousClock()
        var wrong = 0
        let asked = (0..<2000).map { _ in known[Int.random(in: 0..<known.count, using: &numbers)] }
        let time = clock.measure {
            for thing in asked {
                let address = AddressText("\(thing.parts.street ?? "")\(thing.parts.house?.text ?? "")号")
                if !index.candidates(for: address).contains(where: { $0.ids == [thing.id] }) { wrong += 1 }
            }
        }
        #expect(wrong == 0)
        print("address index, 100,000 things: \(time / 2000) a lookup, reading included")
    }
}
