/// A unified social credit code (统一社会信用代码): 18 characters that name one legal person or organisation.
///
/// Source: GB 32100-2015, and GB 11714-1997 for the organisation code at characters 9 to 17.
///
/// Since: 2.0
public struct CreditCode: Hashable, Sendable {
    /// The code, upper case, without blanks.
    ///
    /// Since: 2.0
    public let text: String

    /// What is wrong with a code.
    ///
    /// Since: 2.0
    @frozen public enum Fault: Error, Hashable, Sendable {
        /// It does not have 18 characters.
        ///
        /// Since: 2.0
        case length(Int)
        /// It has a character that no code has, from 1.
        ///
        /// Since: 2.0
        case character(position: Int)
        /// The organisation code inside, characters 9 to 17, fails its check.
        ///
        /// Since: 2.0
        case organisationCheck
        /// The code as a whole fails its check.
        ///
        /// Since: 2.0
        case check
    }

    /// Reads a code; blanks and hyphens are left out, lower case and full-width characters are taken.
    ///
    /// - Throws: the first `Fault`.
    ///
    /// Since: 2.0
    public init(_ given: String) throws(Fault) {
        var bytes: [UInt8] = []
        for scalar in given.unicodeScalars {
            switch scalar.value {
            case 0x20, 0x2D, 0x3000, 0x09: continue
            case 0x21...0x7E: bytes.append(CreditCode.upper(UInt8(scalar.value)))
            case 0xFF01...0xFF5E: bytes.append(CreditCode.upper(UInt8(scalar.value - 0xFEE0)))
            default: bytes.append(0)
            }
        }
        guard bytes.count == 18 else { throw .length(bytes.count) }
        var values: [Int] = []
        for (position, byte) in bytes.enumerated() {
            guard let value = CreditCode.alphabet.firstIndex(of: byte) else {
                throw .character(position: position + 1)
            }
            values.append(value)
        }
        let sum = zip(values, CreditCode.weights).reduce(0) { $0 + $1.0 * $1.1 }
        guard (31 - sum % 31) % 31 == values[17] else { throw .check }
        guard CreditCode.hasSoundOrganisationCode(bytes) else { throw .organisationCheck }
        text = String(decoding: bytes, as: UTF8.self)
    }

    private static func upper(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte }

    /// Digits, and capital letters without I O S V Z.
    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
    /// Powers of 3 modulo 31.
    private static let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

    private static func hasSoundOrganisationCode(_ bytes: [UInt8]) -> Bool {
        // Letters count on from 10: A is 10.
        func value(_ byte: UInt8) -> Int { byte <= 0x39 ? Int(byte) - 0x30 : Int(byte) - 0x41 + 10 }
        let weights = [3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(bytes[8..<16], weights).reduce(0) { $0 + value($1.0) * $1.1 }
        let check = 11 - sum % 11
        let expected: UInt8 = check == 10 ? 0x58 : check == 11 ? 0x30 : UInt8(0x30 + check)
        return bytes[16] == expected
    }
}
