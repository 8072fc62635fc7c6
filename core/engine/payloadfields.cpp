// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/payloadfields.h"

#include "core/common/jsontext.h"
#include "core/plan/payloadvalues.h"
#include "core/postgres/columntype.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <charconv>
#include <cmath>
#include <vector>

namespace qdrant2pg {

namespace {

struct Member {
    /// Still escaped.
    std::string_view key;
    std::string_view value;
    /// Index of the column that took the value over; -1 when none did.
    int takenBy = -1;
};

/// A converted column value; which part counts follows from the column's type.
struct Value {
    bool isNull = true;
    bool boolean = false;
    std::int64_t integer = 0;
    double x = 0;
    double y = 0;
    std::array<std::uint8_t, 16> uuid{};
    /// Text, number token or JSON slice.
    std::string text;
    std::vector<std::optional<std::string>> texts;
    std::vector<std::optional<std::int64_t>> integers;
    std::vector<std::optional<double>> doubles;
    std::vector<std::optional<bool>> booleans;
};

struct Column {
    PayloadColumnPlan plan;
    ColumnType type = ColumnType::Text;
    PayloadPath path;
    /// Unescaped key of a top-level path.
    std::string topLevelKey;
    std::optional<std::string> defaultToken;
    bool defaultIsRunStart = false;
};

bool isNumberToken(std::string_view token)
{
    return !token.empty() && (token.front() == '-' || (token.front() >= '0' && token.front() <= '9'));
}

std::optional<double> toDouble(std::string_view token)
{
    if (!isNumberToken(token))
        return std::nullopt;
    double number = 0;
    const auto parsed = std::from_chars(token.data(), token.data() + token.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != token.data() + token.size())
        return std::nullopt;
    // An integer that a double cannot hold exactly would change without a word.
    if (token.find_first_of(".eE") == std::string_view::npos) {
        const auto integer = integerFromJson(token);
        if (!integer || std::abs(number) >= 9.2e18 || static_cast<std::int64_t>(number) != *integer)
            return std::nullopt;
    }
    return number;
}

std::optional<bool> toBoolean(std::string_view token)
{
    if (token == "true")
        return true;
    if (token == "false")
        return false;
    return std::nullopt;
}

/// Turns a JSON array, or a scalar as an array of one, into elements; false when an element does not fit.
template <class T, class Convert>
bool toArray(std::string_view token, std::vector<std::optional<T>>& out, Convert convert)
{
    out.clear();
    bool fits = true;
    const auto take = [&](std::string_view element) {
        if (element == "null") {
            out.emplace_back(std::nullopt);
            return true;
        }
        auto value = convert(element);
        fits = value.has_value();
        out.push_back(std::move(value));
        return fits;
    };
    if (token.empty())
        return false;
    if (token.front() == '[')
        return jsontext::forEachElement(token, take) && fits;
    return token.front() != '{' && take(token);
}

/// False when the JSON value does not fit the type.
bool convert(ColumnType type, std::string_view token, Value& value)
{
    const auto keep = [](auto&& from, auto& to) {
        if (from)
            to = *from;
        return from.has_value();
    };
    switch (type) {
    case ColumnType::Boolean:
        return keep(toBoolean(token), value.boolean);
    case ColumnType::Bigint:
        return keep(integerFromJson(token), value.integer);
    case ColumnType::Double:
        return keep(toDouble(token), value.x);
    case ColumnType::Numeric:
        if (!isNumberToken(token))
            return false;
        value.text = token;
        return true;
    case ColumnType::Text:
        return keep(stringFromJson(token), value.text);
    case ColumnType::Uuid: {
        const auto text = stringFromJson(token);
        return text && keep(parseUuidSpelling(*text), value.uuid);
    }
    case ColumnType::Timestamptz: {
        const auto text = stringFromJson(token);
        return text && keep(parseQdrantDatetime(*text), value.integer) && fitsTimestamptz(value.integer);
    }
    case ColumnType::Point: {
        const auto geo = parseGeoObject(token);
        if (geo) {
            value.x = geo->lon;
            value.y = geo->lat;
        }
        return geo.has_value();
    }
    case ColumnType::Jsonb:
        value.text = token;
        return true;
    case ColumnType::TextArray:
        return toArray(token, value.texts, stringFromJson);
    case ColumnType::BigintArray:
        return toArray(token, value.integers, integerFromJson);
    case ColumnType::DoubleArray:
        return toArray(token, value.doubles, toDouble);
    case ColumnType::BooleanArray:
        return toArray(token, value.booleans, toBoolean);
    default:
        return false;
    }
}

} // namespace

struct PayloadFields::State {
    PayloadPlan plan;
    std::int64_t runStartMicros = 0;
    std::vector<Column> columns;
    bool needsMembers = false;
    bool plainCopy = false;
    RowEncoder::Changes* changes = nullptr;
    RowEncoder::Changes unused;

    std::string_view payload;
    std::vector<Member> members;
    std::vector<Value> values;
    std::string scratch;
    std::vector<std::string_view> found;
    std::string foundArray;

    RowEncoder::Changes& counted() { return changes ? *changes : unused; }
    Member* member(std::string_view key);
    std::optional<std::string_view> find(const Column& column, Member** taken);
    std::optional<Problem> loadColumn(std::size_t index);
    std::optional<Problem> applyNulPolicy(const Column& column, std::string& text);
    EncodeResult addJsonb(std::string_view text, CopyBuffer& buffer);
    void buildKept(std::string_view extraMember);
};

Member* PayloadFields::State::member(std::string_view key)
{
    for (Member& candidate : members) {
        if (candidate.key == key)
            return &candidate;
        if (candidate.key.find('\\') != std::string_view::npos && jsontext::unescape(candidate.key) == key)
            return &candidate;
    }
    return nullptr;
}

std::optional<std::string_view> PayloadFields::State::find(const Column& column, Member** taken)
{
    *taken = nullptr;
    if (!column.path.isTopLevelKey()) {
        found.clear();
        column.path.find(payload, found);
        if (found.empty())
            return std::nullopt;
        if (!column.path.findsMany())
            return found.front();
        foundArray.assign("[");
        for (const std::string_view value : found) {
            if (foundArray.size() > 1)
                foundArray.push_back(',');
            foundArray += value;
        }
        foundArray.push_back(']');
        return std::string_view(foundArray);
    }
    *taken = member(column.topLevelKey);
    if (!*taken)
        return std::nullopt;
    return (*taken)->value;
}

std::optional<PayloadFields::Problem> PayloadFields::State::applyNulPolicy(
    const Column& column, std::string& text)
{
    if (text.find('\0') == std::string::npos)
        return std::nullopt;
    if (plan.nul == NulPolicy::Reject)
        return Problem{column.plan.column, "22P05",
            QStringLiteral("the text at %1 holds a NUL character (\\u0000), which PostgreSQL cannot store")
                .arg(column.plan.path)};
    std::string clean;
    for (const char c : text) {
        if (c != '\0')
            clean.push_back(c);
        else if (plan.nul == NulPolicy::Replace)
            clean += "\xEF\xBF\xBD";
    }
    text = std::move(clean);
    ++counted().nulsChanged;
    return std::nullopt;
}

std::optional<PayloadFields::Problem> PayloadFields::State::loadColumn(std::size_t index)
{
    const Column& column = columns[index];
    Value& value = values[index];
    value.isNull = true;
    Member* source = nullptr;
    const auto token = find(column, &source);
    const bool missing = !token || *token == "null";
    if (!missing) {
        value.isNull = !convert(column.type, *token, value);
        if (!value.isNull) {
            if (source)
                source->takenBy = static_cast<int>(index);
        } else if (column.plan.misfit == MisfitPolicy::Reject || column.plan.notNull) {
            return Problem{column.plan.column, "22P02",
                QStringLiteral("the value at %1 does not fit type %2")
                    .arg(column.plan.path, column.plan.type)};
        } else {
            ++counted().misfits;
        }
    } else if (column.plan.missing == MissingPolicy::Reject) {
        return Problem{column.plan.column, "23502",
            QStringLiteral("the payload has no value at %1").arg(column.plan.path)};
    } else {
        if (source)
            source->takenBy = static_cast<int>(index);
        if (column.plan.missing == MissingPolicy::Default) {
            if (column.defaultIsRunStart) {
                value.integer = runStartMicros;
                value.isNull = false;
            } else if (column.defaultToken) {
                value.isNull = !convert(column.type, *column.defaultToken, value);
            }
            if (!value.isNull)
                ++counted().defaults;
        }
    }
    if (value.isNull) {
        if (column.plan.notNull)
            return Problem{column.plan.column, "23502",
                QStringLiteral("the payload has no value at %1, and the column must have one")
                    .arg(column.plan.path)};
        return std::nullopt;
    }
    if (column.type == ColumnType::Text)
        return applyNulPolicy(column, value.text);
    if (column.type == ColumnType::TextArray) {
        for (auto& element : value.texts) {
            if (!element)
                continue;
            if (auto problem = applyNulPolicy(column, *element))
                return problem;
        }
    }
    return std::nullopt;
}

void PayloadFields::State::buildKept(std::string_view extraMember)
{
    scratch.clear();
    scratch.push_back('{');
    const auto separate = [this] {
        if (scratch.size() > 1 && scratch.back() != '{')
            scratch.push_back(',');
    };
    const auto append = [&](std::string_view key, std::string_view value) {
        separate();
        scratch.push_back('"');
        scratch += key;
        scratch += "\":";
        scratch += value;
    };
    if (!extraMember.empty())
        scratch += extraMember;

    std::string_view merged;
    if (!plan.mergeKey.isEmpty()) {
        const Member* inner = member(plan.mergeKey.toStdString());
        if (inner && inner->takenBy < 0 && inner->value.front() == '{')
            merged = inner->value;
    }
    std::vector<const Member*> overridden;
    for (const Member& candidate : members) {
        if (plan.keep == PayloadKeep::Unmapped && candidate.takenBy >= 0)
            continue;
        if (!merged.empty() && candidate.value.data() == merged.data())
            continue;
        bool hidden = false;
        if (!merged.empty()) {
            jsontext::forEachMember(merged, [&](std::string_view key, std::string_view) {
                hidden = key == candidate.key;
                return !hidden;
            });
        }
        if (hidden)
            overridden.push_back(&candidate);
        else
            append(candidate.key, candidate.value);
    }
    if (!merged.empty()) {
        jsontext::forEachMember(merged, [&](std::string_view key, std::string_view value) {
            append(key, value);
            return true;
        });
    }
    // Keys that the merged object hides are kept apart: nothing is dropped.
    if (!overridden.empty()) {
        separate();
        scratch += "\"_overridden\":{";
        for (const Member* hidden : overridden)
            append(hidden->key, hidden->value);
        scratch.push_back('}');
    }
    scratch.push_back('}');
}

EncodeResult PayloadFields::State::addJsonb(std::string_view text, CopyBuffer& buffer)
{
    if (plan.nul != NulPolicy::Reject && jsontext::hasNulEscape(text)) {
        ++counted().nulsChanged;
        return buffer.addJsonb(jsontext::withoutNulEscapes(text, plan.nul == NulPolicy::Replace));
    }
    return buffer.addJsonb(text);
}

Result<PayloadFields> PayloadFields::create(const PayloadPlan& plan, std::int64_t runStartMicros)
{
    auto state = std::make_unique<State>();
    state->plan = plan;
    state->runStartMicros = runStartMicros;
    for (const PayloadColumnPlan& columnPlan : plan.columns) {
        Column column;
        column.plan = columnPlan;
        const auto type = columnTypeFromName(columnPlan.type);
        if (!type)
            return fail(ErrorKind::Schema,
                QStringLiteral("Column %1: %2 is not a type that a payload column can have.")
                    .arg(columnPlan.column, columnPlan.type));
        column.type = *type;
        auto path = parsePayloadPath(columnPlan.path);
        if (!path)
            return fail(path.error());
        column.path = std::move(*path);
        if (column.path.isTopLevelKey())
            column.topLevelKey = column.path.segments().front().key;
        if (columnPlan.missing == MissingPolicy::Default) {
            const QJsonValue value = columnPlan.defaultValue;
            column.defaultIsRunStart =
                column.type == ColumnType::Timestamptz && value.toString() == QLatin1String("run-start");
            if (value.isString())
                column.defaultToken = jsontext::quoted(value.toString().toStdString());
            else if (value.isBool())
                column.defaultToken = value.toBool() ? "true" : "false";
            else if (value.isDouble())
                column.defaultToken = QJsonDocument(QJsonArray{value})
                                          .toJson(QJsonDocument::Compact)
                                          .mid(1)
                                          .chopped(1)
                                          .toStdString();
        }
        state->columns.push_back(std::move(column));
    }
    state->values.resize(state->columns.size());
    state->plainCopy = plan.keep == PayloadKeep::All && plan.mergeKey.isEmpty();
    state->needsMembers = !state->columns.empty() || !state->plainCopy;
    return PayloadFields(std::move(state));
}

PayloadFields::PayloadFields(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}
PayloadFields::~PayloadFields() = default;
PayloadFields::PayloadFields(PayloadFields&&) noexcept = default;
PayloadFields& PayloadFields::operator=(PayloadFields&&) noexcept = default;

void PayloadFields::setChanges(RowEncoder::Changes* changes)
{
    m_state->changes = changes;
}

std::optional<PayloadFields::Problem> PayloadFields::load(std::string_view payload)
{
    State& s = *m_state;
    s.payload = payload;
    s.members.clear();
    if (!s.needsMembers)
        return std::nullopt;
    if (!jsontext::forEachMember(payload, [&s](std::string_view key, std::string_view value) {
            s.members.push_back({key, value, -1});
            return true;
        }))
        return Problem{s.plan.column, "22P02", QStringLiteral("the payload is not a JSON object")};
    for (std::size_t i = 0; i < s.columns.size(); ++i) {
        if (auto problem = s.loadColumn(i))
            return problem;
    }
    return std::nullopt;
}

EncodeResult PayloadFields::writeColumn(int column, CopyBuffer& buffer) const
{
    const auto index = static_cast<std::size_t>(column);
    const Value& value = m_state->values[index];
    if (value.isNull) {
        buffer.addNull();
        return std::nullopt;
    }
    switch (m_state->columns[index].type) {
    case ColumnType::Boolean:
        buffer.addBoolean(value.boolean);
        return std::nullopt;
    case ColumnType::Bigint:
        buffer.addBigint(value.integer);
        return std::nullopt;
    case ColumnType::Double:
        buffer.addDouble(value.x);
        return std::nullopt;
    case ColumnType::Numeric:
        return buffer.addNumericText(value.text);
    case ColumnType::Text:
        return buffer.addText(value.text);
    case ColumnType::Uuid:
        buffer.addUuid(value.uuid);
        return std::nullopt;
    case ColumnType::Timestamptz:
        buffer.addTimestamptz(value.integer);
        return std::nullopt;
    case ColumnType::Point:
        buffer.addPoint(value.x, value.y);
        return std::nullopt;
    case ColumnType::Jsonb:
        return m_state->addJsonb(value.text, buffer);
    case ColumnType::TextArray: {
        std::vector<std::optional<std::string_view>> views;
        views.reserve(value.texts.size());
        for (const auto& text : value.texts)
            views.push_back(text ? std::optional<std::string_view>(*text) : std::nullopt);
        return buffer.addTextArray(views);
    }
    case ColumnType::BigintArray:
        buffer.addBigintArray(value.integers);
        return std::nullopt;
    case ColumnType::DoubleArray:
        buffer.addDoubleArray(value.doubles);
        return std::nullopt;
    case ColumnType::BooleanArray:
        buffer.addBooleanArray(value.booleans);
        return std::nullopt;
    default:
        return EncodeProblem{"42804", QStringLiteral("the column's type is not one that a payload can fill")};
    }
}

EncodeResult PayloadFields::writePayload(std::string_view extraMember, CopyBuffer& buffer)
{
    State& s = *m_state;
    if (s.plainCopy && extraMember.empty())
        return s.addJsonb(s.payload, buffer);
    if (s.plainCopy) {
        s.scratch.assign("{");
        s.scratch += extraMember;
        const std::string_view rest = s.payload.substr(1);
        if (jsontext::skipSpace(rest, 0) < rest.size() && rest[jsontext::skipSpace(rest, 0)] != '}')
            s.scratch.push_back(',');
        s.scratch += rest;
    } else {
        s.buildKept(extraMember);
    }
    return s.addJsonb(s.scratch, buffer);
}

std::optional<std::array<std::uint8_t, 16>> PayloadFields::uuidValue(int column) const
{
    const auto index = static_cast<std::size_t>(column);
    if (m_state->values[index].isNull || m_state->columns[index].type != ColumnType::Uuid)
        return std::nullopt;
    return m_state->values[index].uuid;
}

std::string PayloadFields::memberText(std::string_view key) const
{
    const Member* found = m_state->member(key);
    return found ? stringFromJson(found->value).value_or(std::string()) : std::string();
}

} // namespace qdrant2pg
