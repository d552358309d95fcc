/// The codes of the findings that the kit itself gives; a module may add its own.
///
/// Since: 1.0
public enum FindingCode {
    /// The words cannot be read as a value of the attribute.
    ///
    /// Since: 1.0
    public static let unreadable = "value_unreadable"
    /// The number is below or above the attribute's range, or not finite.
    ///
    /// Since: 1.0
    public static let outOfRange = "value_out_of_range"
    /// The number has a fraction where a whole one is needed.
    ///
    /// Since: 1.0
    public static let notWhole = "value_not_whole"
    /// The text is over its limit.
    ///
    /// Since: 1.0
    public static let tooLong = "value_too_long"
    /// The word is not one of the attribute's options.
    ///
    /// Since: 1.0
    public static let unknownOption = "option_unknown"
    /// A typed value is of another kind than the attribute.
    ///
    /// Since: 1.0
    public static let wrongKind = "value_wrong_kind"
    /// "Partly" was read as yes.
    ///
    /// Since: 1.0
    public static let partly = "value_partly"
    /// A typed attribute is not in the schema.
    ///
    /// Since: 1.0
    public static let unknownAttribute = "attribute_unknown"
    /// A required attribute is not given.
    ///
    /// Since: 1.0
    public static let missing = "attribute_missing"
    /// A mobile number or an ID number stands in free text.
    ///
    /// Since: 1.0
    public static let personalData = "personal_data"
    /// A table has more rows than it may have; those beyond are left out.
    ///
    /// Since: 2.0
    public static let tooManyRows = "rows_too_many"
    /// A row of a register has more cells than the table has columns.
    ///
    /// Since: 2.0
    public static let rowTooWide = "row_too_wide"
    /// Opening times cannot be read: the state is unknown; the daemon says it, a module need not.
    ///
    /// Since: 2.0
    public static let hoursUnreadable = "hours_unreadable"
    /// Control or direction characters were taken out of a text.
    ///
    /// Since: 1.0
    public static let controlCharacters = "control_characters"
}

extension Finding {
    /// A source's word fit to be shown in a finding: cleaned, personal numbers masked, cut to 60 characters.
    ///
    /// Since: 1.0
    public static func excerpt(of text: String) -> String { text.excerpt }
}
