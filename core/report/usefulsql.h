// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"
#include "core/postgres/serverprofile.h"
#include "core/qdrant/collectioninfo.h"

#include <QList>
#include <QString>

#include <optional>

namespace qdrant2pg {

/// A statement worth copying, with what it is for.
struct UsefulSql {
    QString what;
    QString sql;
};

/// Count, a look at a row, a search per indexed vector with hnsw.ef_search carried over from Qdrant, a
/// filtered search. Pure; works without info and server (then with what every supported version knows).
QList<UsefulSql> usefulSql(const MigrationPlan& plan, const CollectionPlan& collection,
    const CollectionInfo* info, const std::optional<ServerProfile>& server);

/// The psql command line for the target, without a password.
QString psqlLine(const QString& conninfo);

} // namespace qdrant2pg
