import CSystemd

#if canImport(Glibc)
    import Glibc
#endif

/// The journal's own protocol (sd_journal_sendv(3)): entries of fields, not lines.
package enum Journal {
    /// Whether standard error of this process leads to the journal, so that native entries belong there.
    ///
    /// `sd_journal_sendv` answers 0 even where no journal is, so this looks itself: `JOURNAL_STREAM` names the
    /// device and inode of the stream that systemd connected (systemd.exec(5)).
    package static var isConnected: Bool {
        guard let stream = getenv("JOURNAL_STREAM") else { return false }
        var status = stat()
        return fstat(2, &status) == 0 && String(cString: stream) == "\(status.st_dev):\(status.st_ino)"
            && access("/run/systemd/journal/socket", W_OK) == 0
    }

    /// Writes one entry.
    ///
    /// - Parameter entries: `FIELD=value` each; a value may hold line breaks.
    /// - Returns: false when it could not be sent.
    package static func send(_ entries: [String]) -> Bool {
        var bytes: [UInt8] = []
        var lengths: [Int] = []
        for entry in entries {
            bytes.append(contentsOf: entry.utf8)
            lengths.append(entry.utf8.count)
        }
        return bytes.withUnsafeMutableBytes { all -> Bool in
            var vectors: [iovec] = []
            var offset = 0
            for length in lengths {
                vectors.append(iovec(iov_base: all.baseAddress.map { $0 + offset }, iov_len: length))
                offset += length
            }
            return sd_journal_sendv(&vectors, CInt(vectors.count)) >= 0
        }
    }
}
