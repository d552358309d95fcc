import Foundation

/// Tells on standard error how far long work has come: a bar on a terminal, plain lines elsewhere.
///
/// May be used from any thread.
final class ProgressReport: @unchecked Sendable {
    private let lock = NSLock()
    private let isLive: Bool
    private let write: @Sendable (String) -> Void
    private var stage = ""
    private var shownPercent = -1

    /// Columns of the bar itself.
    private static let barWidth = 24

    /// A report on standard error.
    convenience init() {
        self.init(isLive: Terminal.showsProgress) { FileHandle.standardError.write(Data($0.utf8)) }
    }

    /// A report to wherever `write` writes.
    ///
    /// - Parameter isLive: whether lines can be drawn over.
    init(isLive: Bool, write: @escaping @Sendable (String) -> Void) {
        self.isLive = isLive
        self.write = write
    }

    /// Tells how far a stage has come.
    ///
    /// - Parameter fraction: 0…1, or nil when it is not known.
    func show(_ stage: String, _ fraction: Double?) {
        lock.withLock {
            let percent = fraction.map { Int((min(max($0, 0), 1) * 100).rounded(.down)) }
            let isNew = stage != self.stage
            if isNew {
                endLine()
                self.stage = stage
                shownPercent = -1
                if !isLive { return write(stage.printable + "\n") }
            }
            guard isLive, isNew || percent != shownPercent else { return }
            shownPercent = percent ?? -1
            write("\r\u{1B}[K" + ProgressReport.line(stage.printable, percent))
        }
    }

    /// Ends the bar's line, if there is one.
    func finish() {
        lock.withLock {
            endLine()
            stage = ""
        }
    }

    private func endLine() {
        if isLive && !stage.isEmpty { write("\n") }
    }

    /// A bar as it is drawn.
    static func line(_ stage: String, _ percent: Int?) -> String {
        guard let percent else { return stage + " …" }
        let filled = barWidth * percent / 100
        let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: barWidth - filled)
        let number = String(percent)
        return bar + String(repeating: " ", count: 4 - number.count) + number + " %  " + stage
    }
}
