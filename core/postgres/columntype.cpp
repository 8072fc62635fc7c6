// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/columntype.h"

#include <array>

namespace qdrant2pg {

namespace {

struct TypeName {
    ColumnType type;
    const char* name;
};

constexpr std::array typeNames{
    TypeName{ColumnType::Uuid, "uuid"},
    TypeName{ColumnType::Bigint, "bigint"},
    TypeName{ColumnType::Numeric, "numeric"},
    TypeName{ColumnType::Double, "double precision"},
    TypeName{ColumnType::Text, "text"},
    TypeName{ColumnType::Boolean, "boolean"},
    TypeName{ColumnType::Timestamptz, "timestamptz"},
    TypeName{ColumnType::Jsonb, "jsonb"},
    TypeName{ColumnType::Point, "point"},
    TypeName{ColumnType::Vector, "vector"},
    TypeName{ColumnType::Halfvec, "halfvec"},
    TypeName{ColumnType::Sparsevec, "sparsevec"},
    TypeName{ColumnType::SmallintArray, "smallint[]"},
    TypeName{ColumnType::VectorArray, "vector[]"},
    TypeName{ColumnType::TextArray, "text[]"},
    TypeName{ColumnType::BigintArray, "bigint[]"},
    TypeName{ColumnType::DoubleArray, "double precision[]"},
    TypeName{ColumnType::BooleanArray, "boolean[]"},
};

/// Spellings that mean one of the names above. varchar shares text's layout; its arrays do not (another
/// element type).
constexpr std::array<std::pair<const char*, const char*>, 16> aliases{{
    {"int8", "bigint"},
    {"bigserial", "bigint"},
    {"serial8", "bigint"},
    {"decimal", "numeric"},
    {"float8", "double precision"},
    {"float", "double precision"},
    {"double", "double precision"},
    {"bool", "boolean"},
    {"varchar", "text"},
    {"character varying", "text"},
    {"timestamp with time zone", "timestamptz"},
    {"int2[]", "smallint[]"},
    {"int8[]", "bigint[]"},
    {"float8[]", "double precision[]"},
    {"float[]", "double precision[]"},
    {"bool[]", "boolean[]"},
}};

/// "extensions.vector(3)" -> "vector", "timestamp(6) with time zone" -> "timestamp with time zone".
QString bareTypeName(const QString& name)
{
    QString bare = name.simplified().toLower();
    while (true) {
        const auto open = bare.indexOf(QLatin1Char('('));
        if (open < 0)
            break;
        const auto close = bare.indexOf(QLatin1Char(')'), open);
        if (close < 0)
            return {};
        bare.remove(open, close - open + 1);
    }
    if (const auto dot = bare.lastIndexOf(QLatin1Char('.')); dot >= 0)
        bare.remove(0, dot + 1);
    bare.remove(QLatin1Char('"'));
    bare = bare.simplified();
    bare.replace(QLatin1String(" ["), QLatin1String("["));
    return bare;
}

} // namespace

QString columnTypeName(ColumnType type)
{
    for (const TypeName& entry : typeNames) {
        if (entry.type == type)
            return QString::fromLatin1(entry.name);
    }
    return {};
}

std::optional<ColumnType> columnTypeFromName(const QString& name)
{
    QString bare = bareTypeName(name);
    for (const auto& [alias, canonical] : aliases) {
        if (bare == QLatin1String(alias)) {
            bare = QString::fromLatin1(canonical);
            break;
        }
    }
    for (const TypeName& entry : typeNames) {
        if (bare == QLatin1String(entry.name))
            return entry.type;
    }
    return std::nullopt;
}

bool isPgvectorType(ColumnType type)
{
    switch (type) {
    case ColumnType::Vector:
    case ColumnType::Halfvec:
    case ColumnType::Sparsevec:
    case ColumnType::VectorArray:
        return true;
    default:
        return false;
    }
}

} // namespace qdrant2pg
