// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/plantext.h"

#include "core/plan/targetschema.h"

#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

namespace qdrant2pg {

namespace {

void appendStatements(QString& text, const QList<DdlStatement>& statements, QStringList* seen)
{
    for (const DdlStatement& statement : statements) {
        if (seen && seen->contains(statement.sql))
            continue;
        if (seen)
            seen->append(statement.sql);
        if (!text.isEmpty())
            text += QLatin1Char('\n');
        text += QStringLiteral("-- %1\n%2").arg(statement.what, statement.sql);
        text += statement.sql.endsWith(QLatin1Char(';')) ? QStringLiteral("\n") : QStringLiteral(";\n");
    }
}

/// Options of one word each, in the order in which they are added.
class CommandLine {
public:
    void add(const QString& option, const QString& value)
    {
        m_words << QStringLiteral("--") + option + QLatin1Char(' ') + shellWord(value);
    }
    void flag(const QString& option) { m_words << QStringLiteral("--") + option; }
    void addUnlessEmpty(const QString& option, const QString& value)
    {
        if (!value.isEmpty())
            add(option, value);
    }
    void addUnlessZero(const QString& option, qint64 value)
    {
        if (value != 0)
            add(option, QString::number(value));
    }
    QString toString() const
    {
        return QStringLiteral("qdrant2pg migrate ") + m_words.join(QStringLiteral(" \\\n    "));
    }

private:
    QStringList m_words;
};

/// What options of the command line say: preset, table and mode. Everything else must be as proposed.
bool isSayable(const CollectionPlan& plan, const QMap<QString, CollectionPlan>& proposals)
{
    const auto found = proposals.constFind(plan.name);
    if (found == proposals.constEnd() || !plan.filterJson.isEmpty())
        return false;
    CollectionPlan same = *found;
    same.table = plan.table;
    same.mode = plan.mode;
    same.filterJson = plan.filterJson;
    return same == plan;
}

void addSource(CommandLine& line, const SourcePlan& source)
{
    line.add(QStringLiteral("source"), QUrl(source.url).toString(QUrl::RemoveUserInfo));
    if (source.transport != TransportChoice::Auto)
        line.add(QStringLiteral("transport"),
            source.transport == TransportChoice::Grpc ? QStringLiteral("grpc") : QStringLiteral("rest"));
    line.addUnlessZero(QStringLiteral("grpc-port"), source.grpcPort);
    line.addUnlessEmpty(QStringLiteral("ca-file"), source.tls.caFile);
    line.addUnlessEmpty(QStringLiteral("cert-file"), source.tls.certificateFile);
    line.addUnlessEmpty(QStringLiteral("key-file"), source.tls.keyFile);
    if (source.tls.skipVerification)
        line.flag(QStringLiteral("skip-tls-verification"));
}

void addRun(CommandLine& line, const RunPlan& run)
{
    const RunPlan standard;
    line.addUnlessZero(QStringLiteral("lanes"), run.lanes);
    line.addUnlessZero(QStringLiteral("ranges"), run.ranges);
    line.addUnlessZero(QStringLiteral("page-bytes"), run.pageBytes);
    line.addUnlessZero(QStringLiteral("max-points-per-second"), run.maxPointsPerSecond);
    line.addUnlessZero(QStringLiteral("max-requests-in-flight"), run.maxRequestsInFlight);
    if (run.onReject == OnReject::Stop)
        line.add(QStringLiteral("on-reject"), QStringLiteral("stop"));
    if (run.maxRejects != standard.maxRejects)
        line.add(QStringLiteral("max-rejects"), QString::number(run.maxRejects));
    if (run.rejectValues != standard.rejectValues)
        line.add(QStringLiteral("reject-values"), QStringLiteral("no"));
    if (run.verify != standard.verify)
        line.add(QStringLiteral("verify"), verifyLevelName(run.verify));
}

} // namespace

Result<QString> ddlText(
    const MigrationPlan& plan, const CollectionPlan& collection, const std::optional<ServerProfile>& server)
{
    const auto schema = targetSchema(plan, collection, server);
    if (!schema)
        return fail(schema.error());
    QString text;
    appendStatements(text, schema->all(), nullptr);
    return text;
}

Result<QString> ddlText(const MigrationPlan& plan, const std::optional<ServerProfile>& server)
{
    QString text;
    QStringList seen;
    for (const CollectionPlan& collection : plan.collections) {
        const auto schema = targetSchema(plan, collection, server);
        if (!schema)
            return fail(schema.error());
        appendStatements(text, schema->all(), &seen);
    }
    return text;
}

QString shellWord(const QString& text)
{
    static const QRegularExpression plain(QStringLiteral("\\A[A-Za-z0-9_@%+=:,./-]+\\z"));
    if (plain.match(text).hasMatch())
        return text;
    return QLatin1Char('\'') + QString(text).replace(QLatin1Char('\''), QStringLiteral("'\\''"))
        + QLatin1Char('\'');
}

QString migrateCommandLine(const MigrationPlan& plan, const QString& planFile,
    const QMap<QString, CollectionPlan>& proposals, const QStringList& confirmed, const SourceAccess& access)
{
    CommandLine line;
    if (!planFile.isEmpty()) {
        line.add(QStringLiteral("plan"), planFile);
    } else {
        const RunPlan standard;
        const bool sameShape = std::all_of(
            plan.collections.begin(), plan.collections.end(), [&](const CollectionPlan& collection) {
                return isSayable(collection, proposals) && collection.mode == plan.collections.first().mode
                    && collection.preset == plan.collections.first().preset;
            });
        const bool sayable = sameShape && !plan.collections.isEmpty() && plan.run.flow == standard.flow
            && plan.run.publish == standard.publish && plan.source.consistency.isEmpty();
        if (!sayable)
            return {};
        addSource(line, plan.source);
        line.add(QStringLiteral("target"), plan.target.conninfo);
        if (plan.target.schema != TargetPlan().schema)
            line.add(QStringLiteral("schema"), plan.target.schema);
        if (plan.target.ledgerSchema != TargetPlan().ledgerSchema)
            line.add(QStringLiteral("ledger-schema"), plan.target.ledgerSchema);
        for (const CollectionPlan& collection : plan.collections)
            line.add(QStringLiteral("collection"), collection.name);
        for (const CollectionPlan& collection : plan.collections) {
            if (collection.table != proposals.value(collection.name).table)
                line.add(QStringLiteral("table"), collection.name + QLatin1Char('=') + collection.table);
        }
        if (plan.collections.first().preset != CollectionPlan().preset)
            line.add(QStringLiteral("preset"), plan.collections.first().preset);
        if (plan.collections.first().mode != TableMode::Create)
            line.add(QStringLiteral("mode"), tableModeName(plan.collections.first().mode));
        addRun(line, plan.run);
    }
    line.addUnlessEmpty(QStringLiteral("proxy"), access.proxy.url());
    line.addUnlessZero(QStringLiteral("connect-timeout"), access.connectTimeout);
    line.addUnlessZero(QStringLiteral("request-timeout"), access.requestTimeout);
    for (const QString& table : confirmed)
        line.add(QStringLiteral("confirm"), table);
    return line.toString();
}

} // namespace qdrant2pg
