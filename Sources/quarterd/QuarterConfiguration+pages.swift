import DaemonConfiguration
import DirectoryAPI
import PageFiles

extension QuarterConfiguration {
    /// The pages that a daemon serves: kiosk, frames for other sites, and what both need.
    var shelf: PageShelf {
        var shelf = PageShelf(
            [
                "kiosk": pages.folder + "/kiosk", "embed": pages.folder + "/embed",
                "common": pages.folder + "/common", "leaflet": pages.leaflet,
            ], framers: ["embed": pages.framers])
        shelf.put(kioskSettings, type: "application/json; charset=utf-8", at: "/kiosk/settings.json")
        shelf.lead("/", to: "/kiosk/")
        return shelf
    }

    /// What a kiosk's page needs to know of this file.
    private var kioskSettings: [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.key("origin")
        json.string(kiosk.origin?.rawValue)
        json.key("profile")
        json.string((kiosk.profile ?? walking.defaultProfile).rawValue)
        json.key("time_zone")
        json.string(calendar.timeZone)
        json.key("idle_seconds")
        json.decimal(kiosk.idleTime.value)
        json.key("warning_seconds")
        json.decimal(kiosk.warningTime.value)
        json.endObject()
        return json.withBytes { Array($0) }
    }
}
