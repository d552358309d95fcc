/// What can be found about one object of an HSDS file, besides what is found about every place.
///
/// Stable; each is explained in docs/registers.md.
package enum HSDSFindingCode: String, CaseIterable, Sendable {
    /// An attribute whose value its type does not take.
    case attributeUnreadable = "attribute_unreadable"
    /// A credit code that fails its checks.
    case creditCodeInvalid = "credit_code_invalid"
    /// An object without an id.
    case idMissing = "id_missing"
    /// An id that an earlier object of the list has.
    case idRepeated = "id_repeated"
    /// No name.
    case nameMissing = "name_missing"
    /// Not an object, or no JSON.
    case objectUnreadable = "object_unreadable"
    /// No telephone number.
    case phoneInvalid = "phone_invalid"
    /// A person's own number.
    case phonePersonal = "phone_personal"
    /// It names an object that the file does not have.
    case referenceUnknown = "reference_unknown"
    /// Opening times that are no week that comes again and again.
    case scheduleUnreadable = "schedule_unreadable"
    /// A service that is not offered any more.
    case serviceClosed = "service_closed"
    /// A service that is closed for a while, nobody says until when.
    case serviceSuspended = "service_suspended"
    /// A service area that is no community of the directory.
    case serviceAreaUnknown = "service_area_unknown"
    /// It does not say of which service type it is.
    case typeMissing = "type_missing"
    /// Its words name no service type.
    case typeUnknown = "type_unknown"
}
