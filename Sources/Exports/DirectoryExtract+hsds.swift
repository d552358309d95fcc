internal import DirectoryAPI
package import DirectoryModel
internal import HSDS

extension DirectoryExtract {
    /// Organisations, places and types as one document of HSDS 3.0 in the profile of docs/exports.md.
    ///
    /// Needs an extract with organisations. Ids are made from Quarter's own and the directory's identity, so they stay from
    /// one export to the next, and are those of the routes under `/hsds/`.
    /// - Parameter now: the present moment: which places are suspended, and from which week on times are looked at.
    package func hsds(at now: Timestamp) -> [UInt8] {
        var document = HSDSDocument(directory: identity, types: types, communities: communities, at: now)
        document.add(types: scopedTypes)
        for organisation in organisations { document.add(organisation) }
        for place in places { document.add(place) }
        return document.json(revision: revision, attributions: attributions)
    }
}
