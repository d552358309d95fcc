// swift-tools-version: 6.2
// Quarter (一刻圈). Which target may import which: docs/architecture.md, held by Tests/ArchitectureTests.
import PackageDescription

/// The service-type modules: a folder under Plugins/ each, built as lib<Name>Module.so, imported by nobody.
/// Not found by scanning the folder: SwiftPM's cache of this file would hide a new one.
let modules = ["Markets", "Canteens", "Libraries", "ElderCare", "Tutoring"]

/// Modules that only tests load: broken, hostile and trapping ones.
let fixtureModules = [String]()

let kit: Target.Dependency = .product(name: "ServiceTypeKit", package: "ServiceTypeKit")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let systemLibraries: [Target] = [
    .systemLibrary(name: "CGEOS", providers: [.apt(["libgeos-dev"])]),
    .target(
        name: "COsmium",
        linkerSettings: [.linkedLibrary("z"), .linkedLibrary("pthread"), .linkedLibrary("expat"), .linkedLibrary("bz2")]),
    .target(name: "CTOMLPlusPlus"),
]

let contracts: [Target] = [
    .target(name: "WalkNetwork", dependencies: [kit]),
    .target(name: "AreaGeometry", dependencies: [kit, "CGEOS"]),
    .target(name: "DirectoryAPI", dependencies: [kit]),
    .target(name: "TOMLDocument", dependencies: [kit, "CTOMLPlusPlus"]),
    .target(name: "DaemonConfiguration", dependencies: [kit, "TOMLDocument"], path: "Sources/Configuration"),
]

let engine: [Target] = [
    .target(name: "DirectoryStore", dependencies: [kit, grdb]),
    .target(name: "ModuleHost", dependencies: [kit, "TOMLDocument"]),
    .target(
        name: "DirectoryEngine",
        dependencies: [kit, "AreaGeometry", "DirectoryAPI", "DirectoryStore", "ModuleHost", "WalkNetwork"]),
]

let tests: [Target] = [
    .testTarget(name: "DirectoryAPITests", dependencies: ["DirectoryAPI", kit]),
    .testTarget(
        name: "DirectoryEngineTests",
        dependencies: ["DirectoryAPI", "DirectoryEngine", "ModuleHost", "WalkNetwork", kit]),
]

let package = Package(
    name: "quarter",
    products: [],
    dependencies: [
        .package(path: "Plugins/ServiceTypeKit"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: systemLibraries + contracts + engine + tests,
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
