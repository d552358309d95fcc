/// What can be found about one row of a table, besides what its module and its coordinates say.
///
/// Stable; each is explained in docs/registers.md.
package enum RowFindingCode: String, CaseIterable, Sendable {
    /// A typed attribute of a feature that its type does not take.
    case attributeUnreadable = "attribute_unreadable"
    /// A formula has failed.
    case cellFailed = "cell_failed"
    /// There is no such community.
    case communityUnknown = "community_unknown"
    /// A credit code that fails its checks.
    case creditCodeInvalid = "credit_code_invalid"
    /// A point without a datum.
    case datumMissing = "datum_missing"
    /// A point in an offset datum that the configuration does not let be turned.
    case datumNotTurned = "datum_not_turned"
    /// A word that is no datum.
    case datumUnknown = "datum_unknown"
    /// A point that cannot be turned into WGS-84.
    case datumUnturned = "datum_unturned"
    /// A spreadsheet has made a number of a code.
    case digitsLost = "digits_lost"
    /// An element of a collection that is no feature.
    case featureUnreadable = "feature_unreadable"
    /// A geometry without a point that can be used.
    case geometryUnreadable = "geometry_unreadable"
    /// There is no place of this id.
    case idUnknown = "id_unknown"
    /// No name.
    case nameMissing = "name_missing"
    /// A name of an organisation that cannot be one.
    case organisationUnusable = "organisation_unusable"
    /// No telephone number.
    case phoneInvalid = "phone_invalid"
    /// A person's own number.
    case phonePersonal = "phone_personal"
    /// Its point follows from its address.
    case placedByAddress = "placed_by_address"
    /// A property that a feature has twice.
    case propertyRepeated = "property_repeated"
    /// The key of an earlier row.
    case rowRepeated = "row_repeated"
    /// No service type.
    case typeMissing = "type_missing"
    /// There is no such service type.
    case typeUnknown = "type_unknown"
    /// No point, and none follows from the address.
    case unplaced
}

/// What can be found about a table as a whole.
package enum TableFindingCode: String, CaseIterable, Sendable {
    /// The boundaries of communities speak against the datum that was stated.
    case datumSuspect = "datum_suspect"
}
