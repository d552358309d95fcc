// swift-tools-version: 6.2
// The conformance suite for service-type modules, for tests only. A package of its own: inside the kit's package it
// would be linked with a second, static copy of the kit (docs/modules.md).
import PackageDescription

let kit: Target.Dependency = .product(name: "ServiceTypeKit", package: "ServiceTypeKit")

let package = Package(
    name: "ServiceTypeTestKit",
    products: [.library(name: "ServiceTypeTestKit", targets: ["ServiceTypeTestKit"])],
    dependencies: [.package(path: "../ServiceTypeKit")],
    targets: [
        .target(name: "ServiceTypeTestKit", dependencies: [kit]),
        .testTarget(name: "ServiceTypeTestKitTests", dependencies: ["ServiceTypeTestKit", kit]),
    ],
    swiftLanguageModes: [.v6]
)
