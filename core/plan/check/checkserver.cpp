// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/units.h"
#include "core/plan/check/checks.h"
#include "core/plan/schema/contextitems.h"
#include "core/plan/targetschema.h"

#include <algorithm>

namespace qdrant2pg::checks {

namespace {

const QVersionNumber firstHnsw(0, 5);
const QVersionNumber firstHalfvec(0, 7);
const QVersionNumber firstParallel(0, 6);
const QVersionNumber firstSafeParallel(0, 8, 2);
const QVersionNumber firstIterative(0, 8);

bool usesPgvector(const CollectionPlan& plan)
{
    return std::any_of(plan.vectors.begin(), plan.vectors.end(), [](const VectorPlan& vector) {
        const auto type = columnTypeFromName(vector.type);
        return type && isPgvectorType(*type);
    });
}

bool hasHnsw(const CollectionPlan& plan)
{
    return std::any_of(plan.indexes.begin(), plan.indexes.end(),
        [](const IndexPlan& i) { return i.kind == QLatin1String("hnsw"); });
}

void checkVersion(Findings& findings, const ServerProfile& server)
{
    const int major = server.versionNumber / 10'000;
    if (major > 0 && major < 14) {
        findings
            .blocker("postgres-too-old", FindingGroup::CannotMove, QStringLiteral("target"),
                QStringLiteral("PostgreSQL %1 is too old.").arg(server.versionText))
            .hint = QStringLiteral("Use PostgreSQL 16 or newer; 14 and 15 work with a warning.");
    } else if (major > 0 && major < 16) {
        findings.warning("postgres-old", FindingGroup::WillMove, QStringLiteral("target"),
            QStringLiteral("PostgreSQL %1 works, but 16 or newer is what this program is tested with.")
                .arg(server.versionText));
    }
    if (!server.encoding.isEmpty() && server.encoding != QLatin1String("UTF8"))
        findings
            .warning("encoding-not-utf8", FindingGroup::CannotMove, QStringLiteral("target"),
                QStringLiteral("The database's encoding is %1: points with characters that it does not have "
                               "are rejected.")
                    .arg(server.encoding))
            .hint = QStringLiteral("Create the database with ENCODING 'UTF8'.");
}

void checkState(Findings& findings, const ServerProfile& server)
{
    if (server.inRecovery)
        findings
            .blocker("read-only", FindingGroup::CannotMove, QStringLiteral("target.conninfo"),
                QStringLiteral("The server is a standby and takes no writes."))
            .hint = QStringLiteral(
            "Connect to the primary (with several hosts, add target_session_attrs=read-write).");
    else if (server.readOnlyDefault)
        findings
            .blocker("read-only", FindingGroup::CannotMove, QStringLiteral("target.conninfo"),
                QStringLiteral("Transactions are read-only by default here (default_transaction_read_only)."))
            .hint = QStringLiteral("ALTER ROLE ... SET default_transaction_read_only = off, or take it out "
                                   "of the database's settings.");
    if (server.transactionPooler) {
        const bool merges =
            std::any_of(findings.input().plan.collections.begin(), findings.input().plan.collections.end(),
                [](const CollectionPlan& plan) { return plan.mode == TableMode::Merge; });
        const QString why = server.poolerReason.isEmpty()
            ? QStringLiteral("The connection goes through a pooler in transaction mode.")
            : server.poolerReason;
        const QString hint = QStringLiteral("Use the server's direct or session-mode address.");
        if (merges)
            findings
                .blocker("pooler", FindingGroup::CannotMove, QStringLiteral("target.conninfo"),
                    why + QStringLiteral(" Merging needs temporary tables, which do not survive there."))
                .hint = hint;
        else
            findings
                .warning("pooler", FindingGroup::WillMove, QStringLiteral("target.conninfo"),
                    why
                        + QStringLiteral(
                            " Settings for index builds and cancelling do not work through one."))
                .hint = hint;
    }
    if (server.statementTimeoutMs > 0)
        findings.note("statement-timeout", FindingGroup::WillMove, QStringLiteral("target"),
            QStringLiteral("Statements end after %1 here; index builds of this program switch that off for "
                           "their own session.")
                .arg(formatDuration(std::chrono::milliseconds(server.statementTimeoutMs))));
    if (server.maxParallelMaintenanceWorkers == 0 && server.versionNumber > 0)
        findings.note("no-parallel-workers", FindingGroup::WillMove, QStringLiteral("target"),
            QStringLiteral("max_parallel_maintenance_workers is 0: indexes are built by one process."));
}

void checkExtension(Findings& findings, const ServerProfile& server)
{
    const QList<CollectionPlan>& plans = findings.input().plan.collections;
    if (std::none_of(plans.begin(), plans.end(), usesPgvector))
        return;
    const QString place = QStringLiteral("target");
    if (!server.vectorVersion) {
        if (!server.vectorAvailable) {
            findings
                .blocker("vector-not-available", FindingGroup::CannotMove, place,
                    QStringLiteral("The extension pgvector is not installed on the database server."))
                .hint = QStringLiteral("Install its package there (Debian, Ubuntu: postgresql-%1-pgvector), "
                                       "or switch it on at your provider; then "
                                       "run this check again.")
                            .arg(server.versionNumber / 10'000);
        } else if (findings.input().vectorProbe) {
            findings
                .blocker("vector-not-permitted", FindingGroup::CannotMove, place,
                    QStringLiteral(
                        "The extension pgvector is not created in this database, and role %1 may not create "
                        "it: %2")
                        .arg(server.user, findings.input().vectorProbe->summary))
                .hint =
                QStringLiteral("Let an administrator run CREATE EXTENSION vector in database %1 once.")
                    .arg(server.database);
        } else if (!server.superuser && !findings.input().vectorProbeMade) {
            findings
                .warning("vector-not-created", FindingGroup::WillMove, place,
                    QStringLiteral("The extension pgvector is not created in this database, and role %1 may "
                                   "not be allowed to create it.")
                        .arg(server.user))
                .hint = QStringLiteral("If the run stops at CREATE EXTENSION, let an administrator run "
                                       "CREATE EXTENSION vector in database %1.")
                            .arg(server.database);
        } else {
            findings.note("vector-will-be-created", FindingGroup::WillMove, place,
                QStringLiteral("The extension pgvector %1 will be created in this database.")
                    .arg(server.vectorAvailableVersion));
        }
    } else if (!server.vectorOnSearchPath) {
        findings.note("vector-in-schema", FindingGroup::WillMove, place,
            QStringLiteral("pgvector lives in schema %1, which is not on the search path: its types are "
                           "written with the schema.")
                .arg(server.vectorSchema));
    }
    const QVersionNumber version =
        server.vectorVersion.value_or(QVersionNumber::fromString(server.vectorAvailableVersion));
    if (version.isNull())
        return;
    const bool hnsw = std::any_of(plans.begin(), plans.end(), hasHnsw);
    if (hnsw && version >= firstParallel && version < firstSafeParallel
        && server.maxParallelMaintenanceWorkers > 0)
        findings
            .warning("vector-cve", FindingGroup::WillMove, place,
                QStringLiteral("pgvector %1 has a known defect in parallel index builds (CVE-2026-3172, "
                               "fixed in 0.8.2).")
                    .arg(version.toString()))
            .hint = QStringLiteral("Update pgvector, or set max_parallel_maintenance_workers = 0 for this "
                                   "role or database until then.");
    if (hnsw && version < firstIterative)
        findings.note("vector-no-iterative-scan", FindingGroup::WillChange, place,
            QStringLiteral("pgvector %1 filters after the index scan and may return fewer rows than asked "
                           "for; 0.8.0 goes on searching.")
                .arg(version.toString()));
}

/// Types and indexes that the server's pgvector is too old for, each with the way out.
void checkFeatures(Findings& findings, const QVersionNumber& version)
{
    const CollectionPlan& plan = findings.plan();
    for (int i = 0; i < plan.vectors.size(); ++i) {
        const VectorPlan& vector = plan.vectors.at(i);
        const bool half = vector.type == QLatin1String("halfvec");
        if ((half || vector.type == QLatin1String("sparsevec")) && version < firstHalfvec) {
            findings
                .blocker("vector-too-old", FindingGroup::CannotMove,
                    QStringLiteral("vectors[%1].type").arg(i),
                    QStringLiteral("Type %1 needs pgvector 0.7.0; this server has %2.")
                        .arg(vector.type, version.toString()))
                .hint =
                QStringLiteral("Update pgvector (ALTER EXTENSION vector UPDATE after the new package).");
            const QString instead = half ? QStringLiteral("vector") : QStringLiteral("jsonb");
            findings.fix(QStringLiteral("store column %1 as %2").arg(vector.column, instead),
                QStringLiteral("vectors[%1].type").arg(i), instead);
        }
    }
    for (int i = 0; i < plan.indexes.size(); ++i) {
        const IndexPlan& index = plan.indexes.at(i);
        const QString place = QStringLiteral("indexes[%1]").arg(i);
        const bool newer = !index.cast.isEmpty() || index.opclass.contains(QLatin1String("l1_ops"))
            || index.opclass.startsWith(QLatin1String("halfvec"))
            || index.opclass.startsWith(QLatin1String("sparsevec"));
        if (index.kind == QLatin1String("hnsw")
            && (version < firstHnsw || (newer && version < firstHalfvec))) {
            findings.blocker("index-too-new", FindingGroup::CannotMove, place,
                QStringLiteral("The index on %1 needs pgvector %2; this server has %3.")
                    .arg(index.on.join(QStringLiteral(", ")),
                        newer ? QStringLiteral("0.7.0") : QStringLiteral("0.5.0"), version.toString()));
            findings.fix(QStringLiteral("leave the index out"), place + QStringLiteral(".kind"),
                QStringLiteral("none"));
        }
    }
}

void checkRights(Findings& findings)
{
    const CheckInput& input = findings.input();
    const TargetPlan& target = input.plan.target;
    if (input.schemaRights) {
        const SchemaRights& rights = *input.schemaRights;
        const bool creates = std::any_of(input.plan.collections.begin(), input.plan.collections.end(),
            [&input](const CollectionPlan& plan) {
                const bool keeps = plan.mode == TableMode::Append || plan.mode == TableMode::Merge;
                return !keeps || !input.tables.value(plan.table);
            });
        const QString grant =
            QStringLiteral("Let its owner run: GRANT USAGE, CREATE ON SCHEMA %1 TO %2.")
                .arg(target.schema, input.server ? input.server->user : QStringLiteral("<role>"));
        if (!rights.exists) {
            if (input.server && !input.server->mayCreateInDatabase)
                findings
                    .blocker("schema-missing", FindingGroup::CannotMove, QStringLiteral("target.schema"),
                        QStringLiteral("Schema %1 does not exist, and this role may not create schemas here.")
                            .arg(target.schema))
                    .hint = QStringLiteral("Choose another schema, or let an administrator create this one.");
            else
                findings.note("schema-will-be-created", FindingGroup::WillMove,
                    QStringLiteral("target.schema"),
                    QStringLiteral("Schema %1 will be created.").arg(target.schema));
        } else if (!rights.mayUse || (creates && !rights.mayCreate)) {
            findings
                .blocker("schema-rights", FindingGroup::CannotMove, QStringLiteral("target.schema"),
                    QStringLiteral("This role may not create tables in schema %1.").arg(target.schema))
                .hint = grant;
        }
    }
    if (input.ledgerUsable && !*input.ledgerUsable) {
        findings
            .blocker("ledger-rights", FindingGroup::CannotMove, QStringLiteral("target.ledgerSchema"),
                QStringLiteral("This role may not keep the run's book-keeping in schema %1: it can create "
                               "neither the schema nor tables in it.")
                    .arg(target.ledgerSchema))
            .hint =
            QStringLiteral("Name a schema in which the role may create tables, or let an "
                           "administrator run CREATE SCHEMA %1 AUTHORIZATION %2.")
                .arg(target.ledgerSchema, input.server ? input.server->user : QStringLiteral("<role>"));
        if (input.schemaRights && input.schemaRights->mayCreate && target.schema != target.ledgerSchema)
            findings.fix(QStringLiteral("keep it in schema %1, beside the tables").arg(target.schema),
                QStringLiteral("target.ledgerSchema"), target.schema);
    }
    if (input.writeProbe) {
        Finding& finding = findings.blocker("write-probe", FindingGroup::CannotMove, QStringLiteral("target"),
            QStringLiteral("A trial write failed: %1").arg(input.writeProbe->summary));
        finding.hint = input.writeProbe->hint.isEmpty() ? input.writeProbe->detail : input.writeProbe->hint;
    } else if (!input.writeProbeMade && input.server) {
        findings.note("write-not-tried", FindingGroup::WillMove, QStringLiteral("target"),
            QStringLiteral("No trial write was made."));
    }
}

} // namespace

void server(Findings& findings)
{
    const CheckInput& input = findings.input();
    findings.setCollection(-1);
    if (!input.server) {
        findings.note("target-not-checked", FindingGroup::WillMove, QStringLiteral("target"),
            QStringLiteral("The PostgreSQL side was not looked at: version, rights, existing tables and "
                           "memory are unknown."));
        return;
    }
    checkVersion(findings, *input.server);
    checkState(findings, *input.server);
    checkExtension(findings, *input.server);
    checkRights(findings);
    const QVersionNumber version = input.server->vectorVersion.value_or(
        QVersionNumber::fromString(input.server->vectorAvailableVersion));
    for (int i = 0; !version.isNull() && i < input.plan.collections.size(); ++i) {
        findings.setCollection(i);
        checkFeatures(findings, version);
    }
    findings.setCollection(-1);
}

} // namespace qdrant2pg::checks
