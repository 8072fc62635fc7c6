// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace qdrant2pg {

/// A secret with where it came from, in words ("the file key.txt", "QDRANT_API_KEY", "the keychain").
struct Secret {
    QByteArray value;
    QString origin;
};

/// Where to look for one secret, in the order of the fields: file, environment, keychain. libpq's own sources
/// and the prompt come after and belong to the caller.
struct SecretRequest {
    QString file;
    QByteArray environmentVariable;
    /// keychain::keyFor(...); empty to leave the keychain alone.
    QString keychainKey;
};

/// Nothing when no source has it. File errors when a file was named and cannot be read or is empty; a note
/// about a file that others can read goes to *note. Blocks for the keychain (5 s at most); for the main
/// thread of a program without a running event loop.
[[nodiscard]] Result<std::optional<Secret>> findSecret(const SecretRequest& request, QString* note = nullptr);

/// The first line of the file without its end.
[[nodiscard]] Result<QByteArray> readSecretFile(const QString& path, QString* note = nullptr);

} // namespace qdrant2pg
