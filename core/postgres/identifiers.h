// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QString>

namespace qdrant2pg {

/// The identifier in double quotes, always; dots and quotes inside stay part of it.
QString quoteIdentifier(const QString& name);
/// "schema"."name".
QString qualifiedName(const QString& schema, const QString& name);
/// A string literal, safe whatever standard_conforming_strings says.
QString quoteLiteral(const QString& text);
/// The name cut to PostgreSQL's 63 bytes at a character border, with a short hash at the end when something
/// was cut.
QString fittingIdentifier(const QString& name);
/// A plain identifier made from a payload path or vector name: lower case, letters, digits and _, never
/// empty.
QString identifierFromPath(const QString& path);

} // namespace qdrant2pg
