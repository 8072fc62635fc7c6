// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/progress.h"
#include "core/plan/migrationplan.h"
#include "ui/widgets/style.h"

#include <QAbstractItemModel>
#include <QList>
#include <QMap>

#include <optional>

namespace qdrant2pg {

/// "Copying", "Building indexes": the state in a person's words.
QString runStateText(RunState state);
Status runStateStatus(RunState state);

/// Share of the data that is in, 0..1, weighted by bytes where they are known; nothing when the amount is
/// not.
std::optional<double> dataShare(const RunProgress& progress);
/// Share of the work after the data (keys, indexes, statistics), 0..1.
double indexShare(const RunProgress& progress, const QList<CollectionPlan>& plans);
/// Share of the comparison, 0..1; nothing when none was asked for.
std::optional<double> verifyShare(const RunProgress& progress, const MigrationPlan& plan);

/// A run as a tree: collections, and under each its stages (tables, export, conversion, load, indexes,
/// verification) with bar, count, rate and state.
class ProgressModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Name, Share, Count, Rate, State, ColumnCount };
    /// 0..1 for a bar; invalid when not known.
    static constexpr int ShareRole = Qt::UserRole + 1;
    static constexpr int StatusRole = Qt::UserRole + 2;

    enum class Stage { Tables, Export, Conversion, Load, Indexes, Verification };
    static constexpr int stageCount = 6;

    struct Row {
        double share = -1;
        QString count;
        QString rate;
        Status status = Status::Waiting;
        QString word;
    };

    explicit ProgressModel(QObject* parent = nullptr);

    /// Rows for these collections, all waiting.
    void setPlan(const MigrationPlan& plan);
    void setProgress(const RunProgress& progress);
    const Row& row(int collection, Stage stage) const { return m_groups.at(collection).stages[int(stage)]; }

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Group {
        CollectionPlan plan;
        Row whole;
        Row stages[stageCount];
        double rate = 0;
        qint64 lastRead = -1;
    };
    void updateRate(Group& group, const CollectionProgress& now, std::chrono::milliseconds elapsed);
    void fill(Group& group, const CollectionProgress* now, const RunProgress& progress) const;
    static QString stageName(Stage stage);

    MigrationPlan m_plan;
    QList<Group> m_groups;
    std::chrono::milliseconds m_lastElapsed{-1};
};

} // namespace qdrant2pg
