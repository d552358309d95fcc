internal import DirectoryModel
internal import Foundation

extension ConfigurationKey {
    /// Every key but the profiles' own, in the order of the shipped file.
    package static let all: [ConfigurationKey] =
        walking + calendar + modules + requests + registers + kiosk + pages + others

    private static let walking: [ConfigurationKey] = [
        .id(
            "walking", "default_profile", \.walking.defaultProfile,
            Words(
                meaning: "The walking profile of a request that names none.",
                allowed: "one of the profiles below",
                source: "GB 50180-2018 counts with an adult's pace")),
        .whole(
            "walking", "default_minutes", \.walking.defaultMinutes, in: 1...60,
            Words(
                meaning: "The walking time of a request that names none, in minutes.",
                source: "商流通函〔2021〕176号: 步行15分钟左右")),
    ]

    private static let calendar: [ConfigurationKey] = [
        .text(
            "calendar", "time_zone", \.calendar.timeZone,
            Words(
                meaning: "The time zone in which opening times are meant.",
                allowed: "an IANA name", source: "one zone holds in all of China"),
            check: {
                TimeZone(identifier: $0) == nil
                    ? "'calendar.time_zone' is \($0.shortened()), which is no time zone of this machine" : nil
            }),
        .texts(
            "calendar", "directories", \.calendar.directories,
            Words(
                meaning:
                    "Folders in which every `*.json` is a calendar: days off and make-up workdays of a year, or "
                    + "school holidays, with their source. A relative path starts at the folder of this file.",
                source: "the package's layout"),
            check: folder("calendar.directories")),
    ]

    private static let modules: [ConfigurationKey] = [
        .texts(
            "modules", "directories", \.modules.directories,
            Words(
                meaning:
                    "Folders in which every `lib*Module.so` is opened at start, in this order. A relative "
                    + "path starts at the folder of this file.",
                source: "the package's layout"),
            check: folder("modules.directories")),
        .texts(
            "modules", "type_directories", \.modules.typeDirectories,
            Words(
                meaning:
                    "Folders in which every `*.toml` declares one service type, in this order. A relative "
                    + "path starts at the folder of this file.",
                source: "the package's layout"),
            check: folder("modules.type_directories")),
        .texts(
            "modules", "disabled", \.modules.disabled,
            Words(
                meaning:
                    "Ids of modules (`tutoring`) and of declared types (`car_wash`) that are not loaded.",
                source: "all that is shipped is offered"),
            check: {
                ModuleID(rawValue: $0) == nil
                    ? "'modules.disabled' holds \($0.shortened()), which cannot be an id" : nil
            }),
    ]

    private static let requests: [ConfigurationKey] = [
        .size(
            "requests", "head_limit", \.requests.headLimit, in: 1 << 10...1 << 20,
            Words(
                meaning: "The longest request line and headers together, and the longest call of Varlink.",
                source: "chosen, not measured: twice what common web servers take (8 KiB)")),
        .size(
            "requests", "body_limit", \.requests.bodyLimit, in: 1 << 10...1 << 30,
            Words(
                meaning: "The longest body of a request, registers excepted.",
                source: "chosen, not measured: a community with its boundary has some 100 KiB")),
        .size(
            "requests", "register_limit", \.requests.registerLimit, in: 1 << 20...1 << 40,
            Words(
                meaning:
                    "The longest register (台账) that can be sent; it is written to the spool as it arrives.",
                source: "chosen, not measured: an OpenStreetMap extract of a large province")),
        .duration(
            "requests", "request_time", \.requests.requestTime, in: 1...600,
            Words(
                meaning: "Within what time a request must have arrived, registers excepted.",
                source: "chosen, not measured: on one machine it is there at once")),
        .duration(
            "requests", "idle_time", \.requests.idleTime, in: 1...86400,
            Words(
                meaning: "After what time without a request a connection is closed.",
                source: "chosen, not measured: a kiosk asks more often while it is in use")),
        .whole(
            "requests", "connections_per_user", \.requests.connectionsPerUser, in: 1...65536,
            Words(
                meaning:
                    "Connections open at once for one user of the machine; all that come through the kiosk's "
                    + "loopback socket count as one user.",
                source: "chosen, not measured: a gateway that waits through a restart of some seconds")),
        .whole(
            "requests", "followers", \.requests.followers, in: 1...65536,
            Words(
                meaning:
                    "Followers of the change feed at once, on all sockets; each is a connection as well.",
                source: "chosen, not measured: a daemon of one street, and machines that need to know")),
        .whole(
            "requests", "followers_per_user", \.requests.followersPerUser, in: 1...65536,
            Words(
                meaning:
                    "Followers of the change feed at once for one user of the machine; all that come through the "
                    + "kiosk's loopback socket count as one user.",
                source: "chosen, not measured: a gateway that follows for each of its clients")),
        .whole(
            "requests", "follower_lag", \.requests.followerLag, in: 1...1_000_000,
            Words(
                meaning:
                    "Commits while a follower of the change feed takes nothing, after which it is told to read anew.",
                source: "chosen, not measured: a busy hour of clerks")),
    ]

    private static let registers: [ConfigurationKey] = [
        .choice(
            "registers", "offset_datums", \.registers.offsetDatums,
            Words(
                meaning:
                    "What becomes of points that a register gives in GCJ-02 or BD-09: `keep` keeps them as given, and "
                    + "no walk leads there; `turn` computes WGS-84 from them. Ask whether the law where you are "
                    + "allows that.",
                source: "off unless somebody decides: China's rules on such points (测绘法, GB 20263-2006)")),
        .choice(
            "registers", "duplicates", \.registers.duplicates,
            Words(
                meaning:
                    "What becomes of a new row that in all likelihood tells of a place of another source: `hold` keeps "
                    + "it aside until somebody decides (`quarterctl duplicates`), `take` stores it as a place of its own.",
                source: "nothing is joined in silence, and no place is shown twice")),
    ]

    private static let kiosk: [ConfigurationKey] = [
        .texts(
            "kiosk", "allowed_hosts", \.kiosk.allowedHosts,
            Words(
                meaning:
                    "Host names, without port, under which a browser may reach the loopback socket; requests "
                    + "with another Host or Origin are refused, so that no foreign page can ask through the "
                    + "kiosk's browser.",
                source: "the names of the loopback address"),
            mayBeEmpty: false,
            check: {
                $0.utf8.contains { $0 <= 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: "/") }
                    ? "'kiosk.allowed_hosts' holds \($0.shortened()), which is no host name" : nil
            }),
        .id(
            "kiosk", "origin", \.kiosk.origin,
            Words(
                meaning:
                    "The origin (起点) at which a kiosk stands whose page names none; without it the page asks. Several "
                    + "kiosks on one daemon name theirs in the address: `/kiosk/?origin=ID`.",
                source: "where a kiosk stands is known to whoever puts it up")),
        .id(
            "kiosk", "profile", \.kiosk.profile,
            Words(
                meaning: "The walking profile that a kiosk begins with, and returns to.",
                allowed: "one of the profiles below; `walking.default_profile` where it is unset",
                source: "a lobby's kiosk is mostly asked by old people, an office's is not")),
        .duration(
            "kiosk", "idle_time", \.kiosk.idleTime, in: 10...3600,
            Words(
                meaning: "After what time without a touch a kiosk warns that it will begin anew.",
                source: "chosen, not measured: a page of opening times is read in less")),
        .duration(
            "kiosk", "warning_time", \.kiosk.warningTime, in: 5...600,
            Words(
                meaning: "How long that warning stands before nothing of the last person is left.",
                source: "WCAG 2.2, 2.2.1: at least 20 seconds to go on with one touch")),
    ]

    private static let pages: [ConfigurationKey] = [
        .text(
            "pages", "folder", \.pages.folder,
            Words(
                meaning:
                    "The folder of Quarter's own pages. A relative path starts at the folder of this file.",
                source: "the package's layout"),
            check: folder("pages.folder")),
        .text(
            "pages", "leaflet", \.pages.leaflet,
            Words(
                meaning:
                    "The folder of Leaflet, which draws their maps. A relative path starts at the folder of this file.",
                source: "Debian's package libjs-leaflet"),
            check: folder("pages.leaflet")),
        .texts(
            "pages", "framers", \.pages.framers,
            Words(
                meaning:
                    "Sites, such as `https://www.example.org`, that may show the pages under `/embed/` in a frame.",
                source: "none unless somebody decides"),
            check: { site in
                let host = ["https://", "http://"].first(where: site.hasPrefix).map {
                    site.dropFirst($0.count)
                }
                let isSite =
                    host.map { host in
                        !host.isEmpty
                            && host.utf8.allSatisfy {
                                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0)
                                    || (0x41...0x5A).contains($0) || ".-:[]*".utf8.contains($0)
                            }
                    } ?? false
                return isSite
                    ? nil
                    : "'pages.framers' holds \(site.shortened()), which is no site such as https://www.example.org"
            }),
    ]

    private static let others: [ConfigurationKey] = [
        .text(
            "admin", "group", \.admin.group,
            Words(
                meaning:
                    "The group of the machine whose members, besides root and the daemon's own user, may "
                    + "write through the admin socket.",
                source: "made by the package", needsRestart: true),
            check: {
                let body = $0.utf8.allSatisfy {
                    UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                        || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                }
                // useradd(8): a letter or underscore first, at most 32 characters.
                return body && $0.utf8.count <= 32 && $0.first?.isNumber == false && $0.first != "-"
                    ? nil : "'admin.group' is \($0.shortened()), which cannot be the name of a group"
            }),
        .text(
            "spool", "folder", \.spool.folder,
            Words(
                meaning: "The folder for registers while they are being received; it needs as much room as "
                    + "`requests.register_limit`. A relative path starts at the folder of this file.",
                source: "file-hierarchy(7)", needsRestart: true),
            check: folder("spool.folder")),
        .choice(
            "log", "level", \.log.level,
            Words(
                meaning: "The least severe messages that are written to the journal.",
                source: "what an administrator wants to know")),
    ]

    private static func folder(_ key: String) -> @Sendable (String) -> String? {
        { $0.utf8.contains(0) ? "'\(key)' holds a path with a NUL byte" : nil }
    }
}
