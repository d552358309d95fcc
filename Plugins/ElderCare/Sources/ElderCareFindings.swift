import DirectoryModel
import ServiceTypeKit

/// What is wrong or doubtful in a record beyond single values.
enum ElderCareFindings {
    static func all(_ raw: [String: String], _ place: Place) -> [Finding] {
        var findings: [Finding] = []
        if let finding = whom(raw, name: place.name) { findings.append(finding) }
        if place.text("kind") == "nursing_home", place.whole("beds") == 0 {
            findings.append(nursingHomeWithoutBeds)
        }
        if let finding = moreFree("beds_free", than: "beds", place, freeBeds) {
            findings.append(finding)
        }
        if let finding = moreFree("day_places_free", than: "day_places", place, freeDayPlaces) {
            findings.append(finding)
        }
        // The record's own area decides who is served; the words of a register are the next best.
        if !place.options("home_services").isEmpty, place.serviceArea.isEmpty,
            place.text("service_area") == nil
        {
            findings.append(serviceAreaMissing)
        }
        return findings + ages(place)
    }

    /// What OpenStreetMap says about whom a social facility is for.
    ///
    /// Day care may be for children.
    private static func whom(_ raw: [String: String], name: String) -> Finding? {
        guard raw["social_facility"] != nil else { return nil }
        guard let whom = raw["social_facility:for"] else {
            return name.contains(anyOf: ElderCareNames.elders) ? nil : forWhomUnstated
        }
        let groups = whom.split { $0 == ";" || $0 == "," || $0.isWhitespace }
        if groups.contains(where: { ["senior", "seniors", "elderly", "all"].contains($0) }) {
            return nil
        }
        return Finding(
            .error, code: "not_for_elders", field: nil, value: Finding.excerpt(of: whom),
            message: LocalizedText(
                zh: "来源写明服务的不是老年人，不按养老服务登记；请改为合适的业态",
                en: "The source says that it is not for elders; register it as another type"))
    }

    /// More free than there are at all.
    private static func moreFree(
        _ free: String, than all: String, _ place: Place,
        _ words: (code: String, message: LocalizedText)
    ) -> Finding? {
        guard let count = place.whole(free), let total = place.whole(all), count > total else {
            return nil
        }
        return Finding(
            .warning, code: words.code, field: free, value: "\(count) > \(total)", message: words.message)
    }

    /// Services for people whom the place itself does not serve, told once, by the first row.
    private static func ages(_ place: Place) -> [Finding] {
        guard let age = place.whole("minimum_age") else { return [] }
        for (number, row) in place.rows("offers").enumerated() {
            guard let own = row.whole("minimum_age"), own < age else { continue }
            return [
                Finding(
                    .warning, code: "minimum_age_contradicted", field: "offers[\(number + 1)].minimum_age",
                    value: "\(own) < \(age)",
                    message: LocalizedText(
                        zh: "这项服务从\(own)岁起，但机构写的是\(age)岁起，请核对两处年龄",
                        en:
                            "This service is for people from \(own) years, but the place from \(age); check both"
                    ))
            ]
        }
        return []
    }

    private static let forWhomUnstated = Finding(
        .warning, code: "for_whom_unstated", field: nil, value: nil,
        message: LocalizedText(
            zh: "没有写明服务哪类人（social_facility:for），请确认是养老服务",
            en: "The source does not say for whom (social_facility:for); confirm that it serves elders"))

    private static let nursingHomeWithoutBeds = Finding(
        .warning, code: "nursing_home_without_beds", field: "beds", value: "0",
        message: LocalizedText(
            zh: "养老院的床位数是0，请核对床位数或机构类型", en: "A nursing home has 0 beds; check the beds or the kind"))

    private static let serviceAreaMissing = Finding(
        .note, code: "service_area_missing", field: "service_area",
        message: LocalizedText(
            zh: "有上门服务，但没有写上门服务范围，请补填",
            en: "There are services at home, but not where; add the area served"))

    private static let freeBeds = (
        code: "free_beds_exceed_beds",
        message: LocalizedText(
            zh: "空余床位多于床位数，请核对两个数", en: "More beds are free than there are; check both numbers")
    )

    private static let freeDayPlaces = (
        code: "free_day_places_exceed_day_places",
        message: LocalizedText(
            zh: "空余日托位多于日托位，请核对两个数",
            en: "More day places are free than there are; check both numbers")
    )
}
