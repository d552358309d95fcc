internal import DirectoryAPI
internal import DirectoryModel
internal import HSDS

extension Handlers {
    /// What `/hsds/` says of itself.
    func hsdsMetadata(_ request: Request) throws(DirectoryError) -> Response {
        try request.takesNoWords()
        var json = JSONWriter(capacity: 512)
        try humanServices.writeMetadata(to: &json)
        return Response(json: json)
    }

    /// A page of a list.
    func hsds(_ list: HSDSDirectory.List, _ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        let query = try HSDSListQuery(words: &words, list.words)
        return try versioned(request, changesByMinute: true) { json throws(DirectoryError) in
            try humanServices.write(list, query, to: &json)
        }
    }

    /// One object, by the id of the path.
    func hsds(_ list: HSDSDirectory.List, oneOf request: Request) throws(DirectoryError) -> Response {
        try request.takesNoWords()
        return try versioned(request, changesByMinute: true) { json throws(DirectoryError) in
            try humanServices.write(list, id: request.id ?? "", to: &json)
        }
    }
}
