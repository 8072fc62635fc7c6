// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/models/mappingindexmodel.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/style.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

QString kindText(const QString& kind)
{
    return kind == QLatin1String("none") ? MappingIndexModel::tr("no index") : kind;
}

} // namespace

void MappingIndexModel::setState(const MappingState& state)
{
    const bool same =
        state.plan.name == m_state.plan.name && state.plan.indexes.size() == m_state.plan.indexes.size();
    if (!same) {
        beginResetModel();
        m_state = state;
        m_findings.clear();
        endResetModel();
        return;
    }
    m_state = state;
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void MappingIndexModel::setFindings(const QList<Finding>& findings)
{
    m_findings = findings;
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void MappingIndexModel::remove(int row)
{
    if (row >= 0 && row < rowCount())
        emit edited(withoutIndex(m_state.plan, row), tr("Remove the index on %1").arg(subject(row)));
}

void MappingIndexModel::add(const QString& column)
{
    emit edited(withNewIndex(m_state.plan, column), tr("Add an index on %1").arg(column));
}

void MappingIndexModel::retranslate()
{
    emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int MappingIndexModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_state.plan.indexes.size());
}

int MappingIndexModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString MappingIndexModel::subject(int row) const
{
    const IndexPlan& plan = m_state.plan.indexes.at(row);
    const QString on = plan.expression.isEmpty() ? plan.on.join(QStringLiteral(", ")) : plan.expression;
    return plan.cast.isEmpty() ? on : QStringLiteral("%1::%2").arg(on, plan.cast);
}

QStringList MappingIndexModel::choices(int row, int column) const
{
    const IndexPlan& plan = m_state.plan.indexes.at(row);
    if (column == Opclass)
        return opclassChoices(m_state.plan, plan);
    if (column != Kind || plan.on.size() != 1)
        return {};
    QStringList kinds = plan.expression.isEmpty() ? indexKindChoices(m_state.plan, plan.on.first())
                                                  : QStringList{QStringLiteral("none")};
    if (!kinds.contains(plan.kind))
        kinds.prepend(plan.kind);
    return kinds.size() > 1 ? kinds : QStringList();
}

QList<Finding> MappingIndexModel::findingsAt(int row) const
{
    MigrationPlan plan;
    plan.collections << m_state.plan;
    QList<Finding> found;
    std::copy_if(
        m_findings.begin(), m_findings.end(), std::back_inserter(found), [&](const Finding& finding) {
            return finding.severity != Severity::Info && placeOfPath(plan, finding.path).index == row;
        });
    return found;
}

QVariant MappingIndexModel::data(const QModelIndex& index, int role) const
{
    if (index.row() < 0 || index.row() >= rowCount() || index.column() >= ColumnCount)
        return {};
    const IndexPlan& plan = m_state.plan.indexes.at(index.row());
    const int column = index.column();
    const QList<Finding> findings = findingsAt(index.row());
    const auto reason = [&] {
        QStringList parts;
        for (const Finding& finding : findings)
            parts << QStringList{finding.text, finding.hint}.join(QLatin1Char(' ')).trimmed();
        parts << plan.reason;
        return parts.join(QLatin1Char(' ')).trimmed();
    };
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        switch (column) {
        case On:
            return subject(index.row());
        case Kind:
            return role == Qt::EditRole ? plan.kind : kindText(plan.kind);
        case Opclass:
            return plan.opclass;
        case Parameters:
            return parametersText(plan);
        default:
            return reason();
        }
    case Qt::ToolTipRole:
        return column == Why || column == On ? (column == On ? subject(index.row()) : reason()) : QVariant();
    case Qt::AccessibleTextRole:
        return column == On ? tr("Index on %1, %2").arg(subject(index.row()), kindText(plan.kind))
                            : QVariant();
    case Qt::FontRole:
        return column == On ? QVariant(style::fixedFont()) : QVariant();
    case Qt::DecorationRole:
        if (column == Why && !findings.isEmpty())
            return statusIcon(
                findings.first().severity == Severity::Blocker ? Status::Problem : Status::Warning);
        return {};
    case MappingModel::ChoicesRole:
        return choices(index.row(), column);
    case MappingModel::ChoiceTextsRole: {
        QStringList texts;
        for (const QString& word : choices(index.row(), column))
            texts << (column == Kind ? kindText(word) : word);
        return texts;
    }
    case MappingModel::ProblemRole:
        return !findings.isEmpty();
    case MappingModel::ReasonRole:
        return reason();
    case MappingModel::ChangedRole:
        return m_state.proposal && !m_state.proposal->indexes.contains(plan);
    default:
        return {};
    }
}

bool MappingIndexModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || index.row() < 0 || index.row() >= rowCount())
        return false;
    const int row = index.row();
    const QString wanted = value.toString().trimmed();
    CollectionPlan plan = m_state.plan;
    switch (index.column()) {
    case Kind:
        if (!choices(row, Kind).contains(wanted))
            return false;
        plan = withIndexKind(plan, row, wanted);
        break;
    case Opclass:
        if (!choices(row, Opclass).contains(wanted))
            return false;
        plan.indexes[row].opclass = wanted;
        break;
    case Parameters: {
        const auto changed = withIndexParameters(plan, row, wanted);
        if (!changed) {
            emit refused(
                QStringList{changed.error().summary, changed.error().hint}.join(QLatin1Char(' ')).trimmed());
            return false;
        }
        plan = *changed;
        break;
    }
    default:
        return false;
    }
    if (plan == m_state.plan)
        return false;
    emit edited(plan, tr("Index on %1").arg(subject(row)));
    return true;
}

Qt::ItemFlags MappingIndexModel::flags(const QModelIndex& index) const
{
    if (index.row() < 0 || index.row() >= rowCount())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemNeverHasChildren;
    const bool text =
        index.column() == Parameters && m_state.plan.indexes.at(index.row()).kind != QLatin1String("none");
    if (text || !choices(index.row(), index.column()).isEmpty())
        flags |= Qt::ItemIsEditable;
    return flags;
}

QVariant MappingIndexModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case On:
        return tr("On");
    case Kind:
        return tr("Kind");
    case Opclass:
        return tr("Operator class");
    case Parameters:
        return tr("Parameters");
    case Why:
        return tr("Why");
    default:
        return {};
    }
}

} // namespace qdrant2pg
