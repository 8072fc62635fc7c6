// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/schema/searchfunctions.h"

namespace qdrant2pg::searchsql {

/// Fills %name% places, so that long SQL stays readable and a value that looks like a place is not filled
/// again.
class SqlText {
public:
    SqlText& set(const char* name, const QString& value)
    {
        m_names << QLatin1Char('%') + QLatin1String(name) + QLatin1Char('%');
        m_values << value;
        return *this;
    }
    QString fill(const char* text) const;

private:
    QStringList m_names;
    QStringList m_values;
};

/// Type of the argument that takes the query vector.
QString queryType(const SearchVector& vector, const QString& vectorSchema);
/// The operator of a distance, with its schema where it must be named.
QString operatorText(const DistanceOperator& distance, const QString& vectorSchema);
/// schema.function(types): what DROP FUNCTION takes.
QString signatureOf(const QString& schema, const QString& function, const QStringList& types);
/// The places that all search functions share: names, filter, settings, distance and score.
SqlText commonText(const SearchTable& table, const SearchVector& vector, const QString& function);

} // namespace qdrant2pg::searchsql
