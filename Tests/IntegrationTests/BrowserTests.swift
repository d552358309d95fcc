import Foundation
import TestSockets
import Testing

/// The pages in a real browser: each script of `Tests/BrowserTests` is one test.
///
/// A script brings the demo town into a state folder, which all of them share, starts the real daemon on it, and drives
/// Debian's Chromium against it. It ends with a line that says what it looked at, or what was wrong.
@Suite(.serialized, .onThreads, .enabled(if: Browser.isThere, "needs chromium and Scripts/browser-python.sh"))
struct BrowserTests {
    @Test func aPersonWalksFromHomeToTheCodesAndLeaves() throws { try Browser.run("walk.py") }
    @Test func thePersonWalksOnWhileTheDaemonIsRestarted() throws { try Browser.run("restart.py") }
    @Test func sizesTargetsContrastAndStatesHoldOnEveryView() throws { try Browser.run("rules.py") }
    @Test func axeFindsNoViolationOnAnyView() throws { try Browser.run("axe.py") }
    @Test func whatAxeCannotSeeHoldsByTheCriteriaOfWCAG() throws { try Browser.run("wcag.py") }
    @Test func everythingGoesByTheKeyboardWithAFocusThatIsSeen() throws { try Browser.run("keys.py") }
    @Test func idleWarnsAndResetsAndLeavesNothing() throws { try Browser.run("idle.py") }
    @Test func hostileNamesAreTextAndBreakNoLayout() throws { try Browser.run("hostile.py") }
    @Test func searchGreysKeysAndMarksWhatMatched() throws { try Browser.run("search.py") }
    @Test func whatIsWrongIsSaidAndIsNeverAnEmptyList() throws { try Browser.run("honest.py") }
    @Test func readingAloudNeedsAVoiceOfThisMachine() throws { try Browser.run("speech.py") }
    @Test func thePageIsLightAndStrictAndAsksNobodyElse() throws { try Browser.run("frame.py") }
    @Test func theMapInAFrameTakesItsWordsAndMessages() throws { try Browser.run("embed.py") }
    @Test func aClerkBringsARegisterMendsItAndTakesItBack() throws { try Browser.run("staff_import.py") }
    @Test func aClerkDecidesDuplicatesAndConfirmsFacts() throws { try Browser.run("staff_decide.py") }
    @Test func theStaffPageShowsPlacesCoverageAndNotices() throws { try Browser.run("staff_views.py") }
    @Test func theStaffPageHoldsTheRulesOnEveryView() throws { try Browser.run("staff_rules.py") }

    @Test(.enabled(if: Browser.hasReader, "needs zbarimg"))
    func codesHoldWhatThePageSays() throws { try Browser.run("codes.py") }
}

/// Debian's Chromium, driven by Playwright.
private enum Browser {
    /// The Python that drives it.
    private static let python = ProcessInfo.processInfo.environment["QUARTER_BROWSER_PYTHON"]
    /// The town that all scripts share.
    private static let town = Result { try Scratch() }

    static let isThere =
        python.map { FileManager.default.isExecutableFile(atPath: $0) } == true
        && FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium")
    static let hasReader = FileManager.default.isExecutableFile(atPath: "/usr/bin/zbarimg")

    /// Runs a script to its end; what it says in the end is the failure.
    static func run(_ script: String) throws {
        let process = Process()
        let interpreter = try unwrapped(python, "no QUARTER_BROWSER_PYTHON")
        // The longest takes two minutes; one that hangs must not hold up the rest.
        process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
        process.arguments = [
            "--kill-after=10", "900", interpreter, treeRoot + "/Tests/BrowserTests/" + script,
        ]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "QUARTER_BUILD": buildFolder, "QUARTER_BROWSER_STATE": try town.get().path,
            "PYTHONDONTWRITEBYTECODE": "1",
        ]) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        print(said.suffix(400))
        try #require(process.terminationStatus == 0, "\(said.suffix(3000))")
    }
}
