import Testing

@testable import DirectoryServer

/// The processors that a process may use.
@Suite struct ProcessorTests {
    @Test(
        arguments: [
            ("Name:\tquarterd\nCpus_allowed:\t1\nCpus_allowed_list:\t0\n", 1),
            ("Cpus_allowed:\tff\n", 8), ("Cpus_allowed:\t00000000,00000005\n", 2),
            ("Cpus_allowed:\tffffffff,ffffffff,0000000f\n", 68), ("Cpus_allowed:\t0\n", nil),
            ("Cpus_allowed_list:\t0-3\n", nil), ("", nil),
        ] as [(String, Int?)])
    func areCountedFromTheKernelsMask(status: String, count: Int?) {
        #expect(Processors.allowed(in: status) == count)
    }

    @Test func areAtLeastOne() { #expect(Processors.usable >= 1) }
}
