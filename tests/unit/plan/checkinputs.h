// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/plancheck.h"
#include "core/plan/proposal.h"
#include "core/plan/targetschema.h"

namespace qdrant2pg::test {

/// A server, a collection and a plan without any fault, for tests to break.

inline ServerProfile goodServer()
{
    ServerProfile server;
    server.versionNumber = 160004;
    server.versionText = QStringLiteral("16.4");
    server.user = QStringLiteral("rpg");
    server.database = QStringLiteral("gamedb");
    server.encoding = QStringLiteral("UTF8");
    server.mayCreateInDatabase = true;
    server.vectorAvailable = true;
    server.vectorAvailableVersion = QStringLiteral("0.8.5");
    server.vectorVersion = QVersionNumber(0, 8, 5);
    server.vectorSchema = QStringLiteral("public");
    server.vectorOnSearchPath = true;
    server.maintenanceWorkMem = QStringLiteral("64MB");
    server.maintenanceWorkMemBytes = qint64{64} << 20;
    server.maxParallelMaintenanceWorkers = 2;
    return server;
}

inline DenseVectorInfo dense(qint64 size)
{
    DenseVectorInfo info;
    info.size = size;
    return info;
}

inline CollectionFacts goodFacts()
{
    CollectionFacts facts;
    facts.info.name = QStringLiteral("docs");
    facts.info.status = QStringLiteral("green");
    facts.info.vectors << dense(8);
    SparseVectorInfo sparse;
    sparse.name = QStringLiteral("bm25");
    facts.info.sparseVectors << sparse;
    PayloadIndexInfo city;
    city.path = QStringLiteral("city");
    city.dataType = QStringLiteral("keyword");
    facts.info.payloadIndexes << city;
    facts.serverVersion = QVersionNumber(1, 18, 3);
    facts.exactCount = 1000;
    facts.ids.hasUuids = true;
    facts.sampledPoints = 200;
    facts.sampleRate = 1000;
    facts.meanPointBytes = 500;
    facts.meanPayloadBytes = 100;
    for (int i = 0; i < 200; ++i)
        facts.payload.add(R"({"city":"Oslo"})");
    facts.dense << DenseFacts{QString(), 0, 0, 1.0};
    SparseFacts seen;
    seen.name = sparse.name;
    seen.maxIndex = 30521;
    seen.maxNonZeros = 100;
    facts.sparse << seen;
    return facts;
}

inline CheckInput inputFor(const CollectionFacts& facts, const QString& preset = QStringLiteral("generic"))
{
    CheckInput input;
    input.server = goodServer();
    input.schemaRights = SchemaRights{true, true, true};
    input.writeProbeMade = true;
    const auto plan = proposeCollection(facts, preset, input.server);
    if (!plan)
        qFatal("%s", qPrintable(plan.error().toText()));
    input.plan.collections << *plan;
    input.facts.insert(facts.info.name, facts);
    input.tables.insert(plan->table, std::nullopt);
    return input;
}

inline const Finding* find(const QList<Finding>& findings, const QString& code)
{
    for (const Finding& finding : findings) {
        if (finding.code == code)
            return &finding;
    }
    return nullptr;
}

inline QByteArray texts(const QList<Finding>& findings)
{
    QStringList lines;
    for (const Finding& finding : findings)
        lines << QStringLiteral("%1 %2 %3: %4")
                     .arg(severityName(finding.severity), finding.code, finding.path, finding.text);
    return lines.join(QLatin1Char('\n')).toUtf8();
}

inline ExistingTable tableOf(const CheckInput& input)
{
    const auto schema = targetSchema(input.plan, input.plan.collections.first(), input.server);
    ExistingTable table;
    table.schema = QStringLiteral("public");
    table.name = schema->table.name;
    table.kind = QLatin1Char('r');
    table.primaryKey = schema->table.primaryKey;
    table.mayInsert = true;
    table.maySelect = true;
    for (const ColumnSpec& spec : schema->table.columns) {
        ExistingColumn column;
        column.name = spec.name;
        column.sqlType = spec.sqlType();
        column.type = spec.type;
        column.dimensions = isPgvectorType(spec.type) ? spec.dimensions : 0;
        column.notNull = spec.notNull;
        table.columns << column;
    }
    return table;
}

} // namespace qdrant2pg::test
