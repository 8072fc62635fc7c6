// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/models/findingsmodel.h"

#include "ui/widgets/icons.h"

#include <algorithm>

namespace qdrant2pg {

Status statusOf(Severity severity)
{
    switch (severity) {
    case Severity::Blocker:
        return Status::Problem;
    case Severity::Warning:
        return Status::Warning;
    case Severity::Info:
        return Status::Note;
    }
    return Status::Note;
}

QString findingGroupTitle(FindingGroup group)
{
    switch (group) {
    case FindingGroup::CannotMove:
        return FindingsModel::tr("Cannot move");
    case FindingGroup::WillChange:
        return FindingsModel::tr("Will change");
    case FindingGroup::WillMove:
        return FindingsModel::tr("Will move");
    }
    return {};
}

QList<FindingGroup> findingGroups()
{
    return {FindingGroup::CannotMove, FindingGroup::WillChange, FindingGroup::WillMove};
}

void FindingsModel::setFindings(const QList<Finding>& findings)
{
    beginResetModel();
    m_findings = findings;
    const QList<FindingGroup> groups = findingGroups();
    std::stable_sort(m_findings.begin(), m_findings.end(), [&groups](const Finding& a, const Finding& b) {
        return groups.indexOf(a.group) != groups.indexOf(b.group)
            ? groups.indexOf(a.group) < groups.indexOf(b.group)
            : a.severity < b.severity;
    });
    endResetModel();
}

int FindingsModel::count(Severity severity) const
{
    return static_cast<int>(std::count_if(m_findings.begin(), m_findings.end(),
        [severity](const Finding& finding) { return finding.severity == severity; }));
}

int FindingsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_findings.size());
}

QVariant FindingsModel::data(const QModelIndex& index, int role) const
{
    if (index.row() < 0 || index.row() >= m_findings.size())
        return {};
    const Finding& finding = m_findings.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return finding.text;
    case Qt::ToolTipRole:
    case HintRole:
        return finding.hint;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1: %2 %3")
            .arg(statusWord(statusOf(finding.severity)), finding.text, finding.hint);
    case Qt::DecorationRole:
        return statusIcon(statusOf(finding.severity));
    case SeverityRole:
        return static_cast<int>(finding.severity);
    case GroupRole:
        return static_cast<int>(finding.group);
    case FixRole:
        return finding.fixText;
    case PathRole:
        return finding.path;
    case CollectionRole:
        return finding.collection;
    case StatusRole:
        return static_cast<int>(statusOf(finding.severity));
    default:
        return {};
    }
}

} // namespace qdrant2pg
