// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <functional>
#include <optional>

class QObject;

namespace qdrant2pg {

/// The desktop's keychain (Secret Service or KWallet through QtKeychain), for API keys and passwords.
/// Asynchronous: the callbacks run in the thread of `context`, which needs an event loop, exactly once, or
/// never when `context` is gone. A keychain that does not answer in time (it may wait for a person to unlock
/// it) counts as having no entry.
namespace keychain {

/// Empty when a keychain can be used, else why not: built without it, or no desktop session is there to
/// answer.
QString unavailableReason();

using ReadCallback = std::function<void(std::optional<QByteArray>)>;
using WriteCallback = std::function<void(Result<void>)>;

/// `key` is made by keyFor().
void read(QObject* context, const QString& key, std::chrono::milliseconds timeout, ReadCallback done);
void write(QObject* context, const QString& key, const QByteArray& value, std::chrono::milliseconds timeout,
    WriteCallback done);
void remove(QObject* context, const QString& key, std::chrono::milliseconds timeout, WriteCallback done);

/// For programs without a running event loop, on the main thread: waits at most `timeout`.
std::optional<QByteArray> readNow(const QString& key, std::chrono::milliseconds timeout);

/// The entry's name: "source prod-qdrant" or "target prod".
QString keyFor(const QString& kind, const QString& profile);

} // namespace keychain

} // namespace qdrant2pg
