/// The version of Quarter, of which daemon, command line and bridges of one package are.
package enum ProductVersion {
    /// As the package and `CHANGELOG.md` have it: three numbers.
    package static let current = "0.1.0"
}
