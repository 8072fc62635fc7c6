// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/engine/retrylimits.h"
#include "core/plan/migrationplan.h"
#include "core/postgres/connection.h"
#include "core/qdrant/sourceoptions.h"
#include "core/qdrant/transport.h"

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <stop_token>

namespace qdrant2pg {

/// One row that differs between source and target.
struct Mismatch {
    /// missing, extra, content, changed-in-source.
    QString type;
    QString pointId;
    QString column;
    QString sourceValue;
    QString targetValue;
};

/// What verification found for one collection.
struct VerificationOutcome {
    QString collection;
    VerifyLevel level = VerifyLevel::None;
    /// identical, different, not-run, failed.
    QString result = QStringLiteral("not-run");
    /// In words, with what this level does not prove.
    QString sentence;
    qint64 sourceCount = -1;
    qint64 targetCount = -1;
    qint64 comparedRows = 0;
    QString algorithm;
    QString sourceDigest;
    QString targetDigest;
    /// The first of them; all are in the mismatch file when one was asked for.
    QList<Mismatch> mismatches;
    qint64 mismatchCount = 0;
    /// Rules by which legitimately different values were compared.
    QStringList rules;
    QString mismatchFile;
    std::chrono::milliseconds elapsed{};
    /// How Qdrant was read again, "REST" or "gRPC"; empty when it was not.
    QString transport;
};

/// What an earlier comparison of a collection found.
struct EarlierDifferences {
    /// Those that it named.
    QList<Mismatch> mismatches;
    /// All of them, which can be more.
    qint64 count = 0;
    qint64 comparedRows = 0;
};

struct VerifyRequest {
    MigrationPlan plan;
    SourceOptions source;
    TargetOptions target;
    /// Run whose ledger holds digests; empty to verify a plan without one (then `digest` reads the source
    /// again).
    QString runId;
    VerifyLevel level = VerifyLevel::Digest;
    int lanes = 2;
    /// How the run read points, and so how they are read again; nothing: decided by the plan.
    std::optional<TransportDecision> transport;
    /// For reading the source again; what PostgreSQL loses is repeated by the caller.
    RetryLimits retry;
    /// Folder for mismatch files; empty for none.
    QString outDir;
    /// Compare everything, also what an interrupted verification had done (it is remembered in outDir).
    bool restart = false;
    /// By collection: read only what these comparisons named again, at the full level, and leave all other
    /// collections alone. Empty to compare everything.
    QMap<QString, EarlierDifferences> again;
};

/// The verification phase as the engine calls it; core/verify implements it. Blocking, on a thread of the
/// caller; `progress(collection, fraction, note)` may be called from several threads. Read-only on both
/// sides.
class Verifier {
public:
    virtual ~Verifier() = default;
    using ProgressCallback =
        std::function<void(const QString& collection, double fraction, const QString& note)>;
    [[nodiscard]] virtual Result<QList<VerificationOutcome>> verify(
        const VerifyRequest& request, const ProgressCallback& progress, std::stop_token stop) = 0;
};

} // namespace qdrant2pg
