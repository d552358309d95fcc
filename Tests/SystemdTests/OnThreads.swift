import TestSockets
import Testing

/// Runs each test on threads of its own, because it blocks them.
struct OnThreads: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(ThreadExecutor()) { try await function() }
    }
}

extension Trait where Self == OnThreads {
    /// See `OnThreads`.
    static var onThreads: Self { Self() }
}
