// swift-tools-version: 6.2
// __NAME__: a service-type module of Quarter in a package of its own, which depends on Quarter's SDK alone.
import PackageDescription

/// The folder with the packages ServiceTypeKit and ServiceTypeTestKit: on a machine with Quarter's package it is
/// /usr/share/quarter/sdk.
let sdk = "__SDK__"

let kit: Target.Dependency = .product(name: "ServiceTypeKit", package: "ServiceTypeKit")
let testKit: Target.Dependency = .product(name: "ServiceTypeTestKit", package: "ServiceTypeTestKit")

let package = Package(
    name: "__NAME__",
    products: [.library(name: "__NAME__Module", type: .dynamic, targets: ["__NAME__"])],
    dependencies: [
        .package(path: sdk + "/ServiceTypeKit"),
        .package(path: sdk + "/ServiceTypeTestKit"),
    ],
    targets: [
        .target(
            name: "__NAME__", dependencies: [kit], path: "Sources",
            // Where an installed daemon has Swift's runtime and the kit.
            linkerSettings: [.unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", "/usr/lib/quarter"])]),
        .testTarget(name: "__NAME__Tests", dependencies: [kit, testKit], path: "Tests"),
    ],
    swiftLanguageModes: [.v6]
)
