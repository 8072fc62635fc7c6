// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/migrationplan.h"
#include "core/postgres/serverprofile.h"
#include "core/qdrant/sourceoptions.h"

#include <QMap>

#include <optional>

namespace qdrant2pg {

/// The plan as texts to read and to take along; nothing here holds a secret.

/// The statements of one collection in the order in which they run, each with what it does as a comment.
[[nodiscard]] Result<QString> ddlText(
    const MigrationPlan& plan, const CollectionPlan& collection, const std::optional<ServerProfile>& server);
/// Of all collections; what all share (extension, schema) stands once.
[[nodiscard]] Result<QString> ddlText(const MigrationPlan& plan, const std::optional<ServerProfile>& server);

/// The `qdrant2pg migrate` that does the same. Empty when the mapping was edited and no plan file holds it:
/// then the plan has to be saved first. `planFile` is empty unless it holds exactly this plan; `proposals`
/// by collection say what the command line would propose by itself; `confirmed` are tables that may be
/// replaced. A proxy stands there without its password, which QDRANT2PG_PROXY can give.
QString migrateCommandLine(const MigrationPlan& plan, const QString& planFile,
    const QMap<QString, CollectionPlan>& proposals, const QStringList& confirmed,
    const SourceAccess& access = {});

/// A word for a POSIX shell, quoted where it must be.
QString shellWord(const QString& text);

} // namespace qdrant2pg
