/// A text in Chinese and English, for a person.
public struct LocalizedText: Hashable, Sendable {
    /// Chinese, simplified.
    public var zh: String
    /// English.
    public var en: String

    /// The same thing said in two languages.
    public init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    /// The text in `language`.
    public func text(in language: Language) -> String { language == .zh ? zh : en }
}

/// A language that answers are given in.
@frozen public enum Language: String, Hashable, Sendable, CaseIterable {
    /// Chinese, simplified.
    case zh
    /// English.
    case en
}
