// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/mappingedits.h"

#include "core/plan/json/planwords.h"
#include "core/plan/payloadvalues.h"
#include "core/plan/proposal.h"
#include "core/plan/propose/proposalparts.h"
#include "core/plan/schema/distances.h"
#include "core/postgres/identifiers.h"

#include <QRegularExpression>

#include <algorithm>

namespace qdrant2pg {

namespace {

/// More paths than anybody reads; the rest can be added by name.
constexpr qsizetype mostOfferedPaths = 200;
const QString uuid5Word = QStringLiteral("uuid5");
const QString byHand = QStringLiteral("Chosen by hand.");

template <class Plan> auto* vectorOf(Plan& plan, const QString& source)
{
    const auto found = std::find_if(plan.vectors.begin(), plan.vectors.end(),
        [&source](const VectorPlan& vector) { return vector.source == source; });
    return found == plan.vectors.end() ? nullptr : &*found;
}

template <class Plan> auto* payloadColumnOf(Plan& plan, const QString& path)
{
    const auto found = std::find_if(plan.payload.columns.begin(), plan.payload.columns.end(),
        [&path](const PayloadColumnPlan& column) { return column.path == path; });
    return found == plan.payload.columns.end() ? nullptr : &*found;
}

bool isSingle(const IndexPlan& index, const QString& column)
{
    return index.on == QStringList{column};
}

/// Indexes on that column alone.
QList<IndexPlan> indexesOf(const CollectionPlan& plan, const QString& column)
{
    QList<IndexPlan> list;
    for (const IndexPlan& index : plan.indexes) {
        if (isSingle(index, column))
            list << index;
    }
    return list;
}

void dropIndexesOn(CollectionPlan& plan, const QString& column)
{
    plan.indexes.removeIf([&column](const IndexPlan& index) { return index.on.contains(column); });
}

void renameInIndex(IndexPlan& index, const QString& from, const QString& to)
{
    if (!index.on.contains(from))
        return;
    for (QString& name : index.on) {
        if (name == from)
            name = to;
    }
    index.expression.replace(quoteIdentifier(from), quoteIdentifier(to));
}

/// The proposal's indexes of a column, under the column's present name.
QList<IndexPlan> proposedIndexes(
    const MappingBasis& basis, const QString& proposedColumn, const QString& column)
{
    QList<IndexPlan> list = basis.proposal ? indexesOf(*basis.proposal, proposedColumn) : QList<IndexPlan>();
    for (IndexPlan& index : list)
        renameInIndex(index, proposedColumn, column);
    return list;
}

/// Position in the proposal, so that what comes back stands where it stood.
void sortAsProposed(CollectionPlan& plan, const MappingBasis& basis)
{
    if (!basis.proposal)
        return;
    const CollectionPlan& proposal = *basis.proposal;
    const auto place = [](qsizetype index) {
        return index < 0 ? std::numeric_limits<qsizetype>::max() : index;
    };
    const auto columnPlace = [&](const PayloadColumnPlan& column) {
        const PayloadColumnPlan* found = payloadColumnOf(proposal, column.path);
        return place(found ? found - proposal.payload.columns.constData() : -1);
    };
    std::stable_sort(plan.payload.columns.begin(), plan.payload.columns.end(),
        [&](const auto& a, const auto& b) { return columnPlace(a) < columnPlace(b); });
    const auto vectorPlace = [&](const VectorPlan& vector) {
        const VectorPlan* found = vectorOf(proposal, vector.source);
        return place(found ? found - proposal.vectors.constData() : -1);
    };
    std::stable_sort(plan.vectors.begin(), plan.vectors.end(),
        [&](const auto& a, const auto& b) { return vectorPlace(a) < vectorPlace(b); });
    // By the source of the column, since columns may have other names by now.
    const auto sourceColumn = [&](const CollectionPlan& in, const QString& column) {
        for (const VectorPlan& vector : in.vectors) {
            if (vector.column == column)
                return QStringLiteral("v:") + vector.source;
        }
        for (const PayloadColumnPlan& payload : in.payload.columns) {
            if (payload.column == column)
                return QStringLiteral("p:") + payload.path;
        }
        return QStringLiteral("c:") + column;
    };
    QStringList order;
    for (const IndexPlan& index : proposal.indexes)
        order << sourceColumn(proposal, index.on.value(0)) + QLatin1Char('/') + index.expression;
    const auto indexPlace = [&](const IndexPlan& index) {
        const QString source = sourceColumn(plan, index.on.value(0));
        for (qsizetype i = 0; i < order.size(); ++i) {
            if (order.at(i).startsWith(source + QLatin1Char('/')))
                return i;
        }
        return std::numeric_limits<qsizetype>::max();
    };
    std::stable_sort(plan.indexes.begin(), plan.indexes.end(),
        [&](const auto& a, const auto& b) { return indexPlace(a) < indexPlace(b); });
}

QString freeColumn(const CollectionPlan& plan, const QString& wanted)
{
    const QStringList taken = columnNames(plan);
    QString name = fittingIdentifier(wanted);
    for (int n = 2; taken.contains(name); ++n)
        name = fittingIdentifier(wanted + QLatin1Char('_') + QString::number(n));
    return name;
}

QString typeOfProfile(const PathProfile& seen, bool many)
{
    const qint64 values = PayloadProfile::valueCount(seen);
    const bool array = many || seen.arrays > 0;
    const auto sized = [array](const char* type) {
        return QLatin1String(type) + (array ? QStringLiteral("[]") : QString());
    };
    if (values == 0 || (seen.arrays > 0 && seen.arrays < seen.present - seen.nulls && !many))
        return QStringLiteral("jsonb");
    if (seen.booleans == values)
        return sized("boolean");
    if (seen.integers == values && seen.bigIntegers == 0)
        return sized("bigint");
    if (seen.integers + seen.floats == values)
        return seen.floats > 0 || array ? sized("double precision") : QStringLiteral("numeric");
    if (seen.strings == values && array)
        return QStringLiteral("text[]");
    if (seen.strings == values && seen.uuidStrings == values)
        return QStringLiteral("uuid");
    if (seen.strings == values && seen.datetimeStrings == values)
        return QStringLiteral("timestamptz");
    if (seen.strings == values)
        return QStringLiteral("text");
    if (seen.geoObjects == values && !array)
        return QStringLiteral("point");
    return QStringLiteral("jsonb");
}

PayloadColumnPlan newColumn(const CollectionPlan& plan, const QString& path, const MappingBasis& basis)
{
    PayloadColumnPlan column;
    column.path = path;
    column.column = freeColumn(plan, identifierFromPath(path));
    const PathProfile* seen = basis.facts ? basis.facts->payload.path(path) : nullptr;
    const auto parsed = parsePayloadPath(path);
    const bool many = parsed && parsed->findsMany();
    column.type = seen ? typeOfProfile(*seen, many) : QStringLiteral("jsonb");
    column.reason = seen
        ? QStringLiteral("Chosen by hand; the sample shows %1.").arg(PayloadProfile::typeWords(*seen))
        : byHand;
    return column;
}

bool hasNoIndexKind(const QString& vectorType)
{
    return vectorType == QLatin1String("jsonb") || vectorType == QLatin1String("vector[]")
        || vectorType == QLatin1String("smallint[]");
}

/// The index of a vector as it would be proposed for its present type.
std::optional<IndexPlan> derivedIndex(const VectorPlan& vector, const MappingBasis& basis)
{
    if (!basis.facts)
        return std::nullopt;
    const auto features = proposalparts::Features::of(basis.server);
    if (const DenseVectorInfo* dense = basis.facts->info.denseVector(vector.source))
        return proposalparts::denseIndex(vector, *dense, features);
    if (const SparseVectorInfo* sparse = basis.facts->info.sparseVector(vector.source))
        return proposalparts::sparseIndex(vector, *sparse, *basis.facts);
    return std::nullopt;
}

void followType(
    CollectionPlan& plan, const VectorPlan& vector, const QString& before, const MappingBasis& basis)
{
    const auto derived = derivedIndex(vector, basis);
    for (IndexPlan& index : plan.indexes) {
        if (!isSingle(index, vector.column))
            continue;
        const bool chosenNone = index.kind == QLatin1String("none") && !hasNoIndexKind(before);
        if (chosenNone || !derived)
            continue;
        if (derived->kind == QLatin1String("none") || index.kind == QLatin1String("none")) {
            index = *derived;
            continue;
        }
        // Parameters are the person's or Qdrant's; only what the type decides follows it.
        index.opclass = derived->opclass;
        index.cast = derived->cast;
        index.reason = derived->reason;
    }
}

CollectionPlan withVectorType(
    const CollectionPlan& plan, const QString& source, const QString& type, const MappingBasis& basis)
{
    CollectionPlan changed = plan;
    VectorPlan* vector = vectorOf(changed, source);
    if (!vector || vector->type == type)
        return plan;
    const QString before = vector->type;
    const VectorPlan* proposed = basis.proposal ? vectorOf(*basis.proposal, source) : nullptr;
    vector->type = type;
    if (proposed && proposed->type == type) {
        vector->dimensions = proposed->dimensions;
        vector->distance = proposed->distance;
        vector->reason = proposed->reason;
    } else {
        const DenseVectorInfo* dense = basis.facts ? basis.facts->info.denseVector(source) : nullptr;
        vector->reason =
            proposed ? QStringLiteral("Chosen by hand; proposed was %1.").arg(proposed->type) : byHand;
        if (dense)
            vector->dimensions = dense->size;
        if (type == QLatin1String("jsonb"))
            vector->distance.clear();
        else if (dense)
            vector->distance = QString::fromLatin1(DistanceOperator::of(dense->distance).word);
        else if (vector->distance.isEmpty())
            vector->distance = QStringLiteral("dot");
        if (type == QLatin1String("sparsevec") && vector->dimensions < 1)
            vector->dimensions = 1'000'000'000;
    }
    followType(changed, *vector, before, basis);
    return changed;
}

QStringList vectorTypeChoices(const VectorPlan& vector, const MappingBasis& basis)
{
    const DenseVectorInfo* dense = basis.facts ? basis.facts->info.denseVector(vector.source) : nullptr;
    const bool sparse = basis.facts ? basis.facts->info.sparseVector(vector.source) != nullptr
                                    : vector.type == QLatin1String("sparsevec");
    QStringList choices;
    if (sparse)
        choices = {QStringLiteral("sparsevec"), QStringLiteral("jsonb")};
    else if (dense && dense->multivector)
        choices = {QStringLiteral("vector[]"), QStringLiteral("jsonb")};
    else
        choices = {QStringLiteral("vector"), QStringLiteral("halfvec"), QStringLiteral("jsonb")};
    if (dense && !dense->multivector && dense->datatype == VectorDatatype::Uint8)
        choices.insert(2, QStringLiteral("smallint[]"));
    if (!choices.contains(vector.type))
        choices << vector.type;
    return choices;
}

} // namespace

QStringList columnNames(const CollectionPlan& plan)
{
    QStringList names{plan.id.column};
    if (!plan.shardKeyColumn.isEmpty())
        names << plan.shardKeyColumn;
    for (const VectorPlan& vector : plan.vectors)
        names << vector.column;
    for (const PayloadColumnPlan& column : plan.payload.columns)
        names << column.column;
    if (plan.payload.keep != PayloadKeep::None)
        names << plan.payload.column;
    return names;
}

QList<MappingPlace> mappingPlaces(const CollectionPlan& plan, const MappingBasis& basis)
{
    QList<MappingPlace> places{{MappingKind::Id, {}}};
    if (!plan.shardKeyColumn.isEmpty())
        places << MappingPlace{MappingKind::ShardKey, {}};
    const auto add = [&places](MappingKind kind, const QString& key) {
        if (const MappingPlace place{kind, key}; !places.contains(place))
            places << place;
    };
    if (basis.proposal) {
        for (const VectorPlan& vector : basis.proposal->vectors)
            add(MappingKind::Vector, vector.source);
    }
    for (const VectorPlan& vector : plan.vectors)
        add(MappingKind::Vector, vector.source);
    if (basis.proposal) {
        for (const PayloadColumnPlan& column : basis.proposal->payload.columns)
            add(MappingKind::PayloadColumn, column.path);
    }
    if (basis.facts) {
        const QList<PathProfile> paths = basis.facts->payload.paths();
        for (const PathProfile& seen : paths.mid(0, mostOfferedPaths))
            add(MappingKind::PayloadColumn, seen.path);
    }
    for (const PayloadColumnPlan& column : plan.payload.columns)
        add(MappingKind::PayloadColumn, column.path);
    places << MappingPlace{MappingKind::Payload, {}};
    return places;
}

bool isMapped(const CollectionPlan& plan, const MappingPlace& place)
{
    switch (place.kind) {
    case MappingKind::Id:
        return true;
    case MappingKind::ShardKey:
        return !plan.shardKeyColumn.isEmpty();
    case MappingKind::Vector:
        return vectorOf(plan, place.key) != nullptr;
    case MappingKind::PayloadColumn:
        return payloadColumnOf(plan, place.key) != nullptr;
    case MappingKind::Payload:
        return plan.payload.keep != PayloadKeep::None;
    }
    return false;
}

bool mayBeLeftOut(const MappingPlace& place)
{
    return place.kind != MappingKind::Id && place.kind != MappingKind::ShardKey;
}

QString columnOf(const CollectionPlan& plan, const MappingPlace& place)
{
    switch (place.kind) {
    case MappingKind::Id:
        return plan.id.column;
    case MappingKind::ShardKey:
        return plan.shardKeyColumn;
    case MappingKind::Vector: {
        const VectorPlan* vector = vectorOf(plan, place.key);
        return vector ? vector->column : QString();
    }
    case MappingKind::PayloadColumn: {
        const PayloadColumnPlan* column = payloadColumnOf(plan, place.key);
        return column ? column->column : QString();
    }
    case MappingKind::Payload:
        return isMapped(plan, place) ? plan.payload.column : QString();
    }
    return {};
}

QString typeOf(const CollectionPlan& plan, const MappingPlace& place)
{
    switch (place.kind) {
    case MappingKind::Id:
        return plan.id.type == IdType::Uuid && plan.id.numericIds == NumericIds::Uuid5
            ? uuid5Word
            : planwords::textOf(planwords::idTypes, plan.id.type);
    case MappingKind::ShardKey:
        return plan.shardKeyType;
    case MappingKind::Vector: {
        const VectorPlan* vector = vectorOf(plan, place.key);
        return vector ? vector->type : QString();
    }
    case MappingKind::PayloadColumn: {
        const PayloadColumnPlan* column = payloadColumnOf(plan, place.key);
        return column ? column->type : QString();
    }
    case MappingKind::Payload:
        return isMapped(plan, place) ? planwords::textOf(planwords::keeps, plan.payload.keep) : QString();
    }
    return {};
}

QStringList typeChoices(const CollectionPlan& plan, const MappingPlace& place, const MappingBasis& basis)
{
    if (!isMapped(plan, place))
        return {};
    switch (place.kind) {
    case MappingKind::Id:
        return {QStringLiteral("uuid"), uuid5Word, QStringLiteral("bigint"), QStringLiteral("numeric"),
            QStringLiteral("text")};
    case MappingKind::ShardKey:
        return {QStringLiteral("text"), QStringLiteral("jsonb")};
    case MappingKind::Vector:
        return vectorTypeChoices(*vectorOf(plan, place.key), basis);
    case MappingKind::PayloadColumn:
        return planwords::payloadTypes();
    case MappingKind::Payload:
        return {QStringLiteral("all"), QStringLiteral("unmapped")};
    }
    return {};
}

QString reasonOf(const CollectionPlan& plan, const MappingPlace& place)
{
    switch (place.kind) {
    case MappingKind::Id:
        return plan.id.reason;
    case MappingKind::Vector: {
        const VectorPlan* vector = vectorOf(plan, place.key);
        return vector ? vector->reason : QString();
    }
    case MappingKind::PayloadColumn: {
        const PayloadColumnPlan* column = payloadColumnOf(plan, place.key);
        return column ? column->reason : QString();
    }
    case MappingKind::ShardKey:
    case MappingKind::Payload:
        break;
    }
    return {};
}

bool isChanged(const CollectionPlan& plan, const MappingPlace& place, const MappingBasis& basis)
{
    if (!basis.proposal)
        return false;
    const CollectionPlan& proposal = *basis.proposal;
    switch (place.kind) {
    case MappingKind::Id:
        return plan.id != proposal.id;
    case MappingKind::ShardKey:
        return plan.shardKeyColumn != proposal.shardKeyColumn || plan.shardKeyType != proposal.shardKeyType;
    case MappingKind::Vector: {
        const VectorPlan* now = vectorOf(plan, place.key);
        const VectorPlan* then = vectorOf(proposal, place.key);
        return !now != !then
            || (now && then
                && (*now != *then || indexesOf(plan, now->column) != indexesOf(proposal, then->column)));
    }
    case MappingKind::PayloadColumn: {
        const PayloadColumnPlan* now = payloadColumnOf(plan, place.key);
        const PayloadColumnPlan* then = payloadColumnOf(proposal, place.key);
        return !now != !then
            || (now && then
                && (*now != *then || indexesOf(plan, now->column) != indexesOf(proposal, then->column)));
    }
    case MappingKind::Payload:
        return plan.payload.column != proposal.payload.column || plan.payload.keep != proposal.payload.keep
            || plan.payload.nul != proposal.payload.nul;
    }
    return false;
}

CollectionPlan withMapped(
    const CollectionPlan& plan, const MappingPlace& place, bool mapped, const MappingBasis& basis)
{
    if (!mayBeLeftOut(place) || mapped == isMapped(plan, place))
        return plan;
    if (mapped && place.kind == MappingKind::PayloadColumn
        && !(basis.proposal && payloadColumnOf(*basis.proposal, place.key))) {
        CollectionPlan changed = plan;
        changed.payload.columns << newColumn(plan, place.key, basis);
        return changed;
    }
    if (mapped && place.kind == MappingKind::Payload) {
        CollectionPlan changed = plan;
        changed.payload.keep = PayloadKeep::All;
        if (changed.payload.column.isEmpty() || columnNames(plan).contains(changed.payload.column))
            changed.payload.column = freeColumn(plan, QStringLiteral("payload"));
        for (const IndexPlan& index : proposedIndexes(
                 basis, basis.proposal ? basis.proposal->payload.column : QString(), changed.payload.column))
            changed.indexes << index;
        sortAsProposed(changed, basis);
        return changed;
    }
    if (mapped)
        return withProposal(plan, place, basis);

    CollectionPlan changed = plan;
    dropIndexesOn(changed, columnOf(plan, place));
    if (place.kind == MappingKind::Vector)
        changed.vectors.removeIf([&](const VectorPlan& vector) { return vector.source == place.key; });
    else if (place.kind == MappingKind::PayloadColumn)
        changed.payload.columns.removeIf(
            [&](const PayloadColumnPlan& column) { return column.path == place.key; });
    else
        changed.payload.keep = PayloadKeep::None;
    return changed;
}

CollectionPlan withColumn(const CollectionPlan& plan, const MappingPlace& place, const QString& name)
{
    CollectionPlan changed = plan;
    const QString before = columnOf(plan, place);
    switch (place.kind) {
    case MappingKind::Id:
        changed.id.column = name;
        break;
    case MappingKind::ShardKey:
        changed.shardKeyColumn = name;
        break;
    case MappingKind::Vector:
        if (VectorPlan* vector = vectorOf(changed, place.key))
            vector->column = name;
        break;
    case MappingKind::PayloadColumn:
        if (PayloadColumnPlan* column = payloadColumnOf(changed, place.key))
            column->column = name;
        break;
    case MappingKind::Payload:
        changed.payload.column = name;
        break;
    }
    // A name that is used twice belongs to the other column: its indexes stay with it.
    if (columnNames(plan).count(before) == 1) {
        for (IndexPlan& index : changed.indexes)
            renameInIndex(index, before, name);
    }
    return changed;
}

CollectionPlan withType(
    const CollectionPlan& plan, const MappingPlace& place, const QString& type, const MappingBasis& basis)
{
    if (!typeChoices(plan, place, basis).contains(type) || typeOf(plan, place) == type)
        return plan;
    CollectionPlan changed = plan;
    switch (place.kind) {
    case MappingKind::Id: {
        const bool hashed = type == uuid5Word;
        changed.id.numericIds = hashed ? NumericIds::Uuid5 : NumericIds::Keep;
        changed.id.type =
            hashed ? IdType::Uuid : planwords::valueOf(planwords::idTypes, type).value_or(plan.id.type);
        const bool asProposed = basis.proposal && basis.proposal->id.type == changed.id.type
            && basis.proposal->id.numericIds == changed.id.numericIds;
        changed.id.reason = asProposed ? basis.proposal->id.reason : byHand;
        return changed;
    }
    case MappingKind::ShardKey:
        changed.shardKeyType = type;
        return changed;
    case MappingKind::Vector:
        return withVectorType(plan, place.key, type, basis);
    case MappingKind::PayloadColumn: {
        PayloadColumnPlan* column = payloadColumnOf(changed, place.key);
        column->type = type;
        const PayloadColumnPlan* proposed =
            basis.proposal ? payloadColumnOf(*basis.proposal, place.key) : nullptr;
        const bool asProposed = proposed && proposed->type == type;
        column->reason = asProposed ? proposed->reason
            : proposed              ? QStringLiteral("Chosen by hand; proposed was %1.").arg(proposed->type)
                                    : byHand;
        // An index kind that the new type does not have would make the plan unusable.
        const QStringList kinds = indexKindChoices(changed, column->column);
        for (IndexPlan& index : changed.indexes) {
            if (!isSingle(index, column->column) || !index.expression.isEmpty() || kinds.contains(index.kind))
                continue;
            index.kind = kinds.first();
            index.opclass.clear();
            index.with.clear();
            index.reason = QStringLiteral("%1 fits a column of type %2.").arg(index.kind, type);
        }
        return changed;
    }
    case MappingKind::Payload:
        changed.payload.keep = planwords::valueOf(planwords::keeps, type).value_or(plan.payload.keep);
        return changed;
    }
    return changed;
}

CollectionPlan withProposal(const CollectionPlan& plan, const MappingPlace& place, const MappingBasis& basis)
{
    if (!basis.proposal)
        return plan;
    const CollectionPlan& proposal = *basis.proposal;
    CollectionPlan changed = plan;
    const QString before = columnOf(plan, place);
    const QString proposedColumn = columnOf(proposal, place);
    if (!before.isEmpty() && columnNames(plan).count(before) == 1)
        changed.indexes.removeIf([&before](const IndexPlan& index) { return isSingle(index, before); });
    switch (place.kind) {
    case MappingKind::Id:
        changed.id = proposal.id;
        break;
    case MappingKind::ShardKey:
        changed.shardKeyColumn = proposal.shardKeyColumn;
        changed.shardKeyType = proposal.shardKeyType;
        break;
    case MappingKind::Vector: {
        changed.vectors.removeIf([&](const VectorPlan& vector) { return vector.source == place.key; });
        if (const VectorPlan* vector = vectorOf(proposal, place.key))
            changed.vectors << *vector;
        break;
    }
    case MappingKind::PayloadColumn: {
        changed.payload.columns.removeIf(
            [&](const PayloadColumnPlan& column) { return column.path == place.key; });
        if (const PayloadColumnPlan* column = payloadColumnOf(proposal, place.key))
            changed.payload.columns << *column;
        break;
    }
    case MappingKind::Payload:
        changed.payload.column = proposal.payload.column;
        changed.payload.keep = proposal.payload.keep;
        changed.payload.nul = proposal.payload.nul;
        break;
    }
    for (IndexPlan& index : changed.indexes)
        renameInIndex(index, before, proposedColumn);
    if (!proposedColumn.isEmpty())
        changed.indexes << indexesOf(proposal, proposedColumn);
    sortAsProposed(changed, basis);
    return changed;
}

Result<CollectionPlan> withPayloadPath(
    const CollectionPlan& plan, const QString& path, const MappingBasis& basis)
{
    const auto parsed = parsePayloadPath(path.trimmed());
    if (!parsed)
        return fail(parsed.error());
    const QString written = parsed->toString();
    if (payloadColumnOf(plan, written))
        return fail(ErrorKind::Usage, QStringLiteral("%1 has a column already.").arg(written));
    return withMapped(plan, {MappingKind::PayloadColumn, written}, true, basis);
}

CollectionPlan withSameAs(const CollectionPlan& plan, const CollectionPlan& other, const MappingPlace& place,
    const MappingBasis& basis)
{
    CollectionPlan changed = withMapped(plan, place, isMapped(other, place), basis);
    if (!isMapped(changed, place))
        return changed;
    changed = withType(changed, place, typeOf(other, place), basis);
    if (place.kind == MappingKind::Vector) {
        vectorOf(changed, place.key)->missing = vectorOf(other, place.key)->missing;
        vectorOf(changed, place.key)->nonFinite = vectorOf(other, place.key)->nonFinite;
    } else if (place.kind == MappingKind::PayloadColumn) {
        PayloadColumnPlan* to = payloadColumnOf(changed, place.key);
        const PayloadColumnPlan* from = payloadColumnOf(other, place.key);
        to->missing = from->missing;
        to->defaultValue = from->defaultValue;
        to->misfit = from->misfit;
    } else if (place.kind == MappingKind::Payload) {
        changed.payload.nul = other.payload.nul;
    }
    return changed;
}

Result<PresetChange> withPreset(const CollectionPlan& plan, const QString& preset, const MappingBasis& basis)
{
    if (!basis.facts)
        return fail(ErrorKind::Usage,
            QStringLiteral("The preset of %1 cannot change before its facts are read.").arg(plan.name), {},
            QStringLiteral("Go back to Collections and forward again."));
    auto proposed = proposeCollection(*basis.facts, preset, basis.server);
    if (!proposed)
        return fail(proposed.error());
    PresetChange change{*proposed, {}};
    CollectionPlan& next = change.plan;
    next.mode = plan.mode;
    next.filterJson = plan.filterJson;
    // What the proposal said gives way to the preset; what a person said is carried over where it has a
    // place.
    if (basis.proposal && plan.table != basis.proposal->table && preset != QLatin1String("context_items"))
        next.table = plan.table;
    else if (basis.proposal && plan.table != basis.proposal->table)
        change.dropped << QStringLiteral("table name %1").arg(plan.table);
    for (const MappingPlace& place : mappingPlaces(plan, basis)) {
        if (!isChanged(plan, place, basis))
            continue;
        const QString what = place.key.isEmpty() ? columnOf(plan, place) : place.key;
        if (preset == QLatin1String("context_items") || !isMapped(next, place) || !isMapped(plan, place)) {
            change.dropped << QStringLiteral("the changes of %1").arg(what);
            continue;
        }
        next = withColumn(next, place, columnOf(plan, place));
        next = withType(next, place, typeOf(plan, place), basis);
    }
    return change;
}

PlanPlace placeOfPath(const MigrationPlan& plan, const QString& path)
{
    static const QRegularExpression pattern(QStringLiteral("\\Acollections\\[(\\d+)\\](?:\\.(.*))?\\z"));
    static const QRegularExpression element(QStringLiteral("\\A([A-Za-z.]+)\\[(\\d+)\\]"));
    PlanPlace place;
    const auto match = pattern.match(path);
    if (!match.hasMatch() || match.captured(1).toInt() >= plan.collections.size())
        return place;
    place.collection = match.captured(1).toInt();
    const CollectionPlan& collection = plan.collections.at(place.collection);
    const QString inner = match.captured(2);
    const auto list = element.match(inner);
    const int number = list.captured(2).toInt();
    if (list.hasMatch() && list.captured(1) == QLatin1String("vectors") && number < collection.vectors.size())
        place.mapping = MappingPlace{MappingKind::Vector, collection.vectors.at(number).source};
    else if (list.hasMatch() && list.captured(1) == QLatin1String("payload.columns")
        && number < collection.payload.columns.size())
        place.mapping = MappingPlace{MappingKind::PayloadColumn, collection.payload.columns.at(number).path};
    else if (list.hasMatch() && list.captured(1) == QLatin1String("indexes"))
        place.index = number;
    else if (inner == QLatin1String("id") || inner.startsWith(QLatin1String("id.")))
        place.mapping = MappingPlace{MappingKind::Id, {}};
    else if (inner == QLatin1String("payload") || inner.startsWith(QLatin1String("payload.")))
        place.mapping = MappingPlace{MappingKind::Payload, {}};
    else if (inner.startsWith(QLatin1String("shardKey")))
        place.mapping = MappingPlace{MappingKind::ShardKey, {}};
    else
        place.field = inner;
    return place;
}

} // namespace qdrant2pg
