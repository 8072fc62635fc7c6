// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

namespace qdrant2pg {

/// The text without secrets: user info of URLs, api-key and Authorization values, password= and similar
/// keywords of connection strings become "***". Idempotent. Everything that leaves the program passes through
/// it.
QString redacted(const QString& text);

} // namespace qdrant2pg
