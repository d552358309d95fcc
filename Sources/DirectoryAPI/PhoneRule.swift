package import DirectoryModel
internal import ServiceTypeKit

/// Which phone numbers may be kept.
package enum PhoneRule {
    /// A service number as it was given, or nil for none.
    ///
    /// - Parameter noun: whose number it is, for the message.
    /// - Throws: `invalid_record` for a mobile number: it may be a person's, and no consent is recorded.
    package static func service(_ phone: String?, of noun: String = "place") throws(DirectoryError) -> String?
    {
        guard let phone else { return nil }
        guard let masked = PersonalData.masked(phone) else { return phone }
        throw DirectoryError(
            .invalidRecord, "\(noun): “phone” \(masked) looks like a person's own number",
            advice: "give a service number; a personal one needs a recorded consent (PIPL art. 25)",
            location: "phone")
    }
}
