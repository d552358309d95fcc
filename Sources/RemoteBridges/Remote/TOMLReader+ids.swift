internal import DirectoryModel
internal import TOMLDocument

extension TOMLReader {
    /// An id.
    func id<ID: DirectoryID>(_ key: String, as kind: ID.Type) -> ID? {
        guard let text = text(key, longest: 128) else { return nil }
        do throws(DirectoryError) {
            return try ID(validating: text)
        } catch {
            report(error.message, about: key)
            return nil
        }
    }

    /// A list of ids, none twice.
    func ids<ID: DirectoryID>(_ key: String, as kind: ID.Type) -> [ID] {
        var ids: [ID] = []
        for text in texts(key, longest: 128) ?? [] {
            do throws(DirectoryError) {
                ids.append(try ID(validating: text))
            } catch {
                report(error.message, about: key)
            }
        }
        return ids
    }
}
