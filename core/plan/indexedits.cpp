// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/mappingedits.h"
#include "core/plan/propose/proposalparts.h"
#include "core/plan/schema/distances.h"

#include <algorithm>
#include <array>

namespace qdrant2pg {

namespace {

/// Parameters of pgvector's indexes, with the limits that it enforces.
struct ParameterRule {
    const char* kind;
    const char* name;
    int least;
    int most;
};
constexpr std::array parameterRules{ParameterRule{"hnsw", "m", 2, 100},
    ParameterRule{"hnsw", "ef_construction", 4, 1000}, ParameterRule{"ivfflat", "lists", 1, 32768}};

const ParameterRule* ruleOf(const QString& kind, const QString& name)
{
    for (const ParameterRule& rule : parameterRules) {
        if (kind == QLatin1String(rule.kind) && name == QLatin1String(rule.name))
            return &rule;
    }
    return nullptr;
}

QString parameterNames(const QString& kind)
{
    QStringList names;
    for (const ParameterRule& rule : parameterRules) {
        if (kind == QLatin1String(rule.kind))
            names << QStringLiteral("%1 (%2 to %3)")
                         .arg(QLatin1String(rule.name))
                         .arg(rule.least)
                         .arg(rule.most);
    }
    return names.join(QStringLiteral(", "));
}

QString typeOfColumn(const CollectionPlan& plan, const QString& column)
{
    for (const VectorPlan& vector : plan.vectors) {
        if (vector.column == column)
            return vector.type;
    }
    for (const PayloadColumnPlan& payload : plan.payload.columns) {
        if (payload.column == column)
            return payload.type;
    }
    if (plan.payload.keep != PayloadKeep::None && plan.payload.column == column)
        return QStringLiteral("jsonb");
    return column == plan.id.column ? idTypeName(plan.id.type) : plan.shardKeyType;
}

const VectorPlan* vectorOfColumn(const CollectionPlan& plan, const QString& column)
{
    for (const VectorPlan& vector : plan.vectors) {
        if (vector.column == column)
            return &vector;
    }
    return nullptr;
}

bool isVectorIndex(const QString& kind)
{
    return kind == QLatin1String("hnsw") || kind == QLatin1String("ivfflat");
}

} // namespace

QStringList indexKindChoices(const CollectionPlan& plan, const QString& column)
{
    const QString type = typeOfColumn(plan, column);
    const QString none = QStringLiteral("none");
    if (vectorOfColumn(plan, column)) {
        if (type == QLatin1String("vector") || type == QLatin1String("halfvec"))
            return {QStringLiteral("hnsw"), QStringLiteral("ivfflat"), none};
        if (type == QLatin1String("sparsevec"))
            return {QStringLiteral("hnsw"), none};
        return {none};
    }
    if (type == QLatin1String("jsonb") || type.endsWith(QLatin1String("[]")))
        return {QStringLiteral("gin"), none};
    if (type == QLatin1String("point"))
        return {QStringLiteral("gist"), none};
    return {QStringLiteral("btree"), none};
}

QStringList opclassChoices(const CollectionPlan& plan, const IndexPlan& index)
{
    if (index.kind == QLatin1String("none") || index.on.size() != 1 || !index.expression.isEmpty())
        return {};
    if (const VectorPlan* vector = vectorOfColumn(plan, index.on.first())) {
        if (index.cast == QLatin1String("bit"))
            return {QStringLiteral("bit_hamming_ops"), QStringLiteral("bit_jaccard_ops")};
        const QString type = index.cast.isEmpty() ? vector->type : index.cast;
        QStringList choices;
        for (const char* distance : {"cosine", "dot", "euclid", "manhattan"}) {
            // IVFFlat has no operator class for Manhattan distance.
            if (index.kind == QLatin1String("ivfflat") && qstrcmp(distance, "manhattan") == 0)
                continue;
            choices << DistanceOperator::of(QLatin1String(distance)).opclassFor(type);
        }
        return choices;
    }
    if (index.kind == QLatin1String("gin") && typeOfColumn(plan, index.on.first()) == QLatin1String("jsonb"))
        return {QStringLiteral("jsonb_path_ops"), QStringLiteral("jsonb_ops")};
    return {};
}

CollectionPlan withIndexKind(const CollectionPlan& plan, int index, const QString& kind)
{
    CollectionPlan changed = plan;
    if (index < 0 || index >= changed.indexes.size() || changed.indexes.at(index).kind == kind)
        return plan;
    IndexPlan& edited = changed.indexes[index];
    const QString before = edited.kind;
    edited.kind = kind;
    edited.reason = QStringLiteral("Chosen by hand; it was %1.").arg(before);
    if (kind == QLatin1String("none"))
        return changed;
    edited.with.clear();
    if (kind == QLatin1String("hnsw"))
        edited.with = proposalparts::hnswParameters(16, 64);
    else if (kind == QLatin1String("ivfflat"))
        edited.with = {{QStringLiteral("lists"), 100}};
    const QStringList choices = opclassChoices(changed, edited);
    if (choices.isEmpty()) {
        edited.opclass.clear();
    } else if (!choices.contains(edited.opclass)) {
        edited.opclass = choices.first();
        if (const VectorPlan* vector = vectorOfColumn(changed, edited.on.value(0));
            vector && !vector->distance.isEmpty()) {
            const QString fitting = DistanceOperator::of(vector->distance)
                                        .opclassFor(edited.cast.isEmpty() ? vector->type : edited.cast);
            if (choices.contains(fitting))
                edited.opclass = fitting;
        }
    }
    return changed;
}

QString parametersText(const IndexPlan& index)
{
    QStringList parts;
    for (auto it = index.with.cbegin(); it != index.with.cend(); ++it)
        parts << it.key() + QLatin1Char('=') + it.value().toVariant().toString();
    // m before ef_construction, as pgvector's documentation has them.
    std::reverse(parts.begin(), parts.end());
    return parts.join(QStringLiteral(", "));
}

Result<CollectionPlan> withIndexParameters(const CollectionPlan& plan, int index, const QString& text)
{
    CollectionPlan changed = plan;
    if (index < 0 || index >= changed.indexes.size())
        return plan;
    IndexPlan& edited = changed.indexes[index];
    QMap<QString, QJsonValue> with;
    for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        const QString name = part.section(QLatin1Char('='), 0, 0).trimmed();
        const QString value = part.section(QLatin1Char('='), 1).trimmed();
        bool isNumber = false;
        const int number = value.toInt(&isNumber);
        const ParameterRule* rule = ruleOf(edited.kind, name);
        if (name.isEmpty() || value.isEmpty())
            return fail(ErrorKind::Usage, QStringLiteral("%1 is no parameter.").arg(part.trimmed()), {},
                QStringLiteral("Write name=value, separated by commas."));
        if (isVectorIndex(edited.kind) && !rule)
            return fail(ErrorKind::Usage,
                QStringLiteral("An index of kind %1 has no parameter %2.").arg(edited.kind, name), {},
                QStringLiteral("There are: %1.").arg(parameterNames(edited.kind)));
        if (rule && (!isNumber || number < rule->least || number > rule->most))
            return fail(ErrorKind::Usage,
                QStringLiteral("%1 takes %2 to %3, not %4.")
                    .arg(name)
                    .arg(rule->least)
                    .arg(rule->most)
                    .arg(value));
        with.insert(name, isNumber ? QJsonValue(number) : QJsonValue(value));
    }
    const int m = with.value(QStringLiteral("m")).toInt(16);
    const int candidates = with.value(QStringLiteral("ef_construction")).toInt(64);
    if (edited.kind == QLatin1String("hnsw") && candidates < 2 * m)
        return fail(ErrorKind::Usage,
            QStringLiteral("ef_construction must be at least twice m: %1 or more.").arg(2 * m));
    edited.with = with;
    return changed;
}

CollectionPlan withNewIndex(const CollectionPlan& plan, const QString& column)
{
    CollectionPlan changed = plan;
    IndexPlan index;
    index.kind = QStringLiteral("none");
    index.on << column;
    changed.indexes << index;
    const QStringList kinds = indexKindChoices(changed, column);
    changed = withIndexKind(changed, static_cast<int>(changed.indexes.size()) - 1, kinds.first());
    changed.indexes.last().reason = QStringLiteral("Added by hand.");
    return changed;
}

CollectionPlan withoutIndex(const CollectionPlan& plan, int index)
{
    CollectionPlan changed = plan;
    if (index >= 0 && index < changed.indexes.size())
        changed.indexes.removeAt(index);
    return changed;
}

} // namespace qdrant2pg
