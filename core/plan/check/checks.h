// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/plancheck.h"

namespace qdrant2pg::checks {

/// Collects findings; the parts of the check share it. Internal to the plan module.
class Findings {
public:
    Findings(const CheckInput& input)
        : m_input(input)
    {
    }

    /// From now on findings are about this collection; -1 for the whole plan.
    void setCollection(int index);
    const CheckInput& input() const { return m_input; }
    const CollectionPlan& plan() const { return m_input.plan.collections.at(m_collection); }
    /// Facts of the present collection; nullptr when they were not read.
    const CollectionFacts* facts() const;
    /// "collections[2].vectors[0].type" for "vectors[0].type".
    QString path(const QString& inner) const;

    /// `inner` is the place inside the present collection, or in the plan when there is none. The finding may
    /// be added to until the next one.
    Finding& blocker(const char* code, FindingGroup group, const QString& inner, const QString& text);
    Finding& warning(const char* code, FindingGroup group, const QString& inner, const QString& text);
    Finding& note(const char* code, FindingGroup group, const QString& inner, const QString& text);
    /// Gives the last finding a fix: one new value at a place inside the present collection.
    void fix(const QString& words, const QString& inner, const QJsonValue& value);

    QList<Finding> sorted() const;

private:
    Finding& add(
        Severity severity, const char* code, FindingGroup group, const QString& inner, const QString& text);

    const CheckInput& m_input;
    int m_collection = -1;
    QList<Finding> m_findings;
};

/// The server: version, pgvector, rights, memory, read-only, pooler.
void server(Findings& findings);
/// Per collection: what the source says about itself.
void source(Findings& findings);
/// Per collection: ids and vectors against facts.
void vectors(Findings& findings);
/// Per collection: payload columns, policies, names.
void payload(Findings& findings);
/// Per collection: the table that exists or not.
void table(Findings& findings);
/// Per collection: size, memory, time.
void estimate(Findings& findings);

} // namespace qdrant2pg::checks
