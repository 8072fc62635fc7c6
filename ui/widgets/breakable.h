// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

namespace qdrant2pg {

/// The text with an unseen place to break the line after each underscore, so that a long name wraps like
/// words.
QString breakable(QString text);

/// The name with its middle left out when it is longer than `most` characters.
QString shortened(const QString& name, qsizetype most);

} // namespace qdrant2pg
