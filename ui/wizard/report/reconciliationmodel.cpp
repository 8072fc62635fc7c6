// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/report/reconciliationmodel.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/style.h"

#include <QIcon>
#include <QLocale>

namespace qdrant2pg {

namespace {

const ReportNumber* numberOf(const ReportCollection& collection, int column)
{
    switch (column) {
    case ReconciliationModel::Source:
        return &collection.source;
    case ReconciliationModel::Stored:
        return &collection.stored;
    case ReconciliationModel::Rejected:
        return &collection.rejected;
    case ReconciliationModel::Skipped:
        return &collection.skipped;
    case ReconciliationModel::Read:
        return &collection.read;
    case ReconciliationModel::TargetNow:
        return &collection.targetNow;
    default:
        return nullptr;
    }
}

} // namespace

ReconciliationModel::ReconciliationModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void ReconciliationModel::setReport(const RunReport& report)
{
    beginResetModel();
    m_collections = report.collections;
    endResetModel();
}

int ReconciliationModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_collections.size());
}

int ReconciliationModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ReconciliationModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const ReportCollection& collection = m_collections.at(index.row());
    const ReportNumber* number = numberOf(collection, index.column());
    switch (role) {
    case Qt::TextAlignmentRole:
        return number ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::ToolTipRole:
        if (number)
            return number->origin;
        return index.column() == AddsUp ? QVariant(collection.differenceText()) : QVariant();
    case Qt::DecorationRole:
        if (index.column() == AddsUp)
            return statusIcon(collection.reconciles() ? Status::Ok : Status::Problem);
        return {};
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    if (number)
        return number->value ? QLocale().toString(static_cast<qlonglong>(*number->value)) : tr("not known");
    if (index.column() == Collection)
        return tr("%1 → %2.%3").arg(collection.name, collection.schema, collection.table);
    return collection.reconciles() ? tr("Adds up") : collection.differenceText();
}

QVariant ReconciliationModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Collection || section == AddsUp ? QVariant()
                                                          : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Collection:
        return tr("Collection → table");
    case Source:
        return tr("In Qdrant");
    case Stored:
        return tr("= stored");
    case Rejected:
        return tr("+ rejected");
    case Skipped:
        return tr("+ skipped");
    case Read:
        return tr("Read");
    case TargetNow:
        return tr("Rows now");
    case AddsUp:
        return tr("Adds up");
    default:
        return {};
    }
}

QStringList numberOrigins(const ReportCollection& collection)
{
    const std::pair<QString, const ReportNumber*> numbers[] = {
        {ReconciliationModel::tr("In Qdrant"), &collection.source},
        {ReconciliationModel::tr("Read"), &collection.read},
        {ReconciliationModel::tr("Stored"), &collection.stored},
        {ReconciliationModel::tr("Rejected"), &collection.rejected},
        {ReconciliationModel::tr("Skipped"), &collection.skipped},
        {ReconciliationModel::tr("Rows now"), &collection.targetNow},
    };
    QStringList lines;
    for (const auto& [name, number] : numbers)
        lines << QStringLiteral("%1: %2.").arg(name, number->origin);
    return lines;
}

} // namespace qdrant2pg
