package import DirectoryModel
internal import ServiceTypeKit

extension TypeSummary {
    /// Writes the type's fields, without braces.
    ///
    /// - Parameter whole: whether schema, selectors and codes are written too.
    package func writeFields(to json: inout JSONWriter, in language: Language, whole: Bool) {
        json.key("id")
        json.string(description.id.rawValue)
        json.key("name")
        json.string(description.name.text(in: language))
        json.key("names")
        json.localized(description.name)
        json.key("class")
        json.string(description.serviceClass.rawValue)
        json.key("target_minutes")
        json.whole(description.targetMinutes)
        json.key("module")
        json.string(module?.rawValue)
        json.key("places")
        json.whole(places)
        json.key("search_words")
        json.strings(description.searchWords)
        guard whole else { return }
        json.key("calendar_policy")
        json.string(description.calendarPolicy.rawValue)
        json.key("industry_codes")
        json.strings(description.industryCodes)
        json.key("source")
        json.string(description.source)
        json.key("osm")
        json.beginArray()
        for selector in description.osmSelectors {
            json.beginObject()
            json.key("tags")
            json.beginObject()
            for (key, value) in selector.tags.sorted(by: { $0.key < $1.key }) {
                json.key(key)
                json.string(value)
            }
            json.endObject()
            json.key("name_words")
            json.strings(selector.nameWords)
            json.endObject()
        }
        json.endArray()
        json.key("attributes")
        json.beginArray()
        for attribute in description.attributes { attribute.write(to: &json) }
        json.endArray()
        json.key("facets")
        json.beginArray()
        for facet in description.facets { facet.write(to: &json) }
        json.endArray()
    }
}

extension JSONWriter {
    /// An array of strings.
    package mutating func strings(_ texts: [String]) {
        beginArray()
        for text in texts { string(text) }
        endArray()
    }
}

extension AttributeDescription {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("key")
        json.string(key)
        json.key("names")
        json.localized(name)
        json.key("required")
        json.bool(isRequired)
        json.key("facet")
        json.bool(isFacet)
        json.key("columns")
        json.strings(columnNames)
        json.key("kind")
        switch kind {
        case .bool: json.string("bool")
        case .whole(let unit, let range):
            json.string("whole")
            unit.map { json.unit($0) }
            if let range {
                json.key("minimum")
                json.whole(range.lowerBound)
                json.key("maximum")
                json.whole(range.upperBound)
            }
        case .decimal(let unit, let range):
            json.string("decimal")
            unit.map { json.unit($0) }
            if let range {
                json.key("minimum")
                json.decimal(range.lowerBound)
                json.key("maximum")
                json.decimal(range.upperBound)
            }
        case .money:
            json.string("money")
            json.unit(LocalizedText(zh: "分", en: "fen"))
        case .text: json.string("text")
        case .oneOf(let options):
            json.string("one_of")
            json.options(options)
        case .manyOf(let options):
            json.string("many_of")
            json.options(options)
        case .schedule: json.string("schedule")
        case .date: json.string("date")
        case .rows(let schema):
            json.string("rows")
            json.rowSchema(schema)
        }
        json.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func unit(_ unit: LocalizedText) {
        key("unit")
        localized(unit)
    }

    fileprivate mutating func rowSchema(_ schema: RowSchema) {
        key("row_names")
        localized(schema.rowName)
        key("maximum_rows")
        whole(schema.maximumRows)
        key("hours_column")
        string(schema.hoursColumn)
        key("row_columns")
        beginArray()
        for column in schema.columns { column.write(to: &self) }
        endArray()
    }

    fileprivate mutating func options(_ options: [AttributeOption]) {
        key("options")
        beginArray()
        for option in options {
            beginObject()
            key("key")
            string(option.key)
            key("names")
            localized(option.name)
            endObject()
        }
        endArray()
    }
}

extension TypesReply {
    /// Writes the answer as `GET /v1/types` gives it.
    package func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("types")
        json.beginArray()
        for type in types {
            json.beginObject()
            type.writeFields(to: &json, in: language, whole: false)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

extension TypeReply {
    /// Writes the answer as `GET /v1/types/{id}` gives it.
    package func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        type.writeFields(to: &json, in: language, whole: true)
        json.endObject()
    }
}

extension ModulesReply {
    /// Writes the answer as `GET /v1/modules` gives it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("modules")
        json.beginArray()
        for module in modules {
            json.beginObject()
            json.key("file")
            json.string(module.file)
            json.key("id")
            json.string(module.id?.rawValue)
            json.key("version")
            json.string(module.version)
            json.key("state")
            json.string(module.state)
            json.key("reason")
            json.string(module.reason)
            json.key("types")
            json.strings(module.types.map(\.rawValue))
            json.key("calls")
            json.whole(module.calls)
            json.key("failures")
            json.whole(module.failures)
            json.key("last_failure")
            json.string(module.lastFailure)
            json.key("mean_milliseconds")
            json.fixed(module.calls == 0 ? 0 : module.time.value * 1000 / Double(module.calls), places: 3)
            json.key("longest_milliseconds")
            json.fixed(module.longest.value * 1000, places: 1)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

extension ProfilesReply {
    /// Writes the answer as `GET /v1/profiles` gives it.
    package func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("profiles")
        json.beginArray()
        for profile in profiles {
            json.beginObject()
            json.key("id")
            json.string(profile.id.rawValue)
            json.key("name")
            json.string(profile.name.text(in: language))
            json.key("metres_per_second")
            json.decimal(profile.pace.value)
            json.key("avoids_steps")
            json.bool(profile.avoidsSteps)
            json.key("default")
            json.bool(profile.id == standard)
            json.key("source")
            json.string(profile.source)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

extension HealthReply {
    /// Writes the answer as `GET /v1/health` gives it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("state")
        json.string(state)
        json.key("summary")
        json.string(summary)
        json.key("problems")
        json.strings(problems)
        if !notes.isEmpty {
            json.key("notes")
            json.strings(notes)
        }
        json.key("version")
        json.string(version)
        json.key("counts")
        json.beginObject()
        for (name, count) in counts {
            json.key(name)
            json.whole(count)
        }
        json.endObject()
        json.endObject()
    }
}

extension ReloadReply {
    /// Writes the answer as `POST /v1/reload` gives it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("changes")
        json.strings(changes)
        json.key("needs_restart")
        json.strings(needsRestart)
        json.key("new_findings")
        json.whole(newFindings)
        json.endObject()
    }
}
