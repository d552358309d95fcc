import DirectoryModel
import Foundation
import Testing

/// The unified social credit code of GB 32100-2015.
@Suite struct CreditCodeTests {
    private struct Vectors: Decodable {
        struct Normalised: Decodable {
            let given: String
            let out: String
            enum CodingKeys: String, CodingKey {
                case given = "in"
                case out
            }
        }
        struct Invalid: Decodable { let code: String }
        let valid: [String]
        let normalised: [Normalised]
        let invalid: [Invalid]
        enum CodingKeys: String, CodingKey {
            case valid, invalid
            case normalised = "valid_after_normalising"
        }
    }

    private static let vectors: Vectors? = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("shared/domain/vectors/credit_codes.json")
        return (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode(Vectors.self, from: $0) }
    }()

    @Test(.enabled(if: vectors != nil, "the shared vectors are not beside this tree"))
    func theVectorsHold() throws {
        let vectors = try #require(Self.vectors)
        for code in vectors.valid { #expect((try? CreditCode(code))?.text == code) }
        for pair in vectors.normalised { #expect((try? CreditCode(pair.given))?.text == pair.out) }
        for pair in vectors.invalid { #expect((try? CreditCode(pair.code)) == nil, "\(pair.code)") }
    }

    @Test(
        arguments: [
            ("91110000600037341L", nil), ("９１１１００００６０００３７３４１ｌ", nil), ("91-110000-600037341-L", nil),
            ("", .length(0)), ("9111000060003734", .length(16)),
            ("9111000060003734IL", .character(position: 17)),
            ("91110000600037341N", .check), ("9111000060003734汉L", .character(position: 17)),
        ] as [(String, CreditCode.Fault?)])
    func whatIsWrongIsSaid(_ text: String, _ fault: CreditCode.Fault?) {
        do throws(CreditCode.Fault) {
            #expect(try CreditCode(text).text == "91110000600037341L")
            #expect(fault == nil)
        } catch {
            #expect(error == fault)
        }
    }

    /// Every single wrong character is found, and every two neighbours that were exchanged.
    @Test func aSlipOfTheFingerIsFound() {
        let sound = Array("91110000600037341L")
        let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
        for position in sound.indices {
            for character in alphabet where character != sound[position] {
                var wrong = sound
                wrong[position] = character
                #expect((try? CreditCode(String(wrong))) == nil)
            }
            guard position + 1 < sound.count, sound[position] != sound[position + 1] else { continue }
            var exchanged = sound
            exchanged.swapAt(position, position + 1)
            #expect((try? CreditCode(String(exchanged))) == nil)
        }
    }
}
