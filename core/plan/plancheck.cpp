// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/plancheck.h"

#include "core/plan/check/checks.h"
#include "core/plan/targetschema.h"
#include "core/postgres/ledger.h"

#include <algorithm>

namespace qdrant2pg {

namespace checks {

void Findings::setCollection(int index)
{
    m_collection = index;
}

const CollectionFacts* Findings::facts() const
{
    const auto found = m_input.facts.find(plan().name);
    return found == m_input.facts.end() ? nullptr : &*found;
}

QString Findings::path(const QString& inner) const
{
    if (m_collection < 0)
        return inner;
    const QString place = QStringLiteral("collections[%1]").arg(m_collection);
    return inner.isEmpty() ? place : place + QLatin1Char('.') + inner;
}

Finding& Findings::add(
    Severity severity, const char* code, FindingGroup group, const QString& inner, const QString& text)
{
    Finding finding;
    finding.severity = severity;
    finding.group = group;
    finding.code = QString::fromLatin1(code);
    finding.path = path(inner);
    if (m_collection >= 0)
        finding.collection = plan().name;
    finding.text = text;
    m_findings << finding;
    return m_findings.last();
}

Finding& Findings::blocker(const char* code, FindingGroup group, const QString& inner, const QString& text)
{
    return add(Severity::Blocker, code, group, inner, text);
}

Finding& Findings::warning(const char* code, FindingGroup group, const QString& inner, const QString& text)
{
    return add(Severity::Warning, code, group, inner, text);
}

Finding& Findings::note(const char* code, FindingGroup group, const QString& inner, const QString& text)
{
    return add(Severity::Info, code, group, inner, text);
}

void Findings::fix(const QString& words, const QString& inner, const QJsonValue& value)
{
    m_findings.last().fixText = words;
    m_findings.last().fix.insert(path(inner), value);
}

QList<Finding> Findings::sorted() const
{
    QList<Finding> findings = m_findings;
    std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
        return static_cast<int>(a.severity) < static_cast<int>(b.severity);
    });
    return findings;
}

} // namespace checks

QList<Finding> checkPlan(const CheckInput& input)
{
    checks::Findings findings(input);
    if (input.plan.collections.isEmpty())
        findings.blocker("no-collections", FindingGroup::CannotMove, QStringLiteral("collections"),
            QStringLiteral("The plan names no collection."));
    if (input.plan.source.tls.skipVerification)
        findings.warning("tls-unverified", FindingGroup::WillMove,
            QStringLiteral("source.tls.skipVerification"),
            QStringLiteral("The certificate of Qdrant is not checked: anybody in between could read the key "
                           "and the points."));
    if (input.transport && !*input.transport) {
        findings
            .blocker("grpc-not-open", FindingGroup::CannotMove, QStringLiteral("source.transport"),
                input.transport->error().summary)
            .hint = input.transport->error().hint;
    } else if (input.transport && !(*input.transport)->reason.isEmpty()) {
        findings.note("transport", FindingGroup::WillMove, QStringLiteral("source.transport"),
            (*input.transport)->reason);
    }
    checks::server(findings);
    for (int i = 0; i < input.plan.collections.size(); ++i) {
        findings.setCollection(i);
        const auto schema = targetSchema(input.plan, input.plan.collections.at(i), input.server);
        if (!schema)
            findings.blocker("plan-not-usable", FindingGroup::CannotMove, {}, schema.error().summary).hint =
                schema.error().hint;
        checks::source(findings);
        checks::vectors(findings);
        checks::payload(findings);
        checks::table(findings);
        checks::estimate(findings);
    }
    return findings.sorted();
}

namespace {

/// A ledger that is there needs no right to create; else the schema or the right to create it is needed.
Result<bool> ledgerUsable(Connection& target, const QString& schema, const ServerProfile& server)
{
    auto exists = Ledger(schema).exists(target);
    if (!exists || *exists)
        return exists;
    auto rights = readSchemaRights(target, schema);
    if (!rights)
        return fail(rights.error());
    return rights->exists ? rights->mayUse && rights->mayCreate : server.mayCreateInDatabase;
}

} // namespace

Result<CheckInput> gatherCheckInput(const MigrationPlan& plan, QdrantClient& client, Connection& target,
    const FactOptions& options, bool writeProbe)
{
    QMap<QString, CollectionFacts> facts;
    for (const CollectionPlan& collection : plan.collections) {
        auto read = readCollectionFacts(client, collection.name, options);
        if (!read)
            return fail(read.error());
        facts.insert(collection.name, std::move(*read));
    }
    return gatherCheckInput(plan, facts, target, writeProbe);
}

Result<CheckInput> gatherCheckInput(const MigrationPlan& plan, const QMap<QString, CollectionFacts>& facts,
    Connection& target, bool writeProbe)
{
    CheckInput input;
    input.plan = plan;
    input.facts = facts;
    auto server = readServerProfile(target);
    if (!server)
        return fail(server.error());
    input.server = std::move(*server);
    auto rights = readSchemaRights(target, plan.target.schema);
    if (!rights)
        return fail(rights.error());
    input.schemaRights = *rights;
    auto ledger = ledgerUsable(target, plan.target.ledgerSchema, *input.server);
    if (!ledger)
        return fail(ledger.error());
    input.ledgerUsable = *ledger;
    for (const CollectionPlan& collection : plan.collections) {
        for (const QString& name : QStringList{collection.table} + collection.aliasViews) {
            auto table = readTable(target, plan.target.schema, name);
            if (!table)
                return fail(table.error());
            input.tables.insert(name, std::move(*table));
        }
    }
    if (writeProbe) {
        input.writeProbeMade = true;
        if (auto probed = probeWrite(target, plan.target.schema, *input.server); !probed)
            input.writeProbe = probed.error();
        if (input.server->vectorAvailable && !input.server->vectorVersion) {
            input.vectorProbeMade = true;
            if (auto probed = probeVectorExtension(target); !probed)
                input.vectorProbe = probed.error();
        }
    }
    return input;
}

bool hasBlocker(const QList<Finding>& findings)
{
    return std::any_of(findings.begin(), findings.end(),
        [](const Finding& finding) { return finding.severity == Severity::Blocker; });
}

QString severityName(Severity severity)
{
    switch (severity) {
    case Severity::Blocker:
        return QStringLiteral("blocker");
    case Severity::Warning:
        return QStringLiteral("warning");
    case Severity::Info:
        return QStringLiteral("info");
    }
    return QStringLiteral("info");
}

} // namespace qdrant2pg
