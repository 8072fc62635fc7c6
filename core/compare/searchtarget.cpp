// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/compare/searchtarget.h"

#include "core/engine/rowencoder.h"
#include "core/plan/schema/distances.h"
#include "core/postgres/identifiers.h"

#include <QRegularExpression>

#include <algorithm>

namespace qdrant2pg {

namespace {

const QVersionNumber iterativeScanVersion(0, 8);
/// Candidates of a shorter index form, as the generated search functions take them.
constexpr int halfFactor = 4;
constexpr int halfLeast = 40;
constexpr int bitFactor = 20;
constexpr int bitLeast = 200;

VectorKind kindOf(const VectorPlan& vector)
{
    if (vector.type == QLatin1String("sparsevec"))
        return VectorKind::Sparse;
    return vector.type == QLatin1String("vector[]") ? VectorKind::Multi : VectorKind::Dense;
}

bool isOn(const ExistingIndex& index, const QString& column)
{
    static const QString word = QStringLiteral("(?:\\(|\\s)(?:%1|%2)(?:\\)|\\s|::)");
    const QRegularExpression wanted(
        word.arg(QRegularExpression::escape(column), QRegularExpression::escape(quoteIdentifier(column))));
    return index.definition.mid(index.definition.indexOf(QStringLiteral(" USING "))).contains(wanted);
}

void findIndex(SearchTarget& target, const ExistingTable& existing)
{
    const DistanceOperator& metric = DistanceOperator::of(target.vector.distance);
    QStringList others;
    for (const ExistingIndex& index : existing.indexes) {
        const bool method = index.method == QLatin1String("hnsw") || index.method == QLatin1String("ivfflat");
        if (!method || !isOn(index, target.vector.column))
            continue;
        const bool bit = index.definition.contains(QStringLiteral("binary_quantize"));
        const bool fits = bit ? index.definition.contains(QStringLiteral("bit_hamming_ops"))
                              : index.definition.contains(QLatin1Char('_') + QLatin1String(metric.opclass));
        if (!fits || !index.valid) {
            others << index.name
                    + (index.valid ? QStringLiteral(" (of another metric)") : QStringLiteral(" (invalid)"));
            continue;
        }
        target.indexName = index.name;
        target.indexMethod = index.method;
        target.indexCast = bit ? QStringLiteral("bit")
            : target.vector.type == QLatin1String("vector")
                && index.definition.contains(QStringLiteral("halfvec"))
            ? QStringLiteral("halfvec")
            : QString();
        return;
    }
    target.indexNote = others.isEmpty()
        ? QStringLiteral("The table has no vector index on %1.").arg(target.vector.column)
        : QStringLiteral("No vector index on %1 serves this metric: %2.")
              .arg(target.vector.column, others.join(QStringLiteral(", ")));
}

} // namespace

QString SearchTarget::typeName(const QString& type) const
{
    return vectorSchema.isEmpty() ? type : quoteIdentifier(vectorSchema) + QLatin1Char('.') + type;
}

QString SearchTarget::qualified() const
{
    return qualifiedName(schema, table);
}

QString SearchTarget::distance(const QString& stored, const QString& query) const
{
    const QString symbol = QString::fromLatin1(DistanceOperator::of(vector.distance).symbol);
    const QString op = vectorSchema.isEmpty()
        ? symbol
        : QStringLiteral("OPERATOR(%1.%2)").arg(quoteIdentifier(vectorSchema), symbol);
    return QStringLiteral("(%1 %2 %3)").arg(stored, op, query);
}

/// In full precision, so that only the stored values count.
QString SearchTarget::storedVector() const
{
    const QString column = QStringLiteral("t.") + quoteIdentifier(vector.column);
    if (vector.type == QLatin1String("smallint[]"))
        return QStringLiteral("%1::real[]::%2").arg(column, typeName(QStringLiteral("vector")));
    if (vector.type == QLatin1String("halfvec"))
        return QStringLiteral("%1::%2").arg(column, typeName(QStringLiteral("vector")));
    return column;
}

QString SearchTarget::queryParameter() const
{
    return QStringLiteral("$1::")
        + typeName(kind == VectorKind::Sparse ? QStringLiteral("sparsevec") : QStringLiteral("vector"));
}

QByteArray SearchTarget::exactSql(const QString& where, int limit) const
{
    const QString column = QStringLiteral("t.") + quoteIdentifier(vector.column);
    const QString id = QStringLiteral("t.") + quoteIdentifier(plan.id.column);
    if (kind == VectorKind::Multi) {
        const DistanceOperator& metric = DistanceOperator::of(vector.distance);
        const QString measured = distance(QStringLiteral("q.v"), QStringLiteral("d.v"));
        const QString similarity =
            metric.similarity ? QString::fromLatin1(metric.score).arg(measured) : QLatin1Char('-') + measured;
        return QStringLiteral(
            "SELECT id, -s FROM (SELECT %1::text AS id, (SELECT sum(b.m) FROM (SELECT max(%2) AS m "
            "FROM unnest($1::%3[]) WITH ORDINALITY AS q(v, n) CROSS JOIN unnest(%4) AS d(v) "
            "GROUP BY q.n) AS b) AS s FROM %5 AS t WHERE %4 IS NOT NULL AND (%6)) AS r "
            "ORDER BY s DESC NULLS LAST, id LIMIT %7")
            .arg(id, similarity, typeName(QStringLiteral("vector")), column, qualified(), where,
                QString::number(limit))
            .toUtf8();
    }
    const QString measured = distance(storedVector(), queryParameter());
    // Qdrant scores an all-zero vector 0 under Cosine, where pgvector has no number. Sparse vectors that
    // share no index with the query are no hits there.
    const QString ordered = vector.distance == QLatin1String("cosine")
        ? QStringLiteral("coalesce(nullif(%1, 'NaN'), 1)").arg(measured)
        : measured;
    const QString shares =
        kind == VectorKind::Sparse ? QStringLiteral(" AND %1 <> 0").arg(measured) : QString();
    return QStringLiteral(
        "SELECT %1::text, %2 FROM %3 AS t WHERE %4 IS NOT NULL%5 AND (%6) ORDER BY %2, %1 LIMIT %7")
        .arg(id, ordered, qualified(), column, shares, where, QString::number(limit))
        .toUtf8();
}

QByteArray SearchTarget::indexSql(const QString& where, int limit) const
{
    const QString column = QStringLiteral("t.") + quoteIdentifier(vector.column);
    const QString id = QStringLiteral("t.") + quoteIdentifier(plan.id.column);
    const QString full = distance(storedVector(), queryParameter());
    QString ordered = vector.type == QLatin1String("halfvec")
        ? distance(column, QStringLiteral("$1::") + typeName(QStringLiteral("halfvec")))
        : full;
    int candidates = limit;
    if (indexCast == QLatin1String("halfvec")) {
        const QString type =
            QStringLiteral("%1(%2)").arg(typeName(QStringLiteral("halfvec"))).arg(vector.dimensions);
        ordered = distance(QStringLiteral("%1::%2").arg(column, type), QStringLiteral("$1::%1").arg(type));
        candidates = std::max(limit * halfFactor, halfLeast);
    } else if (indexCast == QLatin1String("bit")) {
        const QString quantize = typeName(QStringLiteral("binary_quantize"));
        const QString hamming = vectorSchema.isEmpty()
            ? QStringLiteral("<~>")
            : QStringLiteral("OPERATOR(%1.<~>)").arg(quoteIdentifier(vectorSchema));
        ordered = QStringLiteral("%1(%2)::bit(%3) %4 %1($1::%5)::bit(%3)")
                      .arg(quantize, column)
                      .arg(vector.dimensions)
                      .arg(hamming, typeName(QStringLiteral("vector")));
        candidates = std::max(limit * bitFactor, bitLeast);
    }
    const QString from = QStringLiteral(
        "SELECT %1::text AS id, %2 AS d FROM %3 AS t WHERE %4 IS NOT NULL AND (%5) ORDER BY %6 LIMIT %7")
                             .arg(id, full, qualified(), column, where, ordered, QString::number(candidates));
    // Adding 0 keeps the planner from believing that a relaxed scan came in order.
    return QStringLiteral("WITH c AS MATERIALIZED (%1) SELECT id, d FROM c ORDER BY d + 0, id LIMIT %2")
        .arg(from, QString::number(limit))
        .toUtf8();
}

QByteArray SearchTarget::countSql(const QString& where) const
{
    return QStringLiteral("SELECT count(*) FROM %1 AS t WHERE t.%2 IS NOT NULL AND (%3)")
        .arg(qualified(), quoteIdentifier(vector.column), where)
        .toUtf8();
}

QByteArray SearchTarget::documentFrequencySql(const std::vector<std::uint32_t>& indices) const
{
    const QString column = QStringLiteral("t.") + quoteIdentifier(vector.column);
    QString sql = QStringLiteral("SELECT count(%1)").arg(column);
    for (const std::uint32_t index : indices)
        sql += QStringLiteral(", count(*) FILTER (WHERE %1 <> 0)")
                   .arg(distance(column,
                       QStringLiteral("'{%1:1}/%2'::%3")
                           .arg(quint64{index} + 1)
                           .arg(vector.dimensions)
                           .arg(typeName(QStringLiteral("sparsevec")))));
    return (sql + QStringLiteral(" FROM %1 AS t").arg(qualified())).toUtf8();
}

void SearchTarget::tolerateRounding()
{
    tolerance.relative = 1e-2;
}

double SearchTarget::score(double measured) const
{
    if (kind == VectorKind::Multi || vector.distance == QLatin1String("dot"))
        return -measured;
    return vector.distance == QLatin1String("cosine") ? 1 - measured : measured;
}

QString SearchTarget::scoreFormula() const
{
    const DistanceOperator& metric = DistanceOperator::of(vector.distance);
    const QString measured =
        QStringLiteral("%1 %2 query").arg(vector.column, QString::fromLatin1(metric.symbol));
    const QString score = QString::fromLatin1(metric.score);
    const bool bracketed = score.contains(QLatin1Char('(')) || score == QLatin1String("%1");
    const QString formula = score.arg(bracketed ? measured : QLatin1Char('(') + measured + QLatin1Char(')'));
    return kind == VectorKind::Multi
        ? QStringLiteral("sum over the query's vectors of the greatest %1")
              .arg(metric.similarity ? formula : QStringLiteral("-(%1)").arg(formula))
        : formula;
}

QString SearchTarget::idText(const PointId& id) const
{
    if (id.isNumber() && plan.id.type == IdType::Uuid && plan.id.numericIds == NumericIds::Uuid5)
        return PointId::fromUuid(numericIdAsUuid(plan.name.toUtf8(), id.number())).toString();
    return id.toString();
}

QString SearchTarget::idLiteral(const PointId& id) const
{
    const QString text = idText(id);
    const bool uuid = id.isUuid() || text != id.toString();
    switch (plan.id.type) {
    case IdType::Uuid:
        return uuid ? quoteLiteral(text) + QStringLiteral("::uuid") : QString();
    case IdType::Text:
        return quoteLiteral(text);
    case IdType::Bigint:
        return uuid || id.number() > static_cast<std::uint64_t>(INT64_MAX) ? QString() : text;
    case IdType::Numeric:
        return uuid ? QString() : text;
    }
    return {};
}

Result<SearchTarget> makeSearchTarget(Connection& connection, const MigrationPlan& plan,
    const CollectionPlan& collection, const VectorPlan& vector, const ServerProfile& server)
{
    const auto failed = [&](ErrorKind kind, const QString& summary, const QString& hint) {
        Error error = makeError(kind, summary, {}, hint);
        error.where.collection = collection.name;
        error.where.table = collection.table;
        error.where.column = vector.column;
        return fail(std::move(error));
    };
    if (vector.type == QLatin1String("jsonb"))
        return failed(ErrorKind::Unsupported,
            QStringLiteral("The vector %1 is kept as JSON, which PostgreSQL cannot search by distance.")
                .arg(vector.column),
            QStringLiteral("Choose another column type in the plan."));
    SearchTarget target;
    target.plan = collection;
    target.vector = vector;
    if (target.vector.distance.isEmpty())
        target.vector.distance = QStringLiteral("dot");
    target.kind = kindOf(vector);
    target.schema = plan.target.schema;
    if (server.vectorVersion && !server.vectorOnSearchPath)
        target.vectorSchema = server.vectorSchema;
    target.iterativeScan = server.vectorVersion && *server.vectorVersion >= iterativeScanVersion;
    target.higherIsBetter =
        target.kind == VectorKind::Multi || DistanceOperator::of(target.vector.distance).similarity;
    // Half floats and bytes are rounded on the way into Qdrant's arithmetic too.
    if (vector.type == QLatin1String("halfvec") || vector.type == QLatin1String("smallint[]"))
        target.tolerateRounding();
    if (target.vector.distance == QLatin1String("cosine"))
        target.tolerance.floor = 1;
    target.tolerance.comparable =
        target.kind != VectorKind::Multi || DistanceOperator::of(target.vector.distance).similarity;

    std::optional<ExistingTable> existing;
    for (const QString& name : {loadTableName(collection), collection.table}) {
        auto table = readTable(connection, target.schema, name);
        if (!table)
            return fail(table.error());
        if (*table) {
            existing = std::move(*table);
            target.table = name;
            break;
        }
    }
    if (!existing)
        return failed(ErrorKind::NotFound,
            QStringLiteral("Table %1 does not exist in schema %2.").arg(collection.table, target.schema),
            QStringLiteral("Migrate the collection first."));
    if (!existing->column(vector.column))
        return failed(ErrorKind::Schema,
            QStringLiteral("Table %1 has no column %2.").arg(target.table, vector.column),
            QStringLiteral("The table was changed since the plan was made; make the plan anew."));
    if (target.kind == VectorKind::Multi)
        target.indexNote = QStringLiteral("pgvector has no index for multivectors: every row is read.");
    else
        findIndex(target, *existing);
    return target;
}

} // namespace qdrant2pg
