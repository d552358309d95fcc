#if canImport(Glibc)
    import Glibc
#endif

/// The process's limit of open files (RLIMIT_NOFILE).
enum OpenFiles {
    /// Raises the soft limit to the hard one.
    ///
    /// - Returns: the limit now, at most 1,048,576; 1024, POSIX's customary value, where it cannot be read.
    static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        let most: rlim_t = 1_048_576
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = min(limit.rlim_max, most)
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        return Int(min(limit.rlim_cur, most))
    }
}
