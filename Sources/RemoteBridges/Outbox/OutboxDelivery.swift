internal import Bridges
internal import DirectoryAPI
internal import DirectoryModel
internal import Foundation
internal import WebRequests

/// Delivers letters, one after another, on one thread.
struct OutboxDelivery {
    private let configuration: OutboxConfiguration
    private let client: WebClient

    /// Characters of a receipt that are kept; chosen, not measured.
    private static let longestReceipt = 200

    /// A delivery to the receiver of a configuration.
    init(_ configuration: OutboxConfiguration) throws(DirectoryError) {
        self.configuration = configuration
        client = try configuration.server.client()
    }

    /// Takes letters and delivers them until there are none any more.
    func run(_ dispatch: OutboxDispatch) {
        while let letter = dispatch.take() { dispatch.settle(letter, deliver(letter)) }
    }

    private func deliver(_ letter: OutboxLetter) -> DeliveryOutcome {
        let address = configuration.server.address
        let reply: WebReply
        do throws(DirectoryError) {
            var headers = [
                (name: "Content-Type", value: "application/json"), ("Idempotency-Key", letter.message),
            ]
            if let signature = configuration.signature {
                headers += try signature.headers(
                    id: letter.message, time: Int(Date().timeIntervalSince1970), body: letter.body)
            }
            let request = try configuration.server.request(address, headers: headers, body: letter.body)
            do throws(WebFault) {
                reply = try client.send(request)
            } catch {
                return outcome(of: error)
            }
        } catch {
            return .receiverFault(error, asked: nil)
        }
        return outcome(of: reply)
    }

    private func outcome(of fault: WebFault) -> DeliveryOutcome {
        let error = fault.error(at: configuration.server.address)
        return switch fault.kind {
        case .notConnected, .notTrusted, .settings: .receiverFault(error, asked: nil)
        // A receiver that ends over one letter must not hold up all others for ever.
        case .timedOut, .broken: .letterFault(error, status: nil, isFinal: false, asked: nil)
        case .tooLarge: .letterFault(error, status: nil, isFinal: false, asked: nil)
        }
    }

    private func outcome(of reply: WebReply) -> DeliveryOutcome {
        let asked = reply.retryAfter(now: Date().timeIntervalSince1970)
        let address = configuration.server.address
        func error(_ code: DirectoryError.Code, _ advice: String) -> DirectoryError {
            DirectoryError(
                code, "\(address) answers with status \(reply.status)", advice: advice,
                cause: reply.body.isEmpty
                    ? nil : String(decoding: reply.body.prefix(200), as: UTF8.self).onOneLine)
        }
        switch reply.status {
        case 200...299: return .taken(status: reply.status, receipt: receipt(in: reply))
        // The receiver as a whole, or what stands before it.
        case 429, 502, 503, 504:
            return .receiverFault(error(.remoteUnreachable, "see the receiver's journal"), asked: asked)
        case 401, 403, 407:
            return .receiverFault(
                error(.remoteRefused, "see that the credential is right and has not run out"), asked: asked)
        case 300...399, 404, 405, 501:
            return .receiverFault(
                error(.remoteRefused, "see that url is right; redirects are not followed"), asked: asked)
        // The same body would be refused again.
        case 400, 410, 413, 414, 415, 422:
            return .letterFault(
                error(.remoteRefused, "see what the receiver has against it"), status: reply.status,
                isFinal: true,
                asked: nil)
        default:
            return .letterFault(
                error(.remoteUnreachable, "see the receiver's journal"), status: reply.status, isFinal: false,
                asked: asked)
        }
    }

    /// The receiver's own number for what it took; nil where it says none.
    private func receipt(in reply: WebReply) -> String? {
        guard let member = configuration.receipt, let answer = try? JSONValue(json: reply.body),
            let text = member.value(in: answer)?.wordText
        else { return nil }
        return String(text.prefix(Self.longestReceipt))
    }
}
