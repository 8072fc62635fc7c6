// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/compare/querytext.h"

#include "core/common/jsontext.h"
#include "core/engine/vectortext.h"

#include <QFile>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace qdrant2pg {

namespace {

void append(std::string& out, float value)
{
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    out.append(text.data(), end.ptr);
}

void appendRow(std::string& out, const float* values, std::size_t count)
{
    out += '[';
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0)
            out += ',';
        append(out, values[i]);
    }
    out += ']';
}

template <class Number> bool readNumbers(std::string_view array, std::vector<Number>& numbers)
{
    bool good = true;
    const bool isArray = jsontext::forEachElement(array, [&](std::string_view token) {
        Number number{};
        const auto read = std::from_chars(token.data(), token.data() + token.size(), number);
        good = read.ec == std::errc() && read.ptr == token.data() + token.size();
        numbers.push_back(number);
        return good;
    });
    return isArray && good && !numbers.empty();
}

bool readRows(std::string_view array, SearchQuery& query)
{
    bool good = true;
    std::size_t width = 0;
    const bool isArray = jsontext::forEachElement(array, [&](std::string_view row) {
        const std::size_t before = query.values.size();
        good = readNumbers(row, query.values);
        const std::size_t here = query.values.size() - before;
        good = good && (query.rows == 0 || here == width);
        width = here;
        ++query.rows;
        return good;
    });
    return isArray && good && query.rows > 0;
}

bool readSparse(std::string_view object, SearchQuery& query)
{
    bool good = true;
    const bool isObject = jsontext::forEachMember(object, [&](std::string_view key, std::string_view value) {
        if (key == "indices")
            good = good && readNumbers(value, query.indices);
        else if (key == "values")
            good = good && readNumbers(value, query.values);
        return good;
    });
    if (!isObject || !good || query.indices.size() != query.values.size() || query.indices.empty())
        return false;
    std::vector<std::pair<std::uint32_t, float>> entries;
    for (std::size_t i = 0; i < query.indices.size(); ++i)
        entries.emplace_back(query.indices[i], query.values[i]);
    std::sort(entries.begin(), entries.end());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (i > 0 && entries[i].first == entries[i - 1].first)
            return false;
        query.indices[i] = entries[i].first;
        query.values[i] = entries[i].second;
    }
    return true;
}

} // namespace

std::string SearchQuery::toJson() const
{
    std::string out;
    appendVectorJson(out,
        VectorView{.name = {},
            .kind = kind,
            .values = values,
            .indices = indices,
            .rows = rows,
            .hasNonFinite = false});
    return out;
}

QByteArray SearchQuery::toPgText(qint64 dimensions) const
{
    std::string out;
    if (kind == VectorKind::Sparse) {
        out = "{";
        for (std::size_t i = 0; i < indices.size(); ++i) {
            if (values[i] == 0.0F)
                continue;
            if (out.size() > 1)
                out += ',';
            out += std::to_string(std::uint64_t{indices[i]} + 1) + ':';
            append(out, values[i]);
        }
        out += "}/" + std::to_string(dimensions);
    } else if (kind == VectorKind::Multi) {
        const std::size_t width = rows == 0 ? 0 : values.size() / rows;
        out = "{";
        for (std::uint32_t row = 0; row < rows; ++row) {
            out += row == 0 ? "\"" : ",\"";
            appendRow(out, values.data() + row * width, width);
            out += '"';
        }
        out += '}';
    } else {
        appendRow(out, values.data(), values.size());
    }
    return QByteArray::fromStdString(out);
}

std::optional<SearchQuery> queryFromVector(const VectorView& vector, const PointId& point)
{
    if (vector.hasNonFinite || vector.values.empty())
        return std::nullopt;
    SearchQuery query;
    query.name = QStringLiteral("point ") + point.toString();
    query.self = point;
    query.kind = vector.kind;
    query.values.assign(vector.values.begin(), vector.values.end());
    query.indices.assign(vector.indices.begin(), vector.indices.end());
    query.rows = vector.rows;
    return query;
}

Result<SearchQuery> queryFromJson(std::string_view json, const QString& name)
{
    SearchQuery query;
    query.name = name;
    const std::size_t start = jsontext::skipSpace(json, 0);
    json = json.substr(std::min(start, json.size()));
    while (!json.empty() && (json.back() == ' ' || json.back() == '\r' || json.back() == '\n'))
        json.remove_suffix(1);
    bool good = !json.empty() && jsontext::skipValue(json, 0) == json.size();
    if (good && json.front() == '{') {
        query.kind = VectorKind::Sparse;
        good = readSparse(json, query);
    } else if (good) {
        const std::size_t inner = jsontext::skipSpace(json, 1);
        if (inner < json.size() && json[inner] == '[') {
            query.kind = VectorKind::Multi;
            good = readRows(json, query);
        } else {
            good = readNumbers(json, query.values);
        }
    }
    if (!good
        || !std::all_of(query.values.begin(), query.values.end(), [](float v) { return std::isfinite(v); }))
        return fail(ErrorKind::Usage, QStringLiteral("%1 is no vector.").arg(name), {},
            QStringLiteral(
                "Each line holds [1, 2], [[1, 2], [3, 4]] or {\"indices\": [7], \"values\": [0.5]}."));
    return query;
}

Result<std::vector<SearchQuery>> readQueries(const QString& path)
{
    QFile file(path);
    const auto failed = [&path](Error error) {
        error.where.file = path;
        return fail(std::move(error));
    };
    if (!file.open(QIODevice::ReadOnly))
        return failed(makeError(
            ErrorKind::Usage, QStringLiteral("The file of queries cannot be read."), file.errorString()));
    std::vector<SearchQuery> queries;
    for (int line = 1; !file.atEnd(); ++line) {
        const QByteArray text = file.readLine().trimmed();
        if (text.isEmpty())
            continue;
        auto query = queryFromJson(std::string_view(text.constData(), static_cast<std::size_t>(text.size())),
            QStringLiteral("line %1").arg(line));
        if (!query)
            return failed(query.error());
        queries.push_back(std::move(*query));
    }
    if (queries.empty())
        return failed(makeError(ErrorKind::Usage, QStringLiteral("The file of queries is empty.")));
    return queries;
}

} // namespace qdrant2pg
