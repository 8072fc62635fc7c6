// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <QByteArray>
#include <QString>

namespace qdrant2pg {

/// The fields of a PostgreSQL connection as a form shows them; only what was given, no defaults. No secret.
struct ConninfoForm {
    QString host;
    QString port;
    QString database;
    QString user;
    QString sslMode;
    QString service;
    QString caFile;
    QString certificateFile;
    QString keyFile;
    QString connectTimeout;
    /// Schemas, separated by commas; a part of libpq's parameter `options`.
    QString searchPath;
    /// Everything else as keyword=value, for example options='-c work_mem=64MB'.
    QString others;

    bool operator==(const ConninfoForm&) const = default;

    /// As libpq's keyword string.
    QString toConninfo() const;
};

struct ParsedConninfo {
    ConninfoForm form;
    /// The password that the text held, if any.
    QByteArray password;
};

/// Understands URLs and keyword strings; Usage errors quote nothing secret.
[[nodiscard]] Result<ParsedConninfo> parseConninfo(const QString& text);

/// True for what looks like a connection string rather than a host name.
bool looksLikeConninfo(const QString& text);

} // namespace qdrant2pg
