/// A text in Chinese and English, for a person.
///
/// Since: 1.0
public struct LocalizedText: Hashable, Sendable {
    /// Chinese, simplified.
    ///
    /// Since: 1.0
    public var zh: String
    /// English.
    ///
    /// Since: 1.0
    public var en: String

    /// The same thing said in two languages.
    ///
    /// Since: 1.0
    public init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    /// The text in `language`.
    ///
    /// Since: 1.0
    public func text(in language: Language) -> String { language == .zh ? zh : en }
}

/// A language that answers are given in.
///
/// Since: 1.0
@frozen public enum Language: String, Hashable, Sendable, CaseIterable {
    /// Chinese, simplified.
    ///
    /// Since: 1.0
    case zh
    /// English.
    ///
    /// Since: 1.0
    case en
}
