package import DirectoryModel
package import ServiceTypeKit

/// A page of origins.
package struct OriginPage: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// In the order of their ids.
    package var origins: [Origin]
    /// The last id of this page, when more follow.
    package var next: OriginID?
    /// Whom to credit.
    package var attributions: [String]
    /// The language of names.
    package var language: Language

    /// A page; see the fields.
    package init(
        revision: Revision, origins: [Origin], next: OriginID?, attributions: [String], language: Language
    ) {
        self.revision = revision
        self.origins = origins
        self.next = next
        self.attributions = attributions
        self.language = language
    }
}

/// One origin.
package struct OriginReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// The record.
    package var origin: Origin
    /// Its estate, building … upwards, nearest first.
    package var ancestors: [Origin]
    /// Whom to credit.
    package var attributions: [String]
    /// Changes when, and only when, the record changes.
    package var tag: String

    /// An answer; see the fields.
    package init(
        revision: Revision, origin: Origin, ancestors: [Origin], attributions: [String], tag: String
    ) {
        self.revision = revision
        self.origin = origin
        self.ancestors = ancestors
        self.attributions = attributions
        self.tag = tag
    }
}

/// What a community holds.
package struct CommunitySummary: Sendable {
    /// The record.
    package var community: Community
    /// Its grids, in the order of their ids.
    package var grids: [Grid]
    /// Active places in it.
    package var places: Int
    /// Active origins in it.
    package var origins: Int
    /// Changes when, and only when, the record changes.
    package var tag: String

    /// A summary; see the fields.
    package init(community: Community, grids: [Grid], places: Int, origins: Int, tag: String) {
        self.community = community
        self.grids = grids
        self.places = places
        self.origins = origins
        self.tag = tag
    }
}

/// All communities.
package struct CommunitiesReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// In the order of their ids.
    package var communities: [CommunitySummary]

    /// An answer; see the fields.
    package init(revision: Revision, communities: [CommunitySummary]) {
        self.revision = revision
        self.communities = communities
    }
}

/// One community.
package struct CommunityReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// What it holds.
    package var summary: CommunitySummary

    /// An answer; see the fields.
    package init(revision: Revision, summary: CommunitySummary) {
        self.revision = revision
        self.summary = summary
    }
}

/// A service type, with the number of its places.
package struct TypeSummary: Sendable {
    /// What it is.
    package var description: ServiceTypeDescription
    /// The module that brought it, or nil for a declared type.
    package var module: ModuleID?
    /// Active places of it.
    package var places: Int

    /// A summary; see the fields.
    package init(description: ServiceTypeDescription, module: ModuleID?, places: Int) {
        self.description = description
        self.module = module
        self.places = places
    }
}

/// All service types.
package struct TypesReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// In the catalogue's order.
    package var types: [TypeSummary]

    /// An answer; see the fields.
    package init(revision: Revision, types: [TypeSummary]) {
        self.revision = revision
        self.types = types
    }
}

/// One service type.
package struct TypeReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// What it is.
    package var type: TypeSummary

    /// An answer; see the fields.
    package init(revision: Revision, type: TypeSummary) {
        self.revision = revision
        self.type = type
    }
}

/// What became of a module.
package struct ModuleStatus: Hashable, Sendable {
    /// The file's name.
    package var file: String
    /// Its id, when it could be read.
    package var id: ModuleID?
    /// Its own version, when it could be read.
    package var version: String?
    /// `loaded`, `skipped`, `broken` or `quarantined`.
    package var state: String
    /// Why it is not loaded.
    package var reason: String?
    /// The types that it brought.
    package var types: [ServiceTypeID]
    /// Calls since the start.
    package var calls: UInt64
    /// Calls that failed, or took over 50 ms.
    package var failures: UInt64
    /// What was wrong with the last of those that failed.
    package var lastFailure: String?
    /// Time in calls, all threads together.
    package var time: Seconds = 0
    /// The longest call, to some milliseconds.
    package var longest: Seconds = 0

    /// A status; see the fields.
    package init(
        file: String, id: ModuleID?, version: String?, state: String, reason: String?,
        types: [ServiceTypeID], calls: UInt64, failures: UInt64
    ) {
        self.file = file
        self.id = id
        self.version = version
        self.state = state
        self.reason = reason
        self.types = types
        self.calls = calls
        self.failures = failures
    }
}

/// All modules.
package struct ModulesReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// In the order of their files' names.
    package var modules: [ModuleStatus]

    /// An answer; see the fields.
    package init(revision: Revision, modules: [ModuleStatus]) {
        self.revision = revision
        self.modules = modules
    }
}

/// All profiles.
package struct ProfilesReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// In the order of the configuration.
    package var profiles: [Profile]
    /// The one that is used when none is named.
    package var standard: ProfileID

    /// An answer; see the fields.
    package init(revision: Revision, profiles: [Profile], standard: ProfileID) {
        self.revision = revision
        self.profiles = profiles
        self.standard = standard
    }
}

/// How the directory is.
package struct HealthReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// `ok`, or `degraded` when something below is wrong while answers go on.
    package var state: String
    /// One line for a person: "3 communities, 4,212 places, 34 types, 6 modules, revision 918".
    package var summary: String
    /// What is wrong, one line each.
    package var problems: [String]
    /// What could be better and is not wrong, one line each.
    package var notes: [String]
    /// Counts by name: communities, places, origins, types, modules, vertices, edges.
    package var counts: [(name: String, count: Int)]
    /// The daemon's version.
    package var version: String

    /// An answer; see the fields.
    package init(
        revision: Revision, state: String, summary: String, problems: [String], notes: [String] = [],
        counts: [(name: String, count: Int)], version: String
    ) {
        self.revision = revision
        self.state = state
        self.summary = summary
        self.problems = problems
        self.notes = notes
        self.counts = counts
        self.version = version
    }
}

/// What a reload brought.
package struct ReloadReply: Sendable {
    /// The revision after it.
    package var revision: Revision
    /// What changed, one line each; empty when nothing did.
    package var changes: [String]
    /// Keys that changed in the file but need a restart.
    package var needsRestart: [String]
    /// Places that have findings under the changed types which they did not have before.
    package var newFindings: Int

    /// An answer; see the fields.
    package init(revision: Revision, changes: [String], needsRestart: [String], newFindings: Int = 0) {
        self.revision = revision
        self.changes = changes
        self.needsRestart = needsRestart
        self.newFindings = newFindings
    }
}
