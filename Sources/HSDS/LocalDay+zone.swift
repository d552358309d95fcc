internal import DirectoryAPI
package import DirectoryModel
package import OpeningTimes

extension LocalDay {
    /// The day of a moment by a zone's clock; nil before 1900 and after 2999.
    package init?(of moment: Timestamp, in zone: OpeningZone) {
        let local = Timestamp(
            secondsSince1970: moment.secondsSince1970 + Int64(zone.offset(at: moment)))
        self.init(String(local.rfc3339.prefix(10)))
    }
}
