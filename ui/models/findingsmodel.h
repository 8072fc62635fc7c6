// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/plancheck.h"
#include "ui/widgets/style.h"

#include <QAbstractListModel>

namespace qdrant2pg {

/// Findings of the pre-flight check, worst first inside each group: cannot move, will change, will move.
class FindingsModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role {
        SeverityRole = Qt::UserRole,
        GroupRole,
        HintRole,
        FixRole,
        PathRole,
        CollectionRole,
        StatusRole
    };

    using QAbstractListModel::QAbstractListModel;

    void setFindings(const QList<Finding>& findings);
    const QList<Finding>& findings() const { return m_findings; }
    int count(Severity severity) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    QList<Finding> m_findings;
};

Status statusOf(Severity severity);
/// "Cannot move"
QString findingGroupTitle(FindingGroup group);
QList<FindingGroup> findingGroups();

} // namespace qdrant2pg
