import DirectoryModel
import ServiceTypeKit
import ServiceTypeTestKit
import Testing

@Suite("__NAME__")
struct __NAME__Tests {
    private let module: any ServiceTypeModule
    private let type: ServiceTypeDescription

    init() throws {
        module = try BuiltModule.load("__NAME__")
        type = try #require(module.manifest.types.first)
    }

    private func normalised(_ name: String, _ raw: [String: String] = [:]) -> NormalisedPlace {
        module.normalise(
            PlaceDraft(place: Place(id: PlaceID(unchecked: "1"), type: type.id, name: name), raw: raw))
    }

    @Test("a row of a street office's register")
    func register() {
        let result = normalised("一处网点", ["示例": "是"])
        #expect(result.findings == [])
        #expect(result.place.attributes == ["example": .bool(true)])
    }
}
