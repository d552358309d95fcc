// swift-tools-version: 6.2
// Quarter (一刻圈). Which target may import which: docs/architecture.md, held by Tests/ArchitectureTests.
import PackageDescription

/// The service-type modules: a folder under Plugins/ each, built as lib<Name>Module.so, imported by nobody.
///
/// Not found by scanning the folder: SwiftPM's cache of this file would hide a new one.
let modules = ["Markets", "Canteens", "Libraries", "ElderCare", "Tutoring"]

/// Modules that only tests load: one with a bad manifest, one that traps, one that answers nonsense.
let fixtureModules = ["BadManifest", "Trapping", "Hostile"]

let kit: Target.Dependency = .product(name: "ServiceTypeKit", package: "ServiceTypeKit")
let testKit: Target.Dependency = .product(name: "ServiceTypeTestKit", package: "ServiceTypeTestKit")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let collections: Target.Dependency = .product(name: "HashTreeCollections", package: "swift-collections")
let queues: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTP1"].map {
    .product(name: $0, package: "swift-nio")
}

let systemLibraries: [Target] = [
    .systemLibrary(name: "CGEOS", providers: [.apt(["libgeos-dev"])]),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CArchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CExpat", providers: [.apt(["libexpat1-dev"])]),
    .systemLibrary(name: "CXLSXWriter", providers: [.apt(["libxlsxwriter-dev"])]),
    .systemLibrary(name: "CQREncode", providers: [.apt(["libqrencode-dev"])]),
    .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
    .target(
        name: "COsmium",
        linkerSettings: [
            .linkedLibrary("z"), .linkedLibrary("pthread"), .linkedLibrary("expat"), .linkedLibrary("bz2"),
        ]),
    .target(name: "CTOMLPlusPlus"),
]

let contracts: [Target] = [
    .target(name: "WalkNetwork", dependencies: [kit]),
    .target(name: "Datums", dependencies: [kit]),
    .target(name: "Digests", dependencies: [kit, "CCrypto"]),
    .target(name: "PageFiles", dependencies: [kit, "Digests"]),
    .target(name: "QRCodes", dependencies: [kit, "CQREncode"]),
    .target(name: "OpeningTimes", dependencies: [kit]),
    .target(name: "TextSearch"),
    .target(name: "RegisterMatching", dependencies: [kit, "TextSearch"]),
    .target(name: "AreaGeometry", dependencies: [kit, "CGEOS"]),
    .target(name: "OSMReader", dependencies: [kit, "COsmium"]),
    .target(name: "StreetMap", dependencies: [kit, "AreaGeometry", "Digests"]),
    .target(name: "DirectoryAPI", dependencies: [kit]),
    .target(name: "WebRequests", dependencies: [kit, "CCurl"]),
    .target(name: "TOMLDocument", dependencies: [kit, "CTOMLPlusPlus"]),
    .target(name: "TableFiles", dependencies: [kit, "CArchive", "CExpat", "CXLSXWriter"]),
    .target(name: "DaemonConfiguration", dependencies: [kit, "DirectoryAPI", "TOMLDocument"]),
]

let engine: [Target] = [
    .target(name: "DirectoryStore", dependencies: [kit, grdb, sqlite]),
    .target(name: "ModuleHost", dependencies: [kit, "TOMLDocument"]),
    .target(
        name: "DirectoryEngine",
        dependencies: [
            kit, "AreaGeometry", "DirectoryAPI", "DirectoryStore", "ModuleHost", "OpeningTimes",
            "RegisterMatching", "StreetMap", "TextSearch", "WalkNetwork", collections, queues,
        ]),
    .target(
        name: "Registers",
        dependencies: [
            kit, "AreaGeometry", "Datums", "Digests", "DirectoryAPI", "OSMReader", "RegisterMatching",
            "StreetMap", "TOMLDocument", "TableFiles", "WalkNetwork",
        ]),
    .target(name: "HSDS", dependencies: [kit, "Digests", "DirectoryAPI", "OpeningTimes"]),
    .target(
        name: "Exports",
        dependencies: [
            kit, "Datums", "DirectoryAPI", "HSDS", "OpeningTimes", "RegisterMatching", "TOMLDocument",
            "TableFiles",
        ]),
    .target(name: "DemoTown", dependencies: [kit]),
]

let shells: [Target] = [
    .target(name: "Systemd", dependencies: ["CSystemd", log]),
    .target(
        name: "DirectoryServer",
        dependencies: [kit, "DirectoryAPI", "HSDS", "PageFiles", "QRCodes", log, metrics, lifecycle] + nio,
        // The descriptions of the Varlink interfaces are served as they lie there.
        resources: [
            .embedInCode("Varlink/org.quarter.Directory.varlink"),
            .embedInCode("Varlink/org.varlink.service.varlink"),
        ]),
    .target(name: "DirectoryClient", dependencies: [kit, "DirectoryAPI"]),
    .target(name: "StaffDesk", dependencies: [kit, "DirectoryAPI", "PageFiles"] + nio),
    .target(name: "Bridges", dependencies: [kit, "Digests", "DirectoryAPI", "DirectoryClient"]),
    .target(
        name: "RemoteBridges",
        dependencies: [
            kit, "Bridges", "Digests", "DirectoryAPI", "DirectoryClient", "TOMLDocument", "TableFiles",
            "WebRequests", grdb,
        ]),
    .target(
        name: "Assembly",
        dependencies: [
            kit, "DaemonConfiguration", "Digests", "DirectoryAPI", "DirectoryEngine", "DirectoryStore",
            "ModuleHost", "OpeningTimes", "Registers", "StreetMap", "WalkNetwork",
        ]),
    .executableTarget(
        name: "quarterd",
        dependencies: [
            kit, "Assembly", "DaemonConfiguration", "DirectoryAPI", "DirectoryEngine", "DirectoryServer",
            "ModuleHost", "PageFiles", "Systemd",
            arguments, lifecycle, log, metrics,
        ]),
    .executableTarget(
        name: "quarter-bridge",
        dependencies: [
            kit, "Bridges", "DirectoryAPI", "DirectoryClient", "RemoteBridges", "Systemd", arguments,
        ]),
    .executableTarget(
        name: "quarterctl",
        dependencies: [
            kit, "Assembly", "Bridges", "DaemonConfiguration", "DemoTown", "DirectoryAPI", "DirectoryClient",
            "DirectoryEngine", "DirectoryStore", "Exports", "ModuleHost", "PageFiles", "StaffDesk", "Systemd",
            "TableFiles", arguments,
        ]),
]

let plugins: [Target] =
    modules.map { .target(name: $0, dependencies: [kit], path: "Plugins/\($0)/Sources") }
    + fixtureModules.map { .target(name: $0 + "Fixture", dependencies: [kit], path: "Tests/Fixtures/\($0)") }

/// What `make bench` runs.
///
/// In this package because what it measures is seen inside it only; it has no dependency of its own, so none
/// can reach the daemon.
let benchmarks: [Target] = [
    .executableTarget(
        name: "quarter-bench",
        dependencies: [
            kit, "Assembly", "DirectoryAPI", "DirectoryEngine", "ModuleHost", "OSMReader", "OpeningTimes",
            "Registers", "TableFiles", "TextSearch", "WalkNetwork",
        ],
        path: "Benchmarks/Sources")
]

let fixtures: [Target] = [
    .target(name: "TestSockets", path: "Tests/TestSockets"),
    .executableTarget(
        name: "ModuleCrasher", dependencies: [kit, "ModuleHost"], path: "Tests/Fixtures/ModuleCrasher"),
    .executableTarget(
        name: "StoreWriter", dependencies: [kit, "DirectoryStore"], path: "Tests/Fixtures/StoreWriter"),
    // A program's own malloc counts for all of its libraries.
    .target(name: "CountedAllocations", path: "Tests/Fixtures/CountedAllocations"),
    .executableTarget(
        name: "AllocationCounter",
        dependencies: [
            kit, "CountedAllocations", "DirectoryAPI", "DirectoryEngine", "ModuleHost", "WalkNetwork",
        ], path: "Tests/Fixtures/AllocationCounter", exclude: ["allocations.txt"]),
    // What runs inside a booted Debian without a toolchain is C.
    .executableTarget(name: "SteadyClient", path: "Tests/Fixtures/SteadyClient"),
    .executableTarget(name: "SandboxProbe", path: "Tests/Fixtures/SandboxProbe"),
    .target(name: "HangingCalls", path: "Tests/Fixtures/HangingCalls"),
]

let tests: [Target] =
    modules.map {
        .testTarget(name: $0 + "Tests", dependencies: [kit, testKit], path: "Plugins/\($0)/Tests")
    } + [
        .testTarget(name: "ArchitectureTests", dependencies: [kit, "DirectoryAPI"]),
        .testTarget(
            name: "AssemblyTests",
            dependencies: [
                kit, "Assembly", "DaemonConfiguration", "DirectoryAPI", "DirectoryEngine", "DirectoryStore",
                "StreetMap",
            ]),
        .testTarget(
            name: "BridgesTests",
            dependencies: [
                kit, "Bridges", "DirectoryAPI", "DirectoryClient", "Digests", "RemoteBridges", "TestSockets",
                "WebRequests", "quarter-bridge", "quarterctl", "quarterd", grdb,
            ] + nio),
        .testTarget(
            name: "ConfigurationTests",
            dependencies: [kit, "DaemonConfiguration", "DirectoryAPI", "TOMLDocument"]),
        .testTarget(name: "DatumsTests", dependencies: [kit, "Datums"], exclude: ["oracle.py"]),
        .testTarget(name: "DirectoryAPITests", dependencies: [kit, "DirectoryAPI"]),
        .testTarget(
            name: "DirectoryEngineTests",
            dependencies: [
                kit, "Datums", "DirectoryAPI", "DirectoryEngine", "DirectoryStore", "ModuleHost",
                "OpeningTimes",
                "Registers", "StreetMap", "TableFiles", "WalkNetwork", grdb,
            ]),
        .testTarget(
            name: "ExportsTests",
            dependencies: [
                kit, "DemoTown", "Digests", "DirectoryAPI", "DirectoryEngine", "Exports", "HSDS",
                "ModuleHost",
                "Registers", "TableFiles",
            ]),
        .testTarget(
            name: "DirectoryServerTests",
            dependencies: [
                kit, "DirectoryAPI", "DirectoryServer", "PageFiles", "QRCodes", "Systemd", "TestSockets", log,
                metrics,
            ]),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [kit, "DemoTown", "DirectoryAPI", "TestSockets", "quarterctl", "quarterd"],
            exclude: ["calc.py", "varlink_client.py"]),
        .testTarget(
            name: "DirectoryStoreTests", dependencies: [kit, "DirectoryStore", "StoreWriter", grdb],
            exclude: ["Fixtures"]),
        .testTarget(name: "ModuleHostTests", dependencies: [kit, testKit, "ModuleHost", "ModuleCrasher"]),
        .testTarget(name: "OpeningTimesTests", dependencies: [kit, "OpeningTimes"], exclude: ["oracle.py"]),
        .testTarget(name: "OSMReaderTests", dependencies: [kit, "AreaGeometry", "OSMReader"]),
        .testTarget(
            name: "QuarterctlTests", dependencies: [kit, "DirectoryAPI", "DirectoryClient", "quarterctl"]),
        .testTarget(
            name: "RegisterMatchingTests", dependencies: [kit, "OSMReader", "RegisterMatching"]),
        .testTarget(
            name: "RegistersTests",
            dependencies: [
                kit, "AreaGeometry", "DemoTown", "DirectoryAPI", "ModuleHost", "OSMReader", "Registers",
                "StreetMap", "WalkNetwork",
            ]),
        .testTarget(
            name: "StaffDeskTests",
            dependencies: [kit, "DirectoryAPI", "PageFiles", "StaffDesk", "TestSockets"] + nio),
        .testTarget(
            name: "SystemdTests",
            dependencies: ["TestSockets", "SteadyClient", "SandboxProbe", "quarterctl"],
            exclude: ["Scenarios", "Tools"]),
        .testTarget(name: "StreetMapTests", dependencies: [kit, "AreaGeometry", "StreetMap"]),
        .testTarget(name: "TableFilesTests", dependencies: [kit, "TableFiles"], exclude: ["oracle.py"]),
        .testTarget(name: "TextSearchTests", dependencies: ["TextSearch"]),
        .testTarget(
            name: "WalkNetworkTests", dependencies: [kit, "OSMReader", "WalkNetwork"], exclude: ["Fixtures"]),
    ]

let package = Package(
    name: "quarter",
    products: modules.map { .library(name: $0 + "Module", type: .dynamic, targets: [$0]) }
        + fixtureModules.map { .library(name: $0 + "Fixture", type: .dynamic, targets: [$0 + "Fixture"]) }
        // Loaded before the daemon's libraries; linked by nobody.
        + [.library(name: "HangingCalls", type: .dynamic, targets: ["HangingCalls"])],
    dependencies: [
        .package(path: "Plugins/ServiceTypeKit"),
        .package(path: "Plugins/ServiceTypeTestKit"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: systemLibraries + contracts + engine + shells + plugins + benchmarks + fixtures + tests,
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
