extension ClientReply {
    /// The objects of the list in a page, each as the daemon wrote it.
    ///
    /// - Complexity: O(n) in the bytes; nothing is decoded.
    package var listedObjects: [[UInt8]] {
        var objects: [[UInt8]] = []
        var depth = 0
        var start = 0
        var isText = false
        var isEscaped = false
        for (index, byte) in body.enumerated() {
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if depth == 2 { start = index }
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 2 { objects.append(Array(body[start...index])) }
            default: break
            }
        }
        return objects
    }
}
