internal import Digests
package import DirectoryModel
internal import Foundation

/// Signs what is delivered, as Standard Webhooks has it (standardwebhooks.com, 1.0): many languages have a library that
/// checks it.
package struct MessageSignature: Sendable {
    private let key: [UInt8]

    /// A signature with a secret: `whsec_` and Base64, or any other text as it is.
    ///
    /// - Throws: `configuration_invalid` for what begins so and goes on with no Base64.
    package init(_ secret: RemoteSecret, location: String) throws(DirectoryError) {
        let prefix = "whsec_"
        guard secret.text.hasPrefix(prefix) else {
            key = Array(secret.text.utf8)
            return
        }
        guard let data = Data(base64Encoded: String(secret.text.dropFirst(prefix.count))), !data.isEmpty
        else {
            throw DirectoryError(
                .configurationInvalid, "what follows whsec_ in the signing secret is no Base64",
                advice: "copy it again", location: location)
        }
        key = Array(data)
    }

    /// The header fields that go with a message.
    ///
    /// - Parameters:
    ///   - id: the message's id, without a full stop.
    ///   - time: when it is sent, in seconds since 1970: a receiver refuses what is too old.
    package func headers(id: String, time: Int, body: [UInt8]) throws(DirectoryError)
        -> [(name: String, value: String)]
    {
        let code = try MessageCode.hmacSHA256(of: Array("\(id).\(time).".utf8) + body, key: key)
        return [
            ("webhook-id", id), ("webhook-timestamp", "\(time)"),
            ("webhook-signature", "v1," + Data(code).base64EncodedString()),
        ]
    }
}
