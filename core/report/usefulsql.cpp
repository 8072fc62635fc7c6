// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/usefulsql.h"

#include "core/postgres/identifiers.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

constexpr int pgvectorDefaultEfSearch = 40;
constexpr int largestEfSearch = 1000;

struct SearchShape {
    /// What is ordered by, exactly as the index has it.
    QString expression;
    QString op;
    bool indexed = false;
    int efSearch = 0;
};

QString operatorFor(const QString& opclass)
{
    if (opclass.contains(QLatin1String("_ip_")))
        return QStringLiteral("<#>");
    if (opclass.contains(QLatin1String("_l2_")))
        return QStringLiteral("<->");
    if (opclass.contains(QLatin1String("_l1_")))
        return QStringLiteral("<+>");
    if (opclass.contains(QLatin1String("hamming")))
        return QStringLiteral("<~>");
    return QStringLiteral("<=>");
}

QString operatorFor(Distance distance)
{
    switch (distance) {
    case Distance::Cosine:
        return QStringLiteral("<=>");
    case Distance::Euclid:
        return QStringLiteral("<->");
    case Distance::Dot:
        return QStringLiteral("<#>");
    case Distance::Manhattan:
        return QStringLiteral("<+>");
    }
    return QStringLiteral("<=>");
}

QString castExpression(const VectorPlan& vector, const QString& cast)
{
    const QString column = quoteIdentifier(vector.column);
    if (cast == QLatin1String("halfvec"))
        return QStringLiteral("(%1::halfvec(%2))").arg(column).arg(vector.dimensions);
    if (cast == QLatin1String("bit"))
        return QStringLiteral("(binary_quantize(%1)::bit(%2))").arg(column).arg(vector.dimensions);
    return column;
}

SearchShape searchShape(
    const CollectionPlan& collection, const VectorPlan& vector, const CollectionInfo* info)
{
    SearchShape shape{quoteIdentifier(vector.column), QStringLiteral("<=>"), false, 0};
    const DenseVectorInfo* dense = info ? info->denseVector(vector.source) : nullptr;
    if (dense)
        shape.op = operatorFor(dense->distance);
    if (vector.type == QLatin1String("sparsevec"))
        shape.op = QStringLiteral("<#>");
    const auto index =
        std::find_if(collection.indexes.begin(), collection.indexes.end(), [&](const IndexPlan& candidate) {
            return (candidate.kind == QLatin1String("hnsw") || candidate.kind == QLatin1String("ivfflat"))
                && candidate.on.contains(vector.column);
        });
    if (index == collection.indexes.end())
        return shape;
    shape.expression = castExpression(vector, index->cast);
    shape.op = operatorFor(index->opclass);
    shape.indexed = true;
    if (index->kind == QLatin1String("hnsw")) {
        const int built = index->with.value(QStringLiteral("ef_construction")).toInt();
        // Qdrant searches with ef = ef_construct; pgvector's 40 would find less than users are used to.
        shape.efSearch =
            std::clamp(dense ? dense->hnsw.efConstruct : built, pgvectorDefaultEfSearch, largestEfSearch);
    }
    return shape;
}

bool isSearchable(const VectorPlan& vector)
{
    return vector.type == QLatin1String("vector") || vector.type == QLatin1String("halfvec")
        || vector.type == QLatin1String("sparsevec");
}

/// The column of a filter that shows a filtered search: one with an index of its own; empty when there is
/// none.
QString filterColumn(const CollectionPlan& collection)
{
    for (const IndexPlan& index : collection.indexes) {
        if (index.kind != QLatin1String("btree") || index.on.isEmpty())
            continue;
        return quoteIdentifier(index.on.first());
    }
    return {};
}

bool knowsIterativeScan(const std::optional<ServerProfile>& server)
{
    return !server || !server->vectorVersion || *server->vectorVersion >= QVersionNumber(0, 8, 0);
}

} // namespace

QList<UsefulSql> usefulSql(const MigrationPlan& plan, const CollectionPlan& collection,
    const CollectionInfo* info, const std::optional<ServerProfile>& server)
{
    const QString table = qualifiedName(plan.target.schema, collection.table);
    const QString id = quoteIdentifier(collection.id.column);
    QList<UsefulSql> list;
    list.append({QStringLiteral("Count the rows"), QStringLiteral("SELECT count(*) FROM %1;").arg(table)});
    QStringList shown{id};
    for (const PayloadColumnPlan& column : collection.payload.columns)
        shown << quoteIdentifier(column.column);
    if (collection.payload.keep != PayloadKeep::None && !collection.payload.column.isEmpty())
        shown << quoteIdentifier(collection.payload.column);
    list.append({QStringLiteral("Look at a few rows"),
        QStringLiteral("SELECT %1 FROM %2 ORDER BY %3 LIMIT 5;")
            .arg(shown.mid(0, 6).join(QStringLiteral(", ")), table, id)});

    QString filter;
    if (const QString column = filterColumn(collection); !column.isEmpty())
        filter = QStringLiteral("%1 = (SELECT %1 FROM %2 WHERE %1 IS NOT NULL LIMIT 1)").arg(column, table);
    for (const VectorPlan& vector : collection.vectors) {
        if (!isSearchable(vector))
            continue;
        const SearchShape shape = searchShape(collection, vector, info);
        const QString column = quoteIdentifier(vector.column);
        QString settings;
        if (shape.efSearch > 0)
            settings = QStringLiteral("SET hnsw.ef_search = %1;\n").arg(shape.efSearch);
        const QString query = QStringLiteral("(SELECT %1 FROM %2 WHERE %3 IS NOT NULL ORDER BY %4 LIMIT 1)")
                                  .arg(shape.expression, table, column, id);
        const auto search = [&](const QString& where) {
            return QStringLiteral("SELECT %1, %2 %3 %4 AS distance\nFROM %5%6\nORDER BY %2 %3 %4\nLIMIT 10;")
                .arg(id, shape.expression, shape.op, query, table,
                    where.isEmpty() ? QString() : QStringLiteral("\nWHERE ") + where);
        };
        const QString name =
            collection.vectors.size() > 1 ? QStringLiteral(" by %1").arg(vector.column) : QString();
        list.append(
            {QStringLiteral("Search%1: the ten nearest to a row that is there%2")
                    .arg(name,
                        shape.indexed ? QString() : QStringLiteral(" (no index: every row is compared)")),
                settings + search({})});
        if (!filter.isEmpty() && shape.indexed) {
            if (knowsIterativeScan(server) && shape.efSearch > 0)
                settings += QStringLiteral("SET hnsw.iterative_scan = strict_order;\n");
            list.append({QStringLiteral("The same with a filter; the iterative scan keeps the list full"),
                settings + search(filter)});
            filter.clear();
        }
    }
    return list;
}

QString psqlLine(const QString& conninfo)
{
    if (conninfo.isEmpty())
        return QStringLiteral("psql");
    QString quoted = conninfo;
    quoted.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
    return QStringLiteral("psql '%1'").arg(quoted);
}

} // namespace qdrant2pg
