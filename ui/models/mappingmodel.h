// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/mappingedits.h"
#include "core/plan/plancheck.h"

#include <QAbstractTableModel>

#include <optional>

namespace qdrant2pg {

/// What the mapping of one collection is shown and edited with; values, so that the model borrows nothing.
struct MappingState {
    CollectionPlan plan;
    std::optional<CollectionPlan> proposal;
    std::optional<CollectionFacts> facts;
    std::optional<ServerProfile> server;

    MappingBasis basis() const
    {
        return {facts ? &*facts : nullptr, proposal ? &*proposal : nullptr, server};
    }
};

/// One row per thing of the source that becomes a column, or could: id, vectors, payload paths, payload. Does
/// not change the plan itself: an edit is announced as the plan that it leads to, and shows when that plan is
/// set.
class MappingModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Source, Target, Type, Missing, Misfit, Why, ColumnCount };
    enum Role {
        /// Words of the plan that a cell may have (QStringList); empty for cells without a choice.
        ChoicesRole = Qt::UserRole,
        /// The same in the words of the interface.
        ChoiceTextsRole,
        /// Differs from the proposal (bool).
        ChangedRole,
        /// A finding says that something is wrong here (bool).
        ProblemRole,
        /// Why it is as it is, and what findings say about it, in full (QString).
        ReasonRole,
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setState(const MappingState& state);
    const MappingState& state() const { return m_state; }
    /// Findings about this collection's mapping, as checkPlan() made them for a plan that holds it alone.
    void setFindings(const QList<Finding>& findings);
    std::optional<MappingPlace> place(int row) const;
    int rowOf(const MappingPlace& place) const;
    /// Announces the proposal for that row as an edit.
    void resetRow(int row);
    /// The value that a missing payload value takes, as JSON; "null" when there is none.
    QString defaultText(int row) const;
    bool takesDefault(int row) const;
    void setDefaultText(int row, const QString& text);
    void retranslate();

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

signals:
    /// The person wants this plan; `text` names the edit for the history.
    void edited(const qdrant2pg::CollectionPlan& plan, const QString& text);
    /// The input was no value for that cell; says why.
    void refused(const QString& reason);

private:
    QString sourceText(const MappingPlace& place) const;
    QString seenText(const MappingPlace& place) const;
    QString word(int row, int column) const;
    QStringList choices(int row, int column) const;
    QList<Finding> findingsAt(const MappingPlace& place) const;
    CollectionPlan withPolicy(int row, int column, const QString& word) const;

    MappingState m_state;
    QList<MappingPlace> m_places;
    QList<Finding> m_findings;
};

/// A plan's word in the words of the interface.
QString mappingWordText(MappingKind kind, int column, const QString& word);

} // namespace qdrant2pg
