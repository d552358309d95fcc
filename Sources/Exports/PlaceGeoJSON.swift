internal import DirectoryAPI
internal import DirectoryModel
internal import ServiceTypeKit

extension DirectoryExtract {
    /// The places as a GeoJSON FeatureCollection (RFC 7946), WGS-84, longitude first, with whom to credit in it.
    ///
    /// A place without a point has a null geometry.
    package func geoJSON() -> [UInt8] {
        let typeNames = Dictionary(types.map { ($0.id, $0.name.zh) }) { first, _ in first }
        let communityNames = Dictionary(communities.map { ($0.id, $0.name) }) { first, _ in first }
        var json = JSONWriter(capacity: 1 << 16)
        json.beginObject()
        json.key("type")
        json.string("FeatureCollection")
        json.key("revision")
        json.whole(revision.number)
        json.attribution(attributions)
        json.key("features")
        json.beginArray()
        for place in places {
            json.beginObject()
            json.key("type")
            json.string("Feature")
            json.key("id")
            json.string(place.id.rawValue)
            json.key("geometry")
            if let location = place.location {
                json.beginObject()
                json.key("type")
                json.string("Point")
                json.key("coordinates")
                json.position(location)
                json.endObject()
            } else {
                json.null()
            }
            json.key("properties")
            json.beginObject()
            for (key, text) in [
                // Once more: programs for maps keep properties, and few of them ids.
                ("quarter_id", place.id.rawValue), ("name", place.name), ("name_en", place.nameEnglish),
                ("type", place.type.rawValue),
                ("type_name", typeNames[place.type]), ("community", place.community?.rawValue),
                ("community_name", place.community.flatMap { communityNames[$0] }),
                ("address", place.address), ("hours", place.hours), ("phone", place.phone),
                ("organisation", place.organisation?.rawValue), ("within", place.within?.rawValue),
                ("room", place.room),
            ] as [(String, String?)] {
                json.key(key)
                json.string(text)
            }
            json.key("attributes")
            json.values(place.attributes)
            json.endObject()
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes()
    }
}
