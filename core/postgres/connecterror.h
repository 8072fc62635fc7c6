// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"

namespace qdrant2pg {

/// Why a connection could not be made. `message` is PQerrorMessage in English and verbose, so that what the
/// server said carries its SQLSTATE. `place` is how a person would name the server: "localhost:5432", "the
/// socket in /run/postgresql".
Error connectError(
    const QString& message, const QString& place, const QString& user, const QString& database);

} // namespace qdrant2pg
