// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/migrationplan.h"
#include "core/plan/sourcefacts.h"
#include "core/postgres/serverprofile.h"

#include <QList>
#include <QStringList>

#include <optional>

namespace qdrant2pg {

/// What a person may change in one collection's mapping, as pure functions from plan to plan. Each derives
/// again only what depends on the value that changed (a vector's type decides its operator class) and leaves
/// every other edit alone.

enum class MappingKind { Id, ShardKey, Vector, PayloadColumn, Payload };

/// One thing of the source that becomes a column, or could.
struct MappingPlace {
    MappingKind kind = MappingKind::Id;
    /// Vector name or payload path; empty for the others.
    QString key;
    bool operator==(const MappingPlace&) const = default;
};

/// What edits look at; all of it may be missing. Pointers are borrowed for the call.
struct MappingBasis {
    const CollectionFacts* facts = nullptr;
    const CollectionPlan* proposal = nullptr;
    std::optional<ServerProfile> server;
};

/// Everything that is or could be a column: id, shard key, vectors, mapped payload paths, paths that the
/// sample showed, the payload itself. The order does not change when a path is mapped or left out.
QList<MappingPlace> mappingPlaces(const CollectionPlan& plan, const MappingBasis& basis);
/// Whether it becomes a column in this plan.
bool isMapped(const CollectionPlan& plan, const MappingPlace& place);
/// False for what every table needs: id and shard key.
bool mayBeLeftOut(const MappingPlace& place);
QString columnOf(const CollectionPlan& plan, const MappingPlace& place);
/// Word of the type. The id knows one more than SQL: "uuid5", numbers become UUIDs. The payload has "all" and
/// "unmapped", the keys that it keeps.
QString typeOf(const CollectionPlan& plan, const MappingPlace& place);
QStringList typeChoices(const CollectionPlan& plan, const MappingPlace& place, const MappingBasis& basis);
QString reasonOf(const CollectionPlan& plan, const MappingPlace& place);
/// Differs from what was proposed; false without a proposal.
bool isChanged(const CollectionPlan& plan, const MappingPlace& place, const MappingBasis& basis);

CollectionPlan withMapped(
    const CollectionPlan& plan, const MappingPlace& place, bool mapped, const MappingBasis& basis);
/// Renames the column, in its indexes too.
CollectionPlan withColumn(const CollectionPlan& plan, const MappingPlace& place, const QString& name);
CollectionPlan withType(
    const CollectionPlan& plan, const MappingPlace& place, const QString& type, const MappingBasis& basis);
/// Column, type, policies and indexes of that place as they were proposed.
CollectionPlan withProposal(const CollectionPlan& plan, const MappingPlace& place, const MappingBasis& basis);
/// Maps a path that need not be in the sample. Usage error for one that cannot be read or is mapped already.
[[nodiscard]] Result<CollectionPlan> withPayloadPath(
    const CollectionPlan& plan, const QString& path, const MappingBasis& basis);

/// Type and policies of that place as in `other`, the plan of another collection; the column's name stays.
CollectionPlan withSameAs(const CollectionPlan& plan, const CollectionPlan& other, const MappingPlace& place,
    const MappingBasis& basis);

/// A plan under another preset, and what of the person's own edits did not fit into it.
struct PresetChange {
    CollectionPlan plan;
    QStringList dropped;
};
/// Mode, filter and table name are kept where the person had chosen them; column edits are kept by source.
[[nodiscard]] Result<PresetChange> withPreset(
    const CollectionPlan& plan, const QString& preset, const MappingBasis& basis);

/// Index kinds that can be built on that column; "none" always.
QStringList indexKindChoices(const CollectionPlan& plan, const QString& column);
/// Operator classes for that index; empty when PostgreSQL's default is the only one offered.
QStringList opclassChoices(const CollectionPlan& plan, const IndexPlan& index);
CollectionPlan withIndexKind(const CollectionPlan& plan, int index, const QString& kind);
/// "m=16, ef_construction=64" for an index's parameters.
QString parametersText(const IndexPlan& index);
/// Usage error that says which part cannot be read or is out of its range.
[[nodiscard]] Result<CollectionPlan> withIndexParameters(
    const CollectionPlan& plan, int index, const QString& text);
CollectionPlan withNewIndex(const CollectionPlan& plan, const QString& column);
CollectionPlan withoutIndex(const CollectionPlan& plan, int index);

/// The plan's columns in table order, as index targets.
QStringList columnNames(const CollectionPlan& plan);

/// Place of a finding's path ("collections[0].vectors[1].type"): which collection, and which row of the
/// mapping or of the index list, if any.
struct PlanPlace {
    int collection = -1;
    std::optional<MappingPlace> mapping;
    int index = -1;
    /// "table", "mode", "preset" ...; empty for the above.
    QString field;
};
PlanPlace placeOfPath(const MigrationPlan& plan, const QString& path);

} // namespace qdrant2pg
