/// Carries a module through the C symbol `quarter_module_make`.
///
/// A module's file ends with:
///
///     @_cdecl("quarter_module_abi")
///     public func quarterModuleABI() -> UnsafePointer<CChar> { quarter_abi_stamp() }
///
///     @_cdecl("quarter_module_make")
///     public func quarterModuleMake() -> UnsafeMutableRawPointer { ModuleBox.retained(LaundryModule()) }
///
/// Since: 1.0
public final class ModuleBox: Sendable {
    /// The module.
    ///
    /// Since: 1.0
    public let module: any ServiceTypeModule

    /// Wraps a module.
    ///
    /// Since: 1.0
    public init(_ module: any ServiceTypeModule) { self.module = module }

    /// A pointer that owns one reference to a box of `module`; the daemon takes it over.
    ///
    /// Since: 1.0
    public static func retained(_ module: any ServiceTypeModule) -> UnsafeMutableRawPointer {
        Unmanaged.passRetained(ModuleBox(module)).toOpaque()
    }
}
