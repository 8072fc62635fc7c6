// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/schema/indexspecs.h"

#include "core/plan/schema/searchfunctions.h"
#include "core/postgres/identifiers.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace qdrant2pg {

namespace {

const VectorPlan* vectorOfColumn(const CollectionPlan& plan, const QString& column)
{
    for (const VectorPlan& vector : plan.vectors) {
        if (vector.column == column)
            return &vector;
    }
    return nullptr;
}

/// Opclasses of pgvector carry their schema when it is not on the search path; those of PostgreSQL never do.
QString qualifiedOpclass(const QString& opclass, const QString& vectorSchema)
{
    static const QStringList prefixes{QStringLiteral("vector_"), QStringLiteral("halfvec_"),
        QStringLiteral("sparsevec_"), QStringLiteral("bit_")};
    const bool ours = std::any_of(
        prefixes.begin(), prefixes.end(), [&opclass](const QString& p) { return opclass.startsWith(p); });
    return ours && !vectorSchema.isEmpty() ? quoteIdentifier(vectorSchema) + QLatin1Char('.') + opclass
                                           : opclass;
}

Result<QString> storageParameters(const CollectionPlan& plan, const IndexPlan& index)
{
    static const QRegularExpression word(QStringLiteral("\\A[a-z_][a-z0-9_]*\\z"));
    QStringList parts;
    for (auto it = index.with.cbegin(); it != index.with.cend(); ++it) {
        QString value;
        if (it.value().isDouble())
            value = QString::number(it.value().toInteger());
        else if (it.value().isBool())
            value = it.value().toBool() ? QStringLiteral("on") : QStringLiteral("off");
        else
            value = it.value().toString();
        if (!word.match(it.key()).hasMatch() || value.isEmpty()
            || value.contains(QRegularExpression(QStringLiteral("[^A-Za-z0-9_.-]"))))
            return fail(schemaError(
                plan, QStringLiteral("The index parameter %1 = %2 makes no sense.").arg(it.key(), value)));
        parts << it.key() + QLatin1Char('=') + value;
    }
    return parts.join(QStringLiteral(", "));
}

Result<QString> indexExpression(
    const CollectionPlan& plan, const TableSpec& table, const IndexPlan& index, const QString& vectorSchema)
{
    const QString opclass = index.opclass.isEmpty()
        ? QString()
        : QLatin1Char(' ') + qualifiedOpclass(index.opclass, vectorSchema);
    if (!index.expression.isEmpty())
        return QStringLiteral("(%1)%2").arg(index.expression, opclass);
    QStringList parts;
    for (const QString& name : index.on) {
        if (!table.column(name))
            return fail(schemaError(plan,
                QStringLiteral("An index is on column %1, which table %2 does not have.")
                    .arg(name, plan.table)));
        const QString column = quoteIdentifier(name);
        if (index.cast.isEmpty()) {
            parts << column + opclass;
            continue;
        }
        const VectorPlan* vector = vectorOfColumn(plan, name);
        if (!vector)
            return fail(schemaError(
                plan, QStringLiteral("An index casts column %1, which holds no vector.").arg(name)));
        const QString dimensions = QString::number(vector->dimensions);
        if (index.cast == QLatin1String("halfvec"))
            parts << QStringLiteral("(%1::%2(%3))%4")
                         .arg(column, vectorTypeName(index.cast, vectorSchema), dimensions, opclass);
        else
            parts << QStringLiteral("(%1(%2)::bit(%3))%4")
                         .arg(vectorTypeName(QStringLiteral("binary_quantize"), vectorSchema), column,
                             dimensions, opclass);
    }
    if (parts.isEmpty())
        return fail(
            schemaError(plan, QStringLiteral("An index of table %1 names no column.").arg(plan.table)));
    return parts.join(QStringLiteral(", "));
}

} // namespace

Result<QList<IndexSpec>> indexSpecs(
    const CollectionPlan& plan, const TableSpec& table, const QString& vectorSchema)
{
    QList<IndexSpec> specs;
    QSet<QString> names;
    for (const IndexPlan& index : plan.indexes) {
        if (index.kind == QLatin1String("none"))
            continue;
        IndexSpec spec;
        spec.method = index.kind;
        spec.reason = index.reason;
        auto expression = indexExpression(plan, table, index, vectorSchema);
        if (!expression)
            return fail(expression.error());
        spec.expression = *expression;
        auto with = storageParameters(plan, index);
        if (!with)
            return fail(with.error());
        spec.with = *with;
        QString name = index.name;
        if (name.isEmpty()) {
            const QString subject =
                index.on.isEmpty() ? QStringLiteral("expr") : index.on.join(QLatin1Char('_'));
            const QString base = QStringLiteral("%1_%2_%3").arg(plan.table, subject, index.kind);
            name = fittingIdentifier(base);
            for (int n = 2; names.contains(name); ++n)
                name = fittingIdentifier(base + QLatin1Char('_') + QString::number(n));
        }
        if (names.contains(name))
            return fail(
                schemaError(plan, QStringLiteral("The plan uses the index name %1 twice.").arg(name)));
        names.insert(name);
        spec.name = name;
        specs << spec;
    }
    return specs;
}

Error schemaError(const CollectionPlan& plan, const QString& summary)
{
    Error error = makeError(ErrorKind::Schema, summary);
    error.where.collection = plan.name;
    error.where.table = plan.table;
    return error;
}

} // namespace qdrant2pg
