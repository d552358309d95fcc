import DirectoryAPI
import DirectoryModel
import Foundation
import Synchronization
import TestSockets
import Testing

@testable import DirectoryServer

/// Varlink over a real socket: its limits, and its calls that go on.
@Suite(.serialized, .onThreads) struct VarlinkLimitTests {
    private let info = #"{"method":"org.varlink.service.GetInfo"}"#
    private let more = #","more":true"#

    // MARK: Limits

    @Test(arguments: [true, false])
    func refusesALongCall(isWhole: Bool) async throws {
        var limits = ServerLimits()
        limits.headBytes = 1_000
        try await withServer(limits: limits) { server in
            let client = try server.caller()
            let text = String(repeating: " ", count: 1_000 - info.utf8.count) + info
            #expect(try client.reply(to: text).error == nil, "1,000 bytes are not over the limit")
            client.send(Array((text + " ").utf8) + (isWhole ? [0] : [32]))
            let reply = try client.reply()
            #expect(reply.error == "org.quarter.Directory.InvalidRequest" && reply.code == "too_large")
            #expect(reply.message.contains("1000 bytes"))
            #expect(try client.isAtEnd())
        }
    }

    @Test func aCallThatDoesNotEndIsNotWaitedForLong() async throws {
        var limits = ServerLimits()
        limits.requestTime = 0.5
        try await withServer(limits: limits) { server in
            let client = try server.caller()
            #expect(try client.reply(to: info).error == nil)
            client.send(info)
            let reply = try client.reply()
            #expect(reply.code == "request_timeout", "\(reply.text)")
            #expect(try client.isAtEnd())
        }
    }

    @Test func anIdleConnectionIsClosedWithoutAWord() async throws {
        var limits = ServerLimits()
        limits.idleTime = 0.5
        try await withServer(limits: limits) { server in
            let client = try server.caller()
            #expect(try client.reply(to: info).error == nil)
            #expect(try client.isAtEnd())
        }
    }

    @Test func answersAHalfClosedClient() async throws {
        try await withServer { server in
            let client = try server.caller()
            client.call(info)
            client.call(#"{"method":"org.quarter.Directory.GetPlace","parameters":{"id":"osm-n1"}}"#)
            client.call(info)
            client.finishSending()
            for _ in 0..<3 { #expect(try client.reply().error == nil) }
            #expect(try client.isAtEnd())
        }
    }

    @Test func saysThatACallWasCutShort() async throws {
        try await withServer { server in
            let client = try server.caller()
            client.call(info)
            client.send("{\"method\"")
            client.finishSending()
            #expect(try client.reply().error == nil)
            let reply = try client.reply()
            #expect(reply.message.contains("in the middle of a call"))
            #expect(try client.isAtEnd())
        }
    }

    @Test func aNewcomerTakesThePlaceOfTheLongestIdle() async throws {
        var limits = ServerLimits()
        limits.connectionsPerUser = 3
        try await withServer(limits: limits) { server in
            let first = try server.caller()
            pause(0.1)
            let clients = try (0..<2).map { _ in try server.caller() }
            for client in clients { #expect(try client.reply(to: info).error == nil) }
            let newcomer = try server.caller()
            #expect(try newcomer.reply(to: info).error == nil)
            let reply = try first.reply()
            #expect(
                reply.error == "org.quarter.Directory.Unavailable" && reply.code == "too_many_connections")
            #expect(try first.isAtEnd())
        }
    }

    @Test func aNewcomerIsToldWhereAllAreBusy() async throws {
        var limits = ServerLimits()
        limits.connectionsPerUser = 2
        try await withServer(limits: limits) { server in
            let busy = try (0..<2).map { _ in try server.caller() }
            for client in busy { #expect(try client.reply("Watch", "{}", more).continues) }
            let newcomer = try server.caller()
            let reply = try newcomer.reply()
            #expect(
                reply.error == "org.quarter.Directory.Unavailable" && reply.code == "too_many_connections")
            #expect(try newcomer.isAtEnd())
        }
    }

    @Test func manyConnectionsAreAnswered() async throws {
        raiseDescriptorLimit()
        try await withServer { server in
            let clients = try (0..<500).map { _ in try server.caller() }
            for _ in 0..<3 {
                for client in clients { client.call(info) }
                for client in clients { #expect(try client.reply().error == nil) }
            }
        }
    }

    @Test func aClientThatNeverReadsHoldsBackItselfOnly() async throws {
        var limits = ServerLimits()
        limits.idleTime = 1
        try await withServer(limits: limits) { server in
            nonisolated(unsafe) let greedy = try server.caller()
            let call =
                Array(#"{"method":"org.quarter.Directory.Reach","parameters":{"origin":"kiosk-1"}}"#.utf8) + [
                    0
                ]
            let many = Array([[UInt8]](repeating: call, count: 20_000).joined())
            let sender = Thread { _ = greedy.send(many) }
            sender.start()
            let other = try server.caller()
            for _ in 0..<200 { #expect(try other.reply(to: info).error == nil) }
            for _ in 0..<600 where !sender.isFinished { pause(0.1) }
            #expect(sender.isFinished, "it was closed")
        }
    }

    @Test func whoeverAsksMuchAtOnceLeavesOthersTheirTurn() async throws {
        try await withServer(change: { $0.threads = 1 }) { server in
            nonisolated(unsafe) let greedy = try server.caller()
            let call =
                Array(#"{"method":"org.quarter.Directory.Reach","parameters":{"origin":"kiosk-1"}}"#.utf8) + [
                    0
                ]
            let count = 3_000
            let many = Array([[UInt8]](repeating: call, count: count).joined())
            let taken = Mutex(0)
            let other = try server.caller()
            #expect(try other.reply(to: info).error == nil)
            Thread { _ = greedy.send(many) }.start()
            let reader = Thread {
                while taken.withLock({ $0 }) < count, (try? greedy.message()) != nil {
                    taken.withLock { $0 += 1 }
                }
            }
            reader.start()
            while taken.withLock({ $0 }) == 0 { pause(0.000_1) }
            for _ in 0..<3 { #expect(try other.reply(to: info).error == nil) }
            #expect(taken.withLock { $0 } < count, "it was answered in between")
            for _ in 0..<3_000 where !reader.isFinished { pause(0.02) }
            #expect(taken.withLock { $0 } == count)
        }
    }

    @Test func finishesCallsWhenItStops() async throws {
        let server = try await RunningServer(ManualDirectoryService())
        let used = try server.caller()
        #expect(try used.reply(to: info).error == nil)
        let fresh = try server.caller()
        server.beginStop()
        pause(0.2)
        #expect(try used.isAtEnd())
        fresh.call(info)
        #expect(try fresh.reply().error == nil)
        #expect(try fresh.isAtEnd())
        await server.stop()
        #expect(!FileManager.default.fileExists(atPath: server.varlinkPath))
        try FileManager.default.removeItem(atPath: server.folder)
    }

    // MARK: Watch

    @Test func watchTellsEachChange() async throws {
        let service = ManualDirectoryService()
        service.change(2)
        try await withServer(service) { server in
            let client = try server.caller()
            let first = try client.reply("Watch", "{}", more)
            #expect(first.text == #"{"parameters":{"revision":9,"changes":[],"next":"9"},"continues":true}"#)
            service.change(1)
            let second = try client.reply()
            let page = try server.client().get("/v1/changes?since=9&follow=no")
            #expect(second.text == #"{"parameters":\#(page.text),"continues":true}"#)
            #expect(!second.text.contains("somebody"), "who did it is for the admin socket")
            // From the beginning, and on.
            let other = try server.caller()
            let all = try other.reply("Watch", #"{"since":"7","kind":["place"],"with":"record"}"#, more)
            #expect(all.parameters?["next"] == .string("10") && all.continues)
            #expect(all.text.contains(#""record":null"#))
            service.change(1)
            #expect(try client.reply().parameters?["next"] == .string("11"))
            #expect(try other.reply().parameters?["next"] == .string("11"))
        }
    }

    @Test func aLongHistoryComesInPieces() async throws {
        let service = ManualDirectoryService()
        service.change(1_200)
        try await withServer(service) { server in
            let client = try server.caller()
            client.call(#"{"method":"org.quarter.Directory.Watch","parameters":{"since":"7"},"more":true}"#)
            var seen: [Int] = []
            while seen.count < 1_200 {
                guard case .array(let changes)? = try client.reply().parameters?["changes"] else {
                    throw RawClient.Fault(description: "no changes")
                }
                seen += changes.compactMap {
                    if case .whole(let number)? = $0["revision"] { number } else { nil }
                }
            }
            #expect(seen == Array(8...1_207))
        }
    }

    @Test func watchHasToBeCalledWithMore() async throws {
        try await withServer { server in
            let client = try server.caller()
            let reply = try client.reply("Watch")
            #expect(reply.error == "org.varlink.service.ExpectedMore" && reply.parameters == .object([:]))
            #expect(
                try client.reply("Watch", "{}", #","more":false"#).error == "org.varlink.service.ExpectedMore"
            )
            #expect(
                try client.reply("Watch", #"{"limit":5}"#, more).error
                    == "org.varlink.service.InvalidParameter")
            #expect(try client.reply("Watch", #"{"since":"x"}"#, more).code == "invalid_request")
            #expect(try client.reply(to: info).error == nil)
        }
    }

    @Test func whatIsGoneEndsTheCallAndNotTheConnection() async throws {
        let service = ManualDirectoryService()
        try await withServer(service) { server in
            let client = try server.caller()
            #expect(try client.reply("Watch", "{}", more).continues)
            // A call that waits behind the one that goes on.
            client.call(info)
            service.state.withLock { $0.historyFault = DirectoryError(.historyGone, "pruned") }
            service.change(1)
            let end = try client.reply()
            #expect(end.error == "org.quarter.Directory.ReadAnew" && end.code == "history_gone")
            #expect(!end.continues)
            #expect(try client.reply().parameters?["product"] == .string("quarterd"))
            #expect(try client.reply("Watch", "{}", more).error == "org.quarter.Directory.ReadAnew")
            service.state.withLock { $0.historyFault = nil }
            #expect(try client.reply("Watch", "{}", more).continues)
        }
    }

    @Test func whoeverGoesFollowsNoMore() async throws {
        let service = ManualDirectoryService()
        var limits = ServerLimits()
        limits.followersPerUser = 2
        try await withServer(service, limits: limits) { server in
            let clients = try (0..<2).map { _ in try server.caller() }
            for client in clients { #expect(try client.reply("Watch", "{}", more).continues) }
            let third = try server.caller()
            let refusal = try third.reply("Watch", "{}", more)
            #expect(
                refusal.error == "org.quarter.Directory.Unavailable" && refusal.code == "too_many_connections"
            )
            clients[0].close()
            var reply = refusal
            for _ in 0..<100 where reply.error != nil {
                pause(0.02)
                reply = try third.reply("Watch", "{}", more)
            }
            #expect(reply.continues)
            service.change(1)
            #expect(try third.reply().parameters?["next"] == .string("8"))
            #expect(try server.client().get("/metrics").text.contains("quarter_followers 2\n"))
        }
    }

    @Test func theStopEndsAWatchWithAWord() async throws {
        let server = try await RunningServer(ManualDirectoryService())
        let client = try server.caller()
        #expect(try client.reply("Watch", "{}", more).continues)
        server.beginStop()
        let end = try client.reply()
        #expect(end.error == "org.quarter.Directory.Unavailable" && end.message == "the daemon stops")
        #expect(try client.isAtEnd())
        await server.stop()
        try FileManager.default.removeItem(atPath: server.folder)
    }

    @Test func whoeverTakesNothingIsToldToReadAnew() async throws {
        let service = ManualDirectoryService()
        var limits = ServerLimits()
        limits.followerLag = 200
        try await withServer(service, limits: limits) { server in
            let client = try server.caller()
            #expect(try client.reply("Watch", "{}", more).continues)
            // More than the socket holds, and then more than may be missed.
            for _ in 0..<40 {
                service.change(50, bytes: 2_000)
                pause(0.01)
            }
            var last = try client.reply()
            while last.continues { last = try client.reply() }
            #expect(last.error == "org.quarter.Directory.ReadAnew")
            #expect(last.message.contains("nothing was taken"))
            #expect(try client.reply(to: info).error == nil)
        }
    }
}
