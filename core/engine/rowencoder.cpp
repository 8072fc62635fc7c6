// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/rowencoder.h"

#include "core/common/jsontext.h"
#include "core/engine/payloadfields.h"
#include "core/engine/vectortext.h"

#include <QUuid>

#include <cstring>

namespace qdrant2pg {

namespace {

enum class FieldKind { Id, ShardKey, Vector, PayloadColumn, Payload };

struct Field {
    FieldKind kind = FieldKind::Id;
    /// Index into the plan's vectors or payload columns.
    int index = 0;
    ColumnType type = ColumnType::Text;
    qint64 dimensions = 0;
};

/// Never changed: rows of earlier runs are found again by it (design.md section 9).
const QUuid& numericIdNamespace()
{
    static const QUuid value(QStringLiteral("3930b74c-ff24-41fe-a46a-22e7b027ecd4"));
    return value;
}

struct Problem {
    QString column;
    QByteArray sqlState;
    QString reason;
};

} // namespace

struct RowEncoder::State {
    CollectionPlan plan;
    Options options;
    QByteArray collectionUtf8;
    std::vector<Field> fields;
    std::vector<std::string> vectorNames;
    std::vector<ParentTable> parentTables;
    std::vector<int> parentPayloadColumn;
    std::vector<std::string> parentNameKey;
    std::unique_ptr<PayloadFields> payload;
    std::string originalKeyToken;
    std::vector<ParentReference> parents;
    Changes changes;
    std::string scratch;

    std::optional<Problem> encodeId(const PointId& id, const Field& field, CopyBuffer& buffer) const;
    std::optional<Problem> encodeShardKey(
        std::string_view token, const Field& field, CopyBuffer& buffer) const;
    std::optional<Problem> encodeVector(
        const PointPage& page, const PointView& point, const Field& field, CopyBuffer& buffer);
    std::optional<Problem> encodeField(
        const PointPage& page, const PointView& point, const Field& field, CopyBuffer& buffer);
    void collectParents();
};

namespace {

std::optional<Problem> problemFrom(const QString& column, const EncodeResult& result)
{
    if (!result)
        return std::nullopt;
    return Problem{column, result->sqlState, result->reason};
}

} // namespace

std::array<std::uint8_t, 16> numericIdAsUuid(const QByteArray& collection, std::uint64_t number)
{
    const QByteArray name = collection + '/' + QByteArray::number(static_cast<qulonglong>(number));
    const QByteArray bytes = QUuid::createUuidV5(numericIdNamespace(), name).toRfc4122();
    std::array<std::uint8_t, 16> uuid{};
    std::memcpy(uuid.data(), bytes.constData(), uuid.size());
    return uuid;
}

std::optional<Problem> RowEncoder::State::encodeId(
    const PointId& id, const Field& field, CopyBuffer& buffer) const
{
    const QString& column = plan.id.column;
    switch (field.type) {
    case ColumnType::Uuid:
        if (id.isUuid()) {
            buffer.addUuid(id.uuid());
        } else if (plan.id.numericIds == NumericIds::Uuid5) {
            buffer.addUuid(numericIdAsUuid(collectionUtf8, id.number()));
        } else {
            return Problem{column, "22P02",
                QStringLiteral(
                    "the id is a number and the column holds UUIDs; choose numericIds = uuid5 or type text")};
        }
        return std::nullopt;
    case ColumnType::Bigint:
        if (id.isUuid())
            return Problem{column, "22P02",
                QStringLiteral("the id is a UUID and the column holds numbers; choose type text or uuid with "
                               "numericIds = uuid5")};
        if (id.number() > static_cast<std::uint64_t>(INT64_MAX))
            return Problem{column, "22003",
                QStringLiteral("the id is greater than a bigint can hold; choose type numeric")};
        buffer.addBigint(static_cast<std::int64_t>(id.number()));
        return std::nullopt;
    case ColumnType::Numeric:
        if (id.isUuid())
            return Problem{column, "22P02",
                QStringLiteral("the id is a UUID and the column holds numbers; choose type text or uuid with "
                               "numericIds = uuid5")};
        buffer.addNumeric(id.number());
        return std::nullopt;
    default:
        return problemFrom(column, buffer.addText(id.toStdString()));
    }
}

std::optional<Problem> RowEncoder::State::encodeShardKey(
    std::string_view token, const Field& field, CopyBuffer& buffer) const
{
    if (token.empty())
        return Problem{plan.shardKeyColumn, "23502", QStringLiteral("the point came without a shard key")};
    if (field.type == ColumnType::Jsonb)
        return problemFrom(plan.shardKeyColumn, buffer.addJsonb(token));
    if (token.front() != '"')
        return problemFrom(plan.shardKeyColumn, buffer.addText(token));
    const auto text = jsontext::unescape(token.substr(1, token.size() - 2));
    return problemFrom(plan.shardKeyColumn, buffer.addText(text.value_or(std::string())));
}

std::optional<Problem> RowEncoder::State::encodeVector(
    const PointPage& page, const PointView& point, const Field& field, CopyBuffer& buffer)
{
    const VectorPlan& vectorPlan = plan.vectors.at(field.index);
    const VectorView* vector = page.vectorOf(point, vectorNames[static_cast<std::size_t>(field.index)]);
    if (!vector) {
        if (vectorPlan.missing == MissingPolicy::Reject)
            return Problem{
                vectorPlan.column, "23502", QStringLiteral("the point has no vector for this column")};
        buffer.addNull();
        return std::nullopt;
    }
    if (vector->hasNonFinite && field.type != ColumnType::Jsonb) {
        if (vectorPlan.nonFinite == NonFinitePolicy::Reject)
            return Problem{vectorPlan.column, "22000",
                QStringLiteral("the vector holds a value that is not a number or infinite")};
        ++changes.nonFiniteNulled;
        buffer.addNull();
        return std::nullopt;
    }
    const auto wrongKind = [&] {
        return Problem{vectorPlan.column, "42804",
            QStringLiteral("the vector is not of the kind that the column holds")};
    };
    const bool denseColumn = field.type == ColumnType::Vector || field.type == ColumnType::Halfvec
        || field.type == ColumnType::SmallintArray;
    if (denseColumn) {
        if (vector->kind != VectorKind::Dense)
            return wrongKind();
        if (field.dimensions > 0 && static_cast<qint64>(vector->values.size()) != field.dimensions)
            return Problem{vectorPlan.column, "22000",
                QStringLiteral("the vector has %1 dimensions, the column %2")
                    .arg(vector->values.size())
                    .arg(field.dimensions)};
    }
    switch (field.type) {
    case ColumnType::Vector:
        return problemFrom(vectorPlan.column, buffer.addVector(vector->values));
    case ColumnType::Halfvec: {
        bool lossy = false;
        const auto result = buffer.addHalfvec(vector->values, &lossy);
        if (!result && lossy)
            ++changes.halfRounded;
        return problemFrom(vectorPlan.column, result);
    }
    case ColumnType::SmallintArray:
        return problemFrom(vectorPlan.column, buffer.addSmallintArray(vector->values));
    case ColumnType::Sparsevec: {
        if (vector->kind != VectorKind::Sparse)
            return wrongKind();
        int zeros = 0;
        const auto result = buffer.addSparsevec(field.dimensions, vector->indices, vector->values, &zeros);
        changes.sparseZerosDropped += result ? 0 : zeros;
        return problemFrom(vectorPlan.column, result);
    }
    case ColumnType::VectorArray:
        if (vector->kind != VectorKind::Multi)
            return wrongKind();
        return problemFrom(
            vectorPlan.column, buffer.addVectorArray(options.vectorOid, vector->rows, vector->values));
    case ColumnType::Jsonb:
        scratch.clear();
        appendVectorJson(scratch, *vector);
        buffer.addJsonbUnchecked(scratch);
        return std::nullopt;
    default:
        return wrongKind();
    }
}

std::optional<Problem> RowEncoder::State::encodeField(
    const PointPage& page, const PointView& point, const Field& field, CopyBuffer& buffer)
{
    switch (field.kind) {
    case FieldKind::Id:
        return encodeId(point.id, field, buffer);
    case FieldKind::ShardKey:
        return encodeShardKey(point.shardKey, field, buffer);
    case FieldKind::Vector:
        return encodeVector(page, point, field, buffer);
    case FieldKind::PayloadColumn:
        return problemFrom(
            plan.payload.columns.at(field.index).column, payload->writeColumn(field.index, buffer));
    case FieldKind::Payload: {
        std::string_view original;
        std::string token;
        if (!originalKeyToken.empty() && plan.id.numericIds == NumericIds::Uuid5 && point.id.isNumber()) {
            token = originalKeyToken + ':' + point.id.toJson();
            original = token;
        }
        return problemFrom(plan.payload.column, payload->writePayload(original, buffer));
    }
    }
    return std::nullopt;
}

void RowEncoder::State::collectParents()
{
    parents.clear();
    std::optional<std::array<std::uint8_t, 16>> game;
    for (std::size_t i = 0; i < parentTables.size(); ++i) {
        const auto id = payload->uuidValue(parentPayloadColumn[i]);
        if (!id)
            continue;
        if (!parentTables[i].needsGame)
            game = id;
        ParentReference reference;
        reference.parent = static_cast<int>(i);
        reference.id = *id;
        reference.hasGame = parentTables[i].needsGame && game.has_value();
        if (reference.hasGame)
            reference.game = *game;
        reference.name = payload->memberText(parentNameKey[i]);
        parents.push_back(std::move(reference));
    }
}

Result<RowEncoder> RowEncoder::create(
    const CollectionPlan& plan, const TargetSchema& schema, const Options& options)
{
    auto state = std::make_unique<State>();
    state->plan = plan;
    state->options = options;
    state->collectionUtf8 = plan.name.toUtf8();
    for (const VectorPlan& vector : plan.vectors)
        state->vectorNames.push_back(vector.source.toStdString());
    if (!plan.id.originalKey.isEmpty())
        state->originalKeyToken = jsontext::quoted(plan.id.originalKey.toStdString());

    auto payload = PayloadFields::create(plan.payload, options.runStartMicros);
    if (!payload)
        return fail(payload.error());
    state->payload = std::make_unique<PayloadFields>(std::move(*payload));
    state->payload->setChanges(&state->changes);

    for (const ColumnSpec& column : schema.table.columns) {
        Field field;
        field.type = column.type;
        field.dimensions = column.dimensions;
        const auto vectorIt = std::find_if(plan.vectors.begin(), plan.vectors.end(),
            [&](const VectorPlan& v) { return v.column == column.name; });
        const auto payloadIt = std::find_if(plan.payload.columns.begin(), plan.payload.columns.end(),
            [&](const PayloadColumnPlan& c) { return c.column == column.name; });
        if (column.name == plan.id.column) {
            field.kind = FieldKind::Id;
        } else if (!plan.shardKeyColumn.isEmpty() && column.name == plan.shardKeyColumn) {
            field.kind = FieldKind::ShardKey;
        } else if (vectorIt != plan.vectors.end()) {
            field.kind = FieldKind::Vector;
            field.index = static_cast<int>(vectorIt - plan.vectors.begin());
            if (field.type == ColumnType::VectorArray && options.vectorOid == 0)
                return fail(ErrorKind::Schema,
                    QStringLiteral(
                        "The type vector is not known on this server, so column %1 cannot be written.")
                        .arg(column.name),
                    {}, QStringLiteral("Create the vector extension first."));
        } else if (payloadIt != plan.payload.columns.end()) {
            field.kind = FieldKind::PayloadColumn;
            field.index = static_cast<int>(payloadIt - plan.payload.columns.begin());
        } else if (column.name == plan.payload.column && plan.payload.keep != PayloadKeep::None) {
            field.kind = FieldKind::Payload;
        } else {
            return fail(ErrorKind::Schema,
                QStringLiteral("Column %1 of table %2 is not in the plan.")
                    .arg(column.name, schema.table.name));
        }
        state->fields.push_back(field);
    }
    for (const ParentTable& parent : schema.parents) {
        const QString columnName = schema.table.columns.at(parent.column).name;
        for (int i = 0; i < plan.payload.columns.size(); ++i) {
            if (plan.payload.columns.at(i).column != columnName)
                continue;
            QString nameKey = columnName;
            if (nameKey.endsWith(QLatin1String("_id")))
                nameKey = nameKey.chopped(3) + QStringLiteral("_name");
            state->parentTables.push_back(parent);
            state->parentPayloadColumn.push_back(i);
            state->parentNameKey.push_back(nameKey.toStdString());
        }
    }
    return RowEncoder(std::move(state));
}

RowEncoder::RowEncoder(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}
RowEncoder::~RowEncoder() = default;
RowEncoder::RowEncoder(RowEncoder&&) noexcept = default;
RowEncoder& RowEncoder::operator=(RowEncoder&&) noexcept = default;

const std::vector<RowEncoder::ParentReference>& RowEncoder::parents() const
{
    return m_state->parents;
}

const RowEncoder::Changes& RowEncoder::changes() const
{
    return m_state->changes;
}

std::optional<RejectRow> RowEncoder::encode(const PointPage& page, const PointView& point, CopyBuffer& buffer)
{
    State& s = *m_state;
    std::optional<Problem> problem;
    const Changes before = s.changes;
    buffer.beginRow(static_cast<std::uint16_t>(s.fields.size()));
    if (const auto bad = s.payload->load(point.payload))
        problem = Problem{bad->column, bad->sqlState, bad->reason};
    for (std::size_t i = 0; !problem && i < s.fields.size(); ++i)
        problem = s.encodeField(page, point, s.fields[i], buffer);
    if (!problem) {
        buffer.endRow();
        if (!s.parentTables.empty())
            s.collectParents();
        return std::nullopt;
    }
    buffer.rollbackRow();
    s.changes = before;
    RejectRow reject;
    reject.collection = s.plan.name;
    reject.pointId = point.id.toString();
    reject.shardKey = QString::fromUtf8(point.shardKey.data(), static_cast<qsizetype>(point.shardKey.size()));
    reject.stage = QStringLiteral("encode");
    reject.column = problem->column;
    reject.sqlState = problem->sqlState;
    reject.reason = problem->reason;
    if (s.options.keepRawPoints)
        reject.rawPoint = rawPointText(page, point);
    return reject;
}

} // namespace qdrant2pg
