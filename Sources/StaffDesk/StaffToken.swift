// StaffDesk: a page of this machine's loopback in front of the admin socket, for who holds its token.
// May import: DirectoryAPI, DirectoryModel, PageFiles.

/// A secret of 256 random bits, as it stands in an address or a cookie.
struct StaffToken: Hashable, Sendable {
    /// 43 characters of the alphabet of RFC 4648 section 5, without padding.
    let text: String

    /// Draws one from the machine's source of secrets.
    init() {
        var random = SystemRandomNumberGenerator()
        let words = (0..<4).map { _ in random.next() }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var bits = words.flatMap { word in (0..<64).map { word >> UInt64($0) & 1 } }
        bits += [0, 0]
        let digits = stride(from: 0, to: bits.count, by: 6).map { start in
            alphabet[bits[start..<start + 6].reduce(0) { Int($0) << 1 | Int($1) }]
        }
        text = String(decoding: digits, as: UTF8.self)
    }

    /// Whether a word is this secret; takes the same time wherever the two differ.
    func equals(_ word: some StringProtocol) -> Bool {
        let (mine, theirs) = (Array(text.utf8), Array(word.utf8))
        guard mine.count == theirs.count else { return false }
        return zip(mine, theirs).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
