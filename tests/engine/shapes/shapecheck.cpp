// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/shapes/shapecheck.h"

#include "core/plan/targetschema.h"
#include "core/postgres/identifiers.h"
#include "core/postgres/ledger.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <set>

namespace qdrant2pg::test {

namespace {

std::vector<float> floatsIn(std::string_view text)
{
    std::vector<float> values;
    std::size_t i = 0;
    while (i < text.size()) {
        if (text.find_first_of("0123456789-+NI", i) != i) {
            ++i;
            continue;
        }
        float value = 0;
        const auto end = std::from_chars(text.data() + i, text.data() + text.size(), value);
        values.push_back(value);
        i = static_cast<std::size_t>(end.ptr - text.data()) + (end.ptr == text.data() + i ? 1 : 0);
    }
    return values;
}

/// Vectors that went through the server's arithmetic (Cosine) may differ in their last bits from ours.
QString differenceOfFloats(const std::vector<float>& wanted, const std::vector<float>& found, float relative)
{
    if (wanted.size() != found.size())
        return QStringLiteral("%1 values expected, got %2").arg(wanted.size()).arg(found.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const bool same = std::bit_cast<std::uint32_t>(wanted[i]) == std::bit_cast<std::uint32_t>(found[i]);
        if (same || (relative > 0 && std::abs(wanted[i] - found[i]) <= relative * std::abs(wanted[i])))
            continue;
        return QStringLiteral("element %1: %2 expected, got %3")
            .arg(i)
            .arg(static_cast<double>(wanted[i]), 0, 'g', 9)
            .arg(static_cast<double>(found[i]), 0, 'g', 9);
    }
    return {};
}

QString differenceOfSparse(const demo::StoredVector& wanted, const std::string& text, qint64 dimensions)
{
    std::vector<std::uint32_t> indices;
    std::vector<float> values;
    for (std::size_t i = 0; i < wanted.indices.size(); ++i) {
        if (wanted.values[i] == 0)
            continue;
        indices.push_back(wanted.indices[i]);
        values.push_back(wanted.values[i]);
    }
    const std::size_t close = text.find('}');
    if (text.substr(close + 1) != '/' + std::to_string(dimensions))
        return QStringLiteral("dimension %1").arg(QString::fromStdString(text.substr(close + 1)));
    std::vector<std::uint32_t> foundIndices;
    std::vector<float> foundValues;
    std::size_t i = 1;
    while (i < close) {
        const std::size_t colon = text.find(':', i);
        const std::size_t end = std::min(text.find(',', colon), close);
        foundIndices.push_back(static_cast<std::uint32_t>(std::stoul(text.substr(i, colon - i)) - 1));
        float value = 0;
        std::from_chars(text.data() + colon + 1, text.data() + end, value);
        foundValues.push_back(value);
        i = end + 1;
    }
    if (indices != foundIndices)
        return QStringLiteral("other indices");
    return differenceOfFloats(values, foundValues, 0);
}

QString differenceOfJson(const std::string& wanted, const QString& found, Likeness likeness)
{
    const std::string text = found.toStdString();
    const auto a = demo::Json::parse(wanted);
    const auto b = demo::Json::parse(text);
    if (!a || !b)
        return QStringLiteral("not JSON: %1").arg(found.left(80));
    return QString::fromStdString(differenceOfValues(*a, *b, likeness));
}

/// Relative tolerance for a vector that our own arithmetic brought into the stored form.
float uploadTolerance(const demo::VectorSpec* spec)
{
    if (spec == nullptr || spec->distance != demo::Distance::Cosine || spec->datatype == demo::Datatype::Uint8
        || spec->kind == demo::VectorKind::Sparse)
        return 0;
    return spec->datatype == demo::Datatype::Float16 ? 1e-3F : 1e-6F;
}

/// What a column of a simple type must hold for a value at a top-level key; nothing where this says nothing.
std::optional<std::optional<QString>> simpleColumn(const QString& type, const demo::Json* value)
{
    const std::optional<QString> null;
    if (value == nullptr || value->isNull())
        return null;
    if (type == QLatin1String("text"))
        return value->isString() ? std::optional(QString::fromStdString(value->text())) : null;
    if (type == QLatin1String("boolean"))
        return value->isBool()
            ? std::optional(QString(value->isTrue() ? QStringLiteral("true") : QStringLiteral("false")))
            : null;
    if (type == QLatin1String("bigint")) {
        if (const auto integer = value->toI64(); integer && value->isInteger())
            return std::optional(QString::number(*integer));
        if (value->isNumber())
            return std::nullopt;
        return null;
    }
    if (type == QLatin1String("uuid")) {
        const auto id = value->isString() ? demo::PointId::fromUuidText(value->text()) : std::nullopt;
        return id ? std::optional(QString::fromStdString(id->text())) : null;
    }
    return std::nullopt;
}

QString differenceOfColumns(const CollectionPlan& plan, const TableRow& row, const demo::Json& payload)
{
    for (const PayloadColumnPlan& column : plan.payload.columns) {
        const bool plain = column.path.indexOf(QLatin1Char('.')) < 0
            && column.path.indexOf(QLatin1Char('[')) < 0 && column.path.indexOf(QLatin1Char('"')) < 0;
        if (!plain || column.missing == MissingPolicy::Default)
            continue;
        const auto wanted = simpleColumn(column.type, payload.find(column.path.toStdString()));
        if (wanted && row.at(column.column) != *wanted)
            return QStringLiteral("column %1: %2 expected, got %3")
                .arg(column.column, wanted->value_or(QStringLiteral("NULL")).left(80),
                    row.at(column.column).value_or(QStringLiteral("NULL")).left(80));
    }
    return {};
}

/// SQLSTATEs with which this point may be rejected under that plan; none when it must be stored.
std::set<QByteArray> reasonsToReject(const CollectionPlan& plan, const ServedPoint& point)
{
    std::set<QByteArray> reasons;
    if (plan.payload.nul == NulPolicy::Reject && holdsNul(*demo::Json::parse(point.payload)))
        reasons.insert("22P05");
    for (const VectorPlan& vector : plan.vectors) {
        const auto found = point.vectors.find(vector.source.toStdString());
        if (vector.type == QLatin1String("jsonb"))
            continue;
        if (found == point.vectors.end()) {
            if (vector.missing == MissingPolicy::Reject)
                reasons.insert("23502");
            continue;
        }
        const auto& values = found->second.values;
        if (vector.nonFinite == NonFinitePolicy::Reject
            && std::any_of(values.begin(), values.end(), [](float f) { return !std::isfinite(f); }))
            reasons.insert("22000");
        if (vector.type != QLatin1String("sparsevec"))
            continue;
        if (!found->second.indices.empty() && found->second.indices.back() >= vector.dimensions)
            reasons.insert("22000");
        if (std::count_if(values.begin(), values.end(), [](float f) { return f != 0; }) > 16'000)
            reasons.insert("54000");
    }
    return reasons;
}

QString nameOf(const RowKey& key)
{
    return key.second.isEmpty() ? key.first : key.first + QLatin1Char('/') + key.second;
}

void readRows(MigrationBench& bench, ShapeResult& result, const MigrationPlan& plan)
{
    auto connection = Connection::open(bench.database.options());
    auto profile = readServerProfile(*connection);
    const auto schema = targetSchema(plan, result.plan, *profile);
    QStringList columns;
    for (const ColumnSpec& column : schema->table.columns)
        columns << quoteIdentifier(column.name) + QStringLiteral("::text");
    const QString sql =
        QStringLiteral("SELECT %1 FROM %2")
            .arg(columns.join(QStringLiteral(", ")), qualifiedName(schema->table.schema, result.plan.table));
    for (const QStringList& texts : bench.database.rows(sql.toUtf8())) {
        TableRow row;
        for (int i = 0; i < texts.size(); ++i)
            row[schema->table.columns.at(i).name] =
                texts.at(i).isNull() ? std::nullopt : std::optional(texts.at(i));
        RowKey key{row[result.plan.id.column].value_or(QString()),
            result.plan.shardKeyColumn.isEmpty() ? QString()
                                                 : row[result.plan.shardKeyColumn].value_or(QString())};
        if (!result.rows.emplace(key, std::move(row)).second)
            result.differences << nameOf(key) + QStringLiteral(" is there twice");
    }
    const Ledger ledger(result.outcome.ledgerSchema);
    const auto visited =
        ledger.visitRejects(*connection, result.outcome.runId, [&result](const RejectRow& reject) {
            QString shard = reject.shardKey;
            if (shard.startsWith(QLatin1Char('"')) && result.plan.shardKeyType == QLatin1String("text"))
                shard = shard.mid(1).chopped(1);
            if (!result.rejects
                     .emplace(RowKey{reject.pointId, shard}, std::pair{reject.sqlState, reject.reason})
                     .second)
                result.differences << reject.pointId + QStringLiteral(" is rejected twice");
            return true;
        });
    if (!visited)
        result.differences << visited.error().toText();
}

} // namespace

std::vector<ServedPoint> servedPoints(const demo::Collection& collection)
{
    return collection.read([](const demo::CollectionState& state) {
        std::vector<ServedPoint> points;
        for (const demo::StoredPoint& stored : state.points) {
            if (stored.deferred)
                continue;
            const demo::PointReader reader = state.reader(stored);
            ServedPoint point;
            point.id = stored.id;
            if (state.config.customSharding())
                point.shardKey = state.shardKeys.at(stored.shard);
            reader.appendPayload(point.payload);
            for (const demo::VectorSpec& spec : state.config.vectors()) {
                demo::StoredVector scratch;
                if (const demo::StoredVector* vector = reader.vector(spec.name, scratch))
                    point.vectors.emplace(spec.name, *vector);
            }
            points.push_back(std::move(point));
        }
        return points;
    });
}

std::optional<ServedPoint> recordedPoint(const demo::Json& record)
{
    const demo::Json* id = record.find("id");
    const demo::Json* payload = record.get("payload");
    const demo::Json* vector = record.get("vector");
    if (id == nullptr || payload == nullptr)
        return std::nullopt;
    const auto pointId = id->isString() ? demo::PointId::fromUuidText(id->text())
                                        : std::optional(demo::PointId::number(id->toU64().value_or(0)));
    if (!pointId)
        return std::nullopt;
    ServedPoint point;
    point.id = *pointId;
    if (const demo::Json* shard = record.get("shard_key"))
        point.shardKey = shard->raw();
    point.payload = payload->raw();
    const auto add = [&point](const std::string& name, const demo::Json& value) {
        if (auto stored = demo::StoredVector::fromAnswer(name, value))
            point.vectors.emplace(name, std::move(*stored));
    };
    point.hasVectors = vector != nullptr;
    if (vector == nullptr)
        return point;
    if (vector->isArray())
        add({}, *vector);
    for (const demo::Json::Member& member : vector->members())
        add(member.key, member.value);
    return point;
}

RowKey ShapeResult::keyOf(const ServedPoint& point) const
{
    QString shard;
    if (!plan.shardKeyColumn.isEmpty()) {
        shard = QString::fromStdString(point.shardKey);
        if (shard.startsWith(QLatin1Char('"')) && plan.shardKeyType == QLatin1String("text"))
            shard = QString::fromStdString(demo::Json::parse(point.shardKey)->text());
    }
    return {QString::fromStdString(point.id.text()), shard};
}

QString ShapeResult::difference(const ServedPoint& point, Likeness likeness) const
{
    const RowKey key = keyOf(point);
    const auto found = rows.find(key);
    if (found == rows.end())
        return nameOf(key) + QStringLiteral(" is not in the table");
    const TableRow& row = found->second;
    const auto say = [&key](const QString& where, const QString& what) {
        return QStringLiteral("%1 %2: %3").arg(nameOf(key), where, what);
    };
    for (const VectorPlan& vector : point.hasVectors ? plan.vectors : QList<VectorPlan>()) {
        const auto& text = row.at(vector.column);
        const auto stored = point.vectors.find(vector.source.toStdString());
        const bool none = stored == point.vectors.end()
            || (vector.nonFinite == NonFinitePolicy::Null && vector.type != QLatin1String("jsonb")
                && std::any_of(stored->second.values.begin(), stored->second.values.end(),
                    [](float f) { return !std::isfinite(f); }));
        if (none != !text)
            return say(vector.column,
                none ? QStringLiteral("a value out of nothing") : QStringLiteral("the vector is missing"));
        if (none)
            continue;
        const demo::StoredVector& wanted = stored->second;
        QString difference;
        if (vector.type == QLatin1String("jsonb")) {
            difference = differenceOfJson(wanted.text, *text, likeness);
        } else if (vector.type == QLatin1String("sparsevec")) {
            difference = differenceOfSparse(wanted, text->toStdString(), vector.dimensions);
        } else {
            const std::vector<float> found32 = floatsIn(text->toStdString());
            demo::VectorSpec spec;
            spec.distance =
                vector.distance == QLatin1String("cosine") ? demo::Distance::Cosine : demo::Distance::Dot;
            spec.datatype =
                vector.type == QLatin1String("halfvec") ? demo::Datatype::Float16 : demo::Datatype::Float32;
            difference = differenceOfFloats(
                wanted.values, found32, likeness == Likeness::Exact ? 0 : uploadTolerance(&spec));
            if (vector.type == QLatin1String("vector[]") && difference.isEmpty()
                && text->count(QLatin1Char('[')) * vector.dimensions
                    != static_cast<qint64>(wanted.values.size()))
                difference = QStringLiteral("other rows");
        }
        if (!difference.isEmpty())
            return say(vector.column, difference);
    }
    const auto payload = demo::Json::parse(point.payload);
    if (plan.payload.keep == PayloadKeep::All && plan.payload.nul == NulPolicy::Reject
        && plan.id.originalKey.isEmpty()) {
        const auto& text = row.at(plan.payload.column);
        if (!text)
            return say(plan.payload.column, QStringLiteral("is NULL"));
        const QString difference = differenceOfJson(point.payload, *text, likeness);
        if (!difference.isEmpty())
            return say(plan.payload.column, difference);
    }
    const QString columns = differenceOfColumns(plan, row, *payload);
    return columns.isEmpty() ? QString() : say(QString(), columns);
}

QString ShapeResult::idColumn() const
{
    switch (plan.id.type) {
    case IdType::Uuid:
        return QStringLiteral("uuid");
    case IdType::Bigint:
        return QStringLiteral("bigint");
    case IdType::Numeric:
        return QStringLiteral("numeric(20,0)");
    case IdType::Text:
        break;
    }
    return QStringLiteral("text");
}

QStringList ShapeResult::vectorColumns() const
{
    QStringList list;
    for (const VectorPlan& vector : plan.vectors) {
        QString type = vector.type;
        if (type == QLatin1String("vector[]"))
            type = QStringLiteral("vector(%1)[]").arg(vector.dimensions);
        else if (type == QLatin1String("vector") || type == QLatin1String("halfvec")
            || type == QLatin1String("sparsevec"))
            type += QStringLiteral("(%1)").arg(vector.dimensions);
        if (!list.contains(type))
            list << type;
    }
    return list;
}

ShapeResult checkShape(
    MigrationBench& bench, const QString& collection, const std::function<void(CollectionPlan&)>& change)
{
    ShapeResult result;
    RunRequest request = bench.request(collection);
    if (change)
        change(request.plan.collections.first());
    request.plan.run.maxRejects = 1'000'000;
    result.plan = request.plan.collections.first();
    const auto stored = bench.server.store().find(collection.toStdString());
    const std::vector<ServedPoint> points = servedPoints(*stored);
    result.points = static_cast<qint64>(points.size());

    QdrantClient client(bench.source());
    {
        auto connection = Connection::open(bench.database.options());
        FactOptions options;
        options.samplePoints = 1000;
        auto input = gatherCheckInput(request.plan, client, *connection, options, true);
        if (!input) {
            result.differences << input.error().toText();
            return result;
        }
        result.findings = checkPlan(*input);
    }
    for (const Finding& finding : result.findings) {
        if (finding.severity == Severity::Blocker)
            result.differences << QStringLiteral("blocked: %1").arg(finding.text);
    }
    result.outcome = bench.run(request);
    if (result.outcome.error || !isTerminal(result.outcome.state)
        || (result.outcome.state != RunState::Completed
            && result.outcome.state != RunState::CompletedWithRejects)) {
        result.differences << (result.outcome.error ? result.outcome.error->toText()
                                                    : runStateName(result.outcome.state));
        return result;
    }
    readRows(bench, result, request.plan);

    qint64 seen = 0;
    for (const ServedPoint& point : points) {
        const RowKey key = result.keyOf(point);
        const auto reasons = reasonsToReject(result.plan, point);
        const auto reject = result.rejects.find(key);
        if (!reasons.empty()) {
            if (reject == result.rejects.end())
                result.differences << nameOf(key) + QStringLiteral(" should be rejected and is not");
            else if (!reasons.contains(reject->second.first))
                result.differences << QStringLiteral("%1 is rejected for %2 %3")
                                          .arg(nameOf(key), QString::fromLatin1(reject->second.first),
                                              reject->second.second);
            if (result.rows.contains(key))
                result.differences << nameOf(key) + QStringLiteral(" is rejected and in the table");
            continue;
        }
        if (reject != result.rejects.end())
            result.differences
                << QStringLiteral("%1 is rejected without need: %2").arg(nameOf(key), reject->second.second);
        const QString difference = result.difference(point, Likeness::Exact);
        if (!difference.isEmpty())
            result.differences << difference;
        seen += result.rows.contains(key) ? 1 : 0;
    }
    if (seen != static_cast<qint64>(result.rows.size()))
        result.differences
            << QStringLiteral("%1 rows, of which %2 are points").arg(result.rows.size()).arg(seen);
    if (result.points != static_cast<qint64>(result.rows.size() + result.rejects.size()))
        result.differences << QStringLiteral("%1 points, but %2 rows and %3 rejects")
                                  .arg(result.points)
                                  .arg(result.rows.size())
                                  .arg(result.rejects.size());
    const bool announced = std::any_of(result.findings.begin(), result.findings.end(), [](const Finding& f) {
        return f.severity == Severity::Warning && f.group == FindingGroup::CannotMove;
    });
    if (!result.rejects.empty() && !announced)
        result.differences << QStringLiteral("points are rejected and no finding said so beforehand");
    return result;
}

} // namespace qdrant2pg::test
