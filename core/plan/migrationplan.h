// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/sourceoptions.h"

#include <QJsonValue>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>

namespace qdrant2pg {

/// The contract between wizard, command line, engine, ledger and report (design.md section 3). Plain values;
/// holds no secret. Words (types, policies) are enums here and the design's words in JSON.

enum class TransportChoice { Auto, Rest, Grpc };
enum class TableMode { Create, Append, Merge, Replace };
enum class IdType { Uuid, Bigint, Numeric, Text };
enum class NumericIds { Keep, Uuid5 };
enum class MissingPolicy { Null, Default, Reject };
enum class NonFinitePolicy { Reject, Null };
enum class NulPolicy { Reject, Strip, Replace };
enum class MisfitPolicy { Null, Reject };
enum class PayloadKeep { All, Unmapped, None };
enum class ParentPolicy { Create, NoConstraint, Reject };
enum class RunFlow { Stream, Staged };
enum class OnReject { Continue, Stop };
enum class PublishMode { Auto, Hold };
enum class VerifyLevel { None, Counts, Digest, Full };

struct SourcePlan {
    QString url;
    TransportChoice transport = TransportChoice::Auto;
    TlsOptions tls;
    QString consistency;
    /// Name of a connection profile; empty for none.
    QString profile;
    int grpcPort = 0;
    bool operator==(const SourcePlan&) const;
};

struct TargetPlan {
    /// Without password.
    QString conninfo;
    QString schema = QStringLiteral("public");
    QString ledgerSchema = QStringLiteral("qdrant2pg");
    QString profile;
    bool operator==(const TargetPlan&) const = default;
};

struct IdPlan {
    QString column = QStringLiteral("id");
    IdType type = IdType::Uuid;
    NumericIds numericIds = NumericIds::Keep;
    /// Key of the payload column under which the original id is kept when numericIds is Uuid5; empty for not
    /// at all.
    QString originalKey;
    QString reason;
    bool operator==(const IdPlan&) const = default;
};

struct VectorPlan {
    /// Qdrant's vector name, "" for the unnamed one.
    QString source;
    QString column;
    /// vector, halfvec, sparsevec, smallint[], vector[] or jsonb.
    QString type = QStringLiteral("vector");
    qint64 dimensions = 0;
    /// external or plain; empty for the type's own.
    QString storage;
    /// Null or Reject.
    MissingPolicy missing = MissingPolicy::Null;
    NonFinitePolicy nonFinite = NonFinitePolicy::Reject;
    QString reason;
    /// cosine, dot, euclid or manhattan: what the search functions and the search comparison measure. Empty
    /// for jsonb.
    QString distance;
    bool operator==(const VectorPlan&) const = default;
};

struct PayloadColumnPlan {
    /// Qdrant JSON path: a.b, "odd.key".x
    QString path;
    QString column;
    /// boolean, bigint, double precision, numeric, text, uuid, timestamptz, point, jsonb, or text[] bigint[]
    /// double precision[] boolean[]
    QString type;
    MissingPolicy missing = MissingPolicy::Null;
    /// For MissingPolicy::Default: a JSON scalar; the text "run-start" in a timestamptz column is the run's
    /// start.
    QJsonValue defaultValue;
    MisfitPolicy misfit = MisfitPolicy::Null;
    bool notNull = false;
    /// REFERENCES clause, for example "games(id) ON DELETE CASCADE"; empty for none.
    QString references;
    QString reason;
    bool operator==(const PayloadColumnPlan&) const = default;
};

struct PayloadPlan {
    /// jsonb column; empty with PayloadKeep::None.
    QString column = QStringLiteral("payload");
    PayloadKeep keep = PayloadKeep::All;
    NulPolicy nul = NulPolicy::Reject;
    /// Key whose object is merged over the other kept keys instead of being nested (context_items:
    /// "metadata").
    QString mergeKey;
    QList<PayloadColumnPlan> columns;
    bool operator==(const PayloadPlan&) const = default;
};

struct IndexPlan {
    /// Empty for a generated name.
    QString name;
    /// hnsw, ivfflat, btree, gin, gist or none (none with a reason: said plainly why there is no index).
    QString kind;
    QStringList on;
    /// "" or, for vectors over 2,000 dimensions, "halfvec" or "bit".
    QString cast;
    /// SQL expression instead of columns; empty for none.
    QString expression;
    QString opclass;
    QMap<QString, QJsonValue> with;
    QString reason;
    bool operator==(const IndexPlan&) const = default;
};

struct CollectionPlan {
    QString name;
    QString table;
    /// "generic" or "context_items".
    QString preset = QStringLiteral("generic");
    TableMode mode = TableMode::Create;
    IdPlan id;
    QList<VectorPlan> vectors;
    PayloadPlan payload;
    /// Column for the shard key; empty without custom sharding.
    QString shardKeyColumn;
    /// text, or jsonb where 7 and "7" are different keys.
    QString shardKeyType = QStringLiteral("text");
    /// Qdrant filter object as JSON text; empty for none.
    QByteArray filterJson;
    QList<IndexPlan> indexes;
    /// context_items only: points whose game_id has no row in games.
    ParentPolicy parents = ParentPolicy::Create;
    bool searchFunctions = true;
    bool analyze = true;
    /// Views named after the collection's aliases.
    QStringList aliasViews;
    /// COMMENT ON TABLE, from the collection's metadata; empty for none.
    QString comment;
    bool operator==(const CollectionPlan&) const = default;
};

struct RunPlan {
    RunFlow flow = RunFlow::Stream;
    /// 0 = automatic.
    int lanes = 0;
    int ranges = 0;
    qint64 pageBytes = 0;
    OnReject onReject = OnReject::Continue;
    qint64 maxRejects = 1000;
    bool rejectValues = true;
    PublishMode publish = PublishMode::Auto;
    VerifyLevel verify = VerifyLevel::Digest;
    /// Throttle of a live source, for the run and its verification; 0 = none.
    qint64 maxPointsPerSecond = 0;
    /// Pages that may be asked for at once, all lanes together; 0 = one for each lane.
    int maxRequestsInFlight = 0;
    bool operator==(const RunPlan&) const = default;
};

struct MigrationPlan {
    static constexpr int currentVersion = 1;
    SourcePlan source;
    TargetPlan target;
    QList<CollectionPlan> collections;
    RunPlan run;
    bool operator==(const MigrationPlan&) const = default;
};

QString idTypeName(IdType type);
QString tableModeName(TableMode mode);
QString verifyLevelName(VerifyLevel level);
std::optional<VerifyLevel> verifyLevelFromName(const QString& name);
std::optional<TableMode> tableModeFromName(const QString& name);

} // namespace qdrant2pg
