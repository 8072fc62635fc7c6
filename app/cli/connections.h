// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "app/cli/commandcontext.h"
#include "core/plan/migrationplan.h"
#include "core/postgres/connection.h"
#include "core/profile/connectionprofile.h"
#include "core/qdrant/qdrantclient.h"

#include <optional>

namespace qdrant2pg::cli {

/// The database of the four-step guide: what import and validate take when nothing else is named.
inline constexpr const char* guideDatabaseUrl = "postgres://rpg:secret@localhost:5432/gamedb";

/// A connection's settings with where each end came from, in words, for what is said to the person.
struct ResolvedSource {
    SourceOptions options;
    TransportChoice transport = TransportChoice::Auto;
    QString origin;
    QString profile;
};

struct ResolvedTarget {
    TargetOptions options;
    QString origin;
    QString profile;
    /// False when neither option, plan, environment nor profile names a database.
    bool named = false;
};

/// Option, then plan file, then environment, then profile, then default. Usage errors for a secret in a URL.
[[nodiscard]] Result<ResolvedSource> resolveSource(
    const CommandContext& context, const SourcePlan* plan = nullptr);
/// As above. `guideDefault` is the database of the guide's four steps when nothing else is named; empty for
/// libpq's own.
[[nodiscard]] Result<ResolvedTarget> resolveTarget(
    const CommandContext& context, const TargetPlan* plan = nullptr, const QString& guideDefault = {});

/// A client whose key was proved by listing the collections. Asks for the key on a terminal when the server
/// wants one.
struct OpenSource {
    QdrantClient client;
    QStringList collections;
    ServerVersion version;
};
[[nodiscard]] Result<OpenSource> openSource(const CommandContext& context, ResolvedSource& source);
/// Lowers the server time limit to what the strict mode of these collections allows; a request that asks for
/// more is refused. Collections that cannot be read are left to who reads them next.
void respectStrictMode(OpenSource& open, ResolvedSource& source, const QStringList& collections);
/// An open connection. Asks for the password on a terminal when the server wants one. Usage error when
/// nothing names a database.
[[nodiscard]] Result<Connection> openTarget(const CommandContext& context, ResolvedTarget& target);

/// The profile of --profile, or an empty one.
[[nodiscard]] Result<ConnectionProfile> chosenProfile(const CommandContext& context);

/// Reads a secret from the terminal without echo; nothing when there is no terminal or nothing was typed.
std::optional<QByteArray> promptSecret(const CommandContext& context, const QString& question);

/// "localhost:5432/gamedb as rpg", without secrets.
QString targetLabel(const QString& conninfo);

} // namespace qdrant2pg::cli
