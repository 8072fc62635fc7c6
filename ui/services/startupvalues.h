// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <QStringList>

class QCommandLineParser;

namespace qdrant2pg {

class PlanDraft;

/// Fills a fresh draft from the environment that the command line understands too: QDRANT_URL,
/// QDRANT_API_KEY, DATABASE_URL, COLLECTION and libpq's own variables. Returns what could not be read, in
/// words; such a value is left out.
QStringList applyEnvironment(PlanDraft& draft);

/// The wizard's options, named as those of the command line.
void addStartupOptions(QCommandLineParser& parser);
/// Fills the draft from them, over what the environment said; the plan file first, so that other options
/// change it. Returns what could not be read, in words.
QStringList applyOptions(const QCommandLineParser& parser, PlanDraft& draft);

/// The source address that a person typed or pasted, tidied: white space, quotes and QDRANT_URL= taken off,
/// http:// and Qdrant's port added where they are missing, a key in the user part returned apart.
struct TidyAddress {
    QString url;
    QByteArray apiKey;
    /// The port is the one of gRPC, which speaks no REST.
    bool grpcPort = false;
};
[[nodiscard]] Result<TidyAddress> tidySourceAddress(const QString& text);

} // namespace qdrant2pg
