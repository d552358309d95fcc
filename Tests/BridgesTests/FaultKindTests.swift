import Bridges
import DirectoryAPI
import DirectoryModel
import Testing

@Suite("Faults of bridges")
struct FaultKindTests {
    @Test(
        "What passes is tried again",
        arguments: [
            DirectoryError.Code.cannotConnect, .badReply, .unavailable, .requestTimeout, .storeUnwritable,
            .tooManyConnections, .internalError, .noNetwork, .forbidden, .remoteUnreachable, .remoteChanging,
            DirectoryError.Code(rawValue: "of_another_version"),
        ])
    func passing(code: DirectoryError.Code) {
        #expect(FaultKind(of: DirectoryError(code, "")) == .passing)
    }

    @Test(
        "What is wrong in itself is not",
        arguments: [
            DirectoryError.Code.invalidFile, .unreadableFile, .tooLarge, .invalidRequest, .invalidID,
            .keyReused, .configurationInvalid, .remoteRefused, .remoteInvalid,
        ])
    func lasting(code: DirectoryError.Code) {
        #expect(FaultKind(of: DirectoryError(code, "")) == .lasting)
    }
}
