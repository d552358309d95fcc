// swift-tools-version: 6.2
// The SDK that service-type modules are written against: one shared library, so that the daemon, the tools
// and every module hold the same copy of each type. A package of its own for that reason: within one package
// SwiftPM links targets statically, and every module would carry its own copy (docs/modules.md).
import PackageDescription

let package = Package(
    name: "ServiceTypeKit",
    products: [
        .library(
            name: "ServiceTypeKit", type: .dynamic,
            targets: ["DirectoryModel", "ServiceTypeKit", "CQuarterABI"])
    ],
    targets: [
        .target(
            name: "DirectoryModel",
            swiftSettings: [.unsafeFlags(["-enable-library-evolution"])]),
        .target(
            name: "ServiceTypeKit", dependencies: ["DirectoryModel"],
            swiftSettings: [.unsafeFlags(["-enable-library-evolution"])]),
        .target(name: "CQuarterABI"),
    ],
    swiftLanguageModes: [.v6]
)
