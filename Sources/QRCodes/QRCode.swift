// QRCodes: texts as QR codes, drawn as SVG: libqrencode wrapped once.
// May import: DirectoryModel, CQREncode.

internal import CQREncode
package import DirectoryModel
internal import Glibc

/// A text as a QR code (ISO/IEC 18004).
package struct QRCode: Hashable, Sendable {
    /// How much of a code may be dirty or torn before it cannot be read.
    package enum Correction: String, Hashable, Sendable, CaseIterable {
        /// 7 %: the fewest squares, for a screen.
        case low = "L"
        /// 15 %.
        case medium = "M"
        /// 25 %.
        case quartile = "Q"
        /// 30 %.
        case high = "H"

        fileprivate var level: QRecLevel {
            switch self {
            case .low: QR_ECLEVEL_L
            case .medium: QR_ECLEVEL_M
            case .quartile: QR_ECLEVEL_Q
            case .high: QR_ECLEVEL_H
            }
        }
    }

    /// The most bytes of UTF-8 that any code holds (version 40, low correction).
    package static let longest = 2_953

    /// Dark squares, row by row from the top left; `width` × `width` of them.
    package let squares: [Bool]
    /// Squares in a row, 21…177.
    package let width: Int

    /// The smallest code that holds the text.
    ///
    /// - Parameter text: 1 byte of UTF-8 and more, without NUL; kept byte for byte.
    /// - Throws: `invalid_request` for a text that is empty or does not fit.
    package init(_ text: String, correction: Correction = .medium) throws(DirectoryError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else {
            throw DirectoryError(.invalidRequest, "a QR code of no text says nothing")
        }
        guard let code = QRcode_encodeData(Int32(clamping: bytes.count), bytes, 0, correction.level) else {
            guard errno == ERANGE || bytes.count > Self.longest else {
                throw DirectoryError(
                    .internalError, "libqrencode cannot encode the text",
                    cause: String(cString: strerror(errno)))
            }
            throw DirectoryError(
                .invalidRequest,
                "the text has \(bytes.count) bytes, more than a QR code holds at correction \(correction.rawValue)",
                advice: "at most \(Self.longest) bytes fit, with correction L")
        }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        self.width = width
        // Bit 0 of each byte: dark.
        squares = (0..<width * width).map { code.pointee.data[$0] & 1 == 1 }
    }

    /// The code as an SVG image with the light margin of four squares that readers need; one unit a square.
    package var svg: String {
        let margin = 4
        let side = width + 2 * margin
        var path = ""
        for row in 0..<width {
            var column = 0
            while column < width {
                guard squares[row * width + column] else {
                    column += 1
                    continue
                }
                let start = column
                while column < width, squares[row * width + column] { column += 1 }
                path += "M\(start + margin) \(row + margin)h\(column - start)v1h-\(column - start)z"
            }
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(side)" shape-rendering="crispEdges">\
            <path fill="#fff" d="M0 0h\(side)v\(side)h-\(side)z"/><path d="\(path)"/></svg>

            """
    }
}
