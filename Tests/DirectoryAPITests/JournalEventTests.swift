import DirectoryAPI
import Testing

@Suite struct JournalEventTests {
    @Test func eachHasANameAndAMessageIDOfItsOwn() {
        let events = JournalEvent.all
        #expect(events.count > 15)
        #expect(Set(events.map(\.name)).count == events.count)
        #expect(Set(events.map(\.messageID)).count == events.count)
        for event in events {
            #expect(event.name.wholeMatch(of: /[a-z_]+/) != nil, "\(event.name)")
            #expect(event.messageID.wholeMatch(of: /[0-9a-f]{32}/) != nil, "\(event.name)")
        }
    }

    @Test func theCatalogHasEveryEventAndNamesOnlyFieldsThatItsEntriesCarry() {
        let catalog = JournalEvent.catalog()
        for event in JournalEvent.all {
            #expect(catalog.contains("\n-- \(event.messageID)\nSubject: \(event.subject)\n"))
            for match in (event.subject + event.explanation).matches(of: /@([A-Z_]+)@/) {
                #expect(event.fields.contains(String(match.1)), "\(event.name): \(match.1)")
            }
        }
        // A line that begins like an entry's head would end the one before (https://systemd.io/CATALOG/).
        #expect(catalog.split(separator: "\n-- ").count == JournalEvent.all.count + 1)
    }

    @Test func theIDsOfReleasedEventsStay() {
        // An administrator's filters hang on them.
        #expect(JournalEvent.ready.messageID == "7ecaf232154e487fa62f2398f0943508")
        #expect(JournalEvent.reloadFailed.messageID == "4cf0ea39780c47e7b3dc89beeab0cd55")
        #expect(JournalEvent.watchdog.messageID == "538caacd4bee42cca70a6ba66675663a")
        #expect(JournalEvent.moduleQuarantined.messageID == "80b9987ba3b740c69267c5590186460e")
    }
}
