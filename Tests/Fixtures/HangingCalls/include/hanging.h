// Nothing: HangingCalls has no interface but the names that it stands before. SwiftPM wants a C library to have a
// header.
