internal import DirectoryModel
internal import OpeningTimes

extension Community {
    /// What is wrong with the name of its time zone; nil for one that the machine knows, and for none.
    var timeZoneFault: LocalizedText? {
        guard let timeZone, (try? OpeningZone(identifier: timeZone)) == nil else { return nil }
        return LocalizedText(
            zh: "没有时区\(timeZone.shortened())，请用 Asia/Shanghai 这样的名称",
            en: "there is no time zone \(timeZone.shortened()); use a name such as Asia/Shanghai")
    }
}
