import DirectoryModel
import Testing

@testable import Datums

@Suite("Coordinate cells")
struct CoordinateReaderTests {
    private func near(_ reading: CoordinateReading, _ latitude: Double, _ longitude: Double) -> Bool {
        abs(reading.latitude.value - latitude) < 1e-9 && abs(reading.longitude.value - longitude) < 1e-9
    }

    private func fault(_ cell: String, order: CoordinateOrder? = nil) -> CoordinateFault.Code? {
        do throws(CoordinateFault) {
            _ = try CoordinateReader.read(cell, order: order)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "cells as offices write them",
        arguments: [
            ("118.7781,32.0415", 32.0415, 118.7781), ("32.0415, 118.7781", 32.0415, 118.7781),
            ("１１８．７７８１，３２．０４１５", 32.0415, 118.7781), ("118.7781、32.0415", 32.0415, 118.7781),
            ("118.7781 32.0415", 32.0415, 118.7781), ("118.7781;32.0415", 32.0415, 118.7781),
            ("118.7781/32.0415", 32.0415, 118.7781), ("118.7781\n32.0415", 32.0415, 118.7781),
            ("(118.7781,32.0415)", 32.0415, 118.7781), ("[118.7781, 32.0415]", 32.0415, 118.7781),
            ("\"118.7781,32.0415\"", 32.0415, 118.7781), ("'118.7781,32.0415'", 32.0415, 118.7781),
            ("118.7781°E 32.0415°N", 32.0415, 118.7781), ("118.7781E,32.0415N", 32.0415, 118.7781),
            ("E118.7781 N32.0415", 32.0415, 118.7781), ("N32.0415°, E118.7781°", 32.0415, 118.7781),
            ("118.7781 °E, 32.0415 °N", 32.0415, 118.7781), ("118.7781° 32.0415°", 32.0415, 118.7781),
            ("东经118.7781度，北纬32.0415度", 32.0415, 118.7781), ("東經118.7781 北緯32.0415", 32.0415, 118.7781),
            ("经度：118.7781，纬度：32.0415", 32.0415, 118.7781), ("经度118.7781纬度32.0415", 32.0415, 118.7781),
            ("lng=118.7781,lat=32.0415", 32.0415, 118.7781),
            ("{\"lng\":118.7781,\"lat\":32.0415}", 32.0415, 118.7781),
            ("Latitude: 32.0415; Longitude: 118.7781", 32.0415, 118.7781),
            ("POINT(118.7781 32.0415)", 32.0415, 118.7781), ("point (118.7781 32.0415)", 32.0415, 118.7781),
            ("POINT Z (118.7781 32.0415 12.5)", 32.0415, 118.7781),
            ("坐标：118.7781，32.0415", 32.0415, 118.7781), ("118.7781-32.0415", 32.0415, 118.7781),
            ("33.8688S, 151.2093E", -33.8688, 151.2093), ("34.6037 S 58.3816 W", -34.6037, -58.3816),
            ("-33.8688,151.2093", -33.8688, 151.2093), ("37.7749,-122.4194", 37.7749, -122.4194),
            ("南纬33.8688 东经151.2093", -33.8688, 151.2093),
        ] as [(String, Double, Double)])
    func decimal(_ cell: String, _ latitude: Double, _ longitude: Double) throws {
        let reading = try CoordinateReader.read(cell)
        #expect(near(reading, latitude, longitude))
        #expect(!reading.findings.contains { $0.code == .rough || $0.code == .swapped })
    }

    private static let north = 32 + 2 / 60.0 + 29 / 3600.0
    private static let east = 118 + 46 / 60.0 + 41.2 / 3600

    @Test(
        "degrees, minutes and seconds",
        arguments: [
            "东经118°46′41.2″，北纬32°2′29″", "118°46'41.2\"，32°2'29\"", "118°46’41.2”E 32°2’29”N",
            "118°46'41.2'' 32°2'29''", "118度46分41.2秒,32度2分29秒", "32°2′29″N 118°46′41.2″E",
            "北纬３２°２′２９″　东经１１８°４６′４１．２″", "118°46′41.2 32°2′29", "N32°02′29″ E118°46′41.2″",
            "118° 46′ 41.2″, 32° 2′ 29″",
        ])
    func sexagesimal(_ cell: String) throws {
        let reading = try CoordinateReader.read(cell)
        #expect(near(reading, Self.north, Self.east))
    }

    @Test("the longitude alone in one of two columns, and decimal minutes")
    func columns() throws {
        let whole = try CoordinateReader.read(latitude: "32°2'29\"", longitude: "118°46'41\"")
        #expect(near(whole, Self.north, 118 + 46 / 60.0 + 41 / 3600.0))
        #expect(whole.findings.map(\.code) == [.rough])
        #expect(abs(whole.uncertainty.value - 30.8) < 0.1)
        #expect(
            near(try CoordinateReader.read(latitude: "32.0415", longitude: "118.7781"), 32.0415, 118.7781))
        #expect(
            near(try CoordinateReader.read("118°46.686′ 32°2.49′"), 32 + 2.49 / 60, 118 + 46.686 / 60))
        #expect(
            near(try CoordinateReader.read(latitude: "", longitude: "118.7781,32.0415"), 32.0415, 118.7781))
        #expect(near(try CoordinateReader.read("S0°30′0.0″ E10°0′0.0″"), -0.5, 10))
        #expect(near(try CoordinateReader.read("-0°30′0.0″ E10°0′0.0″"), -0.5, 10))
    }

    @Test("exchanged columns are found, said and put right")
    func swapped() throws {
        let first = try CoordinateReader.read(latitude: "118.7781", longitude: "32.0415")
        #expect(near(first, 32.0415, 118.7781) && first.findings.map(\.code) == [.swapped])
        // Kashgar: both numbers could be latitudes.
        let second = try CoordinateReader.read(latitude: "75.9892", longitude: "39.4677")
        #expect(near(second, 39.4677, 75.9892) && second.findings.map(\.code) == [.swapped])
        let third = try CoordinateReader.read("POINT(32.0415 118.7781)")
        #expect(near(third, 32.0415, 118.7781) && third.findings.map(\.code) == [.swapped])
        let fourth = try CoordinateReader.read("118.7781,32.0415", order: .latitudeFirst)
        #expect(near(fourth, 32.0415, 118.7781) && fourth.findings.map(\.code) == [.swapped])
        let fifth = try CoordinateReader.read(latitude: "东经118.7781", longitude: "北纬32.0415")
        #expect(near(fifth, 32.0415, 118.7781) && fifth.findings.map(\.code) == [.swapped])
        let sixth = try CoordinateReader.read(latitude: "151.2093", longitude: "-33.8688")
        #expect(near(sixth, -33.8688, 151.2093))
        #expect(sixth.findings.map(\.code) == [.swapped, .outsideChina])
        #expect(first.findings[0].message.zh.contains("写反") && !first.findings[0].advice.en.isEmpty)
    }

    @Test("outside of China is a finding; there the order must be stated where both could be latitudes")
    func outside() throws {
        #expect(fault("35.8989, 14.5146") == .order)
        let valletta = try CoordinateReader.read("35.8989, 14.5146", order: .latitudeFirst)
        #expect(near(valletta, 35.8989, 14.5146) && valletta.findings.map(\.code) == [.outsideChina])
        let other = try CoordinateReader.read("14.5146, 35.8989", order: .longitudeFirst)
        #expect(near(other, 35.8989, 14.5146))
        #expect(
            near(try CoordinateReader.read(latitude: "60.1699", longitude: "24.9384"), 60.1699, 24.9384))
    }

    @Test(
        "decimals",
        arguments: [
            ("118.8,32.0", 11_100.0, 10_000), ("118.78,32.04", 1110, 1000), ("118.778,32.041", 111, 100),
        ])
    func rough(_ cell: String, _ metres: Double, _ said: Int) throws {
        let reading = try CoordinateReader.read(cell)
        #expect(abs(reading.uncertainty.value - metres) < 0.001)
        #expect(reading.findings.map(\.code) == [.rough])
        #expect(reading.findings[0].message.zh.contains("约\(said)米"))
        #expect(reading.findings[0].message.en.contains("\(said) m"))
    }

    @Test("a zero that a spreadsheet dropped does not make a point rough")
    func droppedZero() throws {
        let reading = try CoordinateReader.read("118.77812,32.04")
        #expect(reading.findings.isEmpty && abs(reading.uncertainty.value - 1.11) < 0.001)
    }

    @Test(
        "what is refused",
        arguments: [
            ("", .empty), ("   ", .empty), ("　", .empty), ("118.7781", .count), ("1,2,3", .count),
            ("0,0", .zero), ("0.000000, 0.0", .zero), ("118.7781,320.415", .range), ("200,32", .range),
            ("118°61′0″,32°2′0″", .range), ("118°46′60″,32°2′0″", .range), ("118.7781,112.0415", .range),
            ("东经118.7781,东经32.0415", .sameAxis), ("N118.7781 N32.0415", .sameAxis),
            ("竹园路5号", .unreadable), ("118.7781,32.0415附近", .unreadable), ("118.77.81,32.0415", .count),
            ("118'46,32", .unreadable), ("abc", .unreadable), ("-,-", .unreadable), (".,.", .unreadable),
            ("3545678.12,500123.45", .projected), ("40512345, 3545678", .projected),
            ("13221955.4,3769876.1", .projected), ("145678.1,128765.3", .projected),
            ("X=3545678.12 Y=40512345.67", .unreadable), ("118778100,32041500", .scaled),
        ] as [(String, CoordinateFault.Code)])
    func refused(_ cell: String, _ code: CoordinateFault.Code) { #expect(fault(cell) == code) }

    @Test("a projection is refused with words that say so")
    func projected() {
        do throws(CoordinateFault) {
            _ = try CoordinateReader.read(latitude: "3545678.12", longitude: "40512345.67")
            Issue.record("it was taken")
        } catch {
            #expect(error.code == .projected)
            #expect(error.message.zh.contains("投影坐标") && error.message.en.contains("Gauss"))
            #expect(error.advice.zh.contains("中央子午线") && error.advice.en.contains("zone"))
        }
    }

    @Test("a datum that the cell names is told")
    func datum() throws {
        let cells: [(String, Datum?)] = [
            ("GCJ02:118.7781,32.0415", .gcj02), ("118.7781,32.0415(BD-09)", .bd09),
            ("SRID=4490;POINT(118.7781 32.0415)", .cgcs2000), ("百度坐标：118.7781，32.0415", .bd09),
            ("WGS-84 118.7781 32.0415", .wgs84), ("118.7781,32.0415", nil),
        ]
        for (cell, datum) in cells {
            let reading = try CoordinateReader.read(cell)
            #expect(reading.datum == datum && near(reading, 32.0415, 118.7781), "\(cell)")
            #expect(reading.given(in: .gcj02).datum == datum ?? .gcj02)
        }
    }

    @Test("random texts never trap, and what is taken is in range")
    func random() {
        var numbers = SeededNumbers(3)
        let pieces = [
            "118.7781", "32.0415", "-", "+", ".", "°", "′", "″", "'", "\"", "度", "分", "秒", ",", "，", " ",
            "东经", "北纬",
            "E", "N", "s", "W", "POINT", "(", ")", "0", "9", "99999999", "1e308", "WGS84", "srid=4490;", "经度",
            "{", ":", "𠀀",
            "\u{301}", "１", "５９", "60", "180", "x",
        ]
        for round in 0..<40_000 {
            var text = ""
            if round % 4 == 0 {
                let bytes = (0..<Int.random(in: 0...40, using: &numbers)).map { _ in
                    UInt8.random(in: 0...255, using: &numbers)
                }
                text = String(decoding: bytes, as: UTF8.self)
            } else {
                for _ in 0..<Int.random(in: 0...9, using: &numbers) {
                    text += pieces.randomElement(using: &numbers) ?? ""
                }
            }
            let other = pieces.randomElement(using: &numbers) ?? ""
            for reading in [
                try? CoordinateReader.read(text), try? CoordinateReader.read(text, order: .longitudeFirst),
                try? CoordinateReader.read(latitude: text, longitude: other),
            ] {
                guard let reading else { continue }
                #expect(abs(reading.latitude.value) <= 90 && abs(reading.longitude.value) <= 180, "\(text)")
                #expect(reading.uncertainty.value > 0)
            }
        }
        #expect(fault(String(repeating: "1", count: 100_000)) == .unreadable)
        #expect(fault(String(repeating: "1", count: 190) + ",3") == .range)
    }
}
