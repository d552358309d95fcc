internal import Foundation

/// Runs each job of a task on a thread of its own.
///
/// Tests that wait for a socket block their thread: on the shared pool, of as many threads as the machine has
/// cores, a few of them would keep everything else from running, the server under test too.
package final class ThreadExecutor: TaskExecutor {
    /// An executor; any number of tasks may use one.
    package init() {}

    /// Starts a thread for the job.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
