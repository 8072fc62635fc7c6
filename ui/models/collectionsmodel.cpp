// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/models/collectionsmodel.h"

#include "core/common/units.h"
#include "ui/widgets/icons.h"

#include <QLocale>

#include <algorithm>

namespace qdrant2pg {

namespace {

/// Estimates are marked as such.
QString approximately(const QString& text)
{
    return QStringLiteral("≈ ") + text;
}

Status statusOf(const CollectionEntry& entry)
{
    if (entry.error)
        return Status::Problem;
    if (entry.info
        && (entry.info->deferredPoints.value_or(0) > 0 || entry.info->status == QLatin1String("red")))
        return Status::Warning;
    if (entry.target == TargetState::Filled)
        return Status::Warning;
    if (entry.target == TargetState::Empty || (entry.info && entry.info->status != QLatin1String("green")))
        return Status::Note;
    return Status::Ok;
}

QString stateText(const CollectionEntry& entry)
{
    if (entry.error)
        return entry.error->summary;
    switch (entry.target) {
    case TargetState::Unknown:
        return CollectionsModel::tr("not checked");
    case TargetState::New:
        return CollectionsModel::tr("new");
    case TargetState::Empty:
        return CollectionsModel::tr("exists, empty");
    case TargetState::Filled:
        return CollectionsModel::tr("conflict: table has rows");
    }
    return {};
}

/// What the source says about itself that a person should know before moving it.
QStringList sourceNotes(const CollectionInfo& info)
{
    QStringList notes;
    if (info.status == QLatin1String("yellow"))
        notes << CollectionsModel::tr(
            "Qdrant is still optimizing this collection; reading it may be slower.");
    if (info.status == QLatin1String("grey"))
        notes << CollectionsModel::tr("Optimization is pending and will start with the next write.");
    if (info.status == QLatin1String("red"))
        notes << CollectionsModel::tr("Qdrant reports a problem with this collection: %1")
                     .arg(info.optimizerError);
    if (info.deferredPoints.value_or(0) > 0)
        notes << CollectionsModel::tr("%n point(s) are hidden from reading until they are indexed.", nullptr,
            static_cast<int>(*info.deferredPoints));
    if (info.updateQueueLength.value_or(0) > 0)
        notes << CollectionsModel::tr(
            "Writes are waiting to be applied; somebody writes to this collection.");
    return notes + info.warnings;
}

} // namespace

QString vectorsSummary(const CollectionInfo& info)
{
    QStringList parts;
    for (const DenseVectorInfo& vector : info.vectors) {
        QStringList words;
        if (!vector.name.isEmpty())
            words << vector.name;
        words << QLocale::c().toString(vector.size) << distanceName(vector.distance);
        if (vector.datatype != VectorDatatype::Float32)
            words << vectorDatatypeName(vector.datatype);
        if (vector.multivector)
            words << CollectionsModel::tr("multivector");
        if (!vector.quantization.isEmpty())
            words << CollectionsModel::tr("quantized");
        parts << words.join(QLatin1Char(' '));
    }
    for (const SparseVectorInfo& vector : info.sparseVectors)
        parts << CollectionsModel::tr("%1 sparse").arg(vector.name);
    return parts.isEmpty() ? CollectionsModel::tr("none") : parts.join(QStringLiteral(", "));
}

CollectionsModel::CollectionsModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void CollectionsModel::setNames(const QStringList& names)
{
    beginResetModel();
    QList<Row> rows;
    for (const QString& name : names) {
        const int old = rowOf(name);
        Row row;
        if (old >= 0)
            row = m_rows[old];
        row.entry.name = name;
        rows.append(row);
    }
    m_rows = rows;
    endResetModel();
}

void CollectionsModel::setEntry(const CollectionEntry& entry)
{
    const int row = rowOf(entry.name);
    if (row < 0)
        return;
    const auto exact = m_rows[row].entry.exactCount;
    m_rows[row].entry = entry;
    if (!entry.exactCount)
        m_rows[row].entry.exactCount = exact;
    m_rows[row].read = true;
    const qint64 size = entry.sourceBytes.value_or(0);
    if (size > m_largest) {
        m_largest = size;
        emit dataChanged(index(0, SourceSize), index(rowCount() - 1, SourceSize), {ShareRole});
    }
    changed(row);
}

void CollectionsModel::setExactCount(
    const QString& name, const Result<qint64>& count, const std::optional<ServerProfile>& server)
{
    const int row = rowOf(name);
    if (row < 0)
        return;
    CollectionEntry& entry = m_rows[row].entry;
    if (count) {
        entry.exactCount = *count;
        entry.countNote.clear();
        estimateSizes(entry, server);
    } else {
        entry.countNote = count.error().summary;
    }
    changed(row);
}

void CollectionsModel::setFiltered(const QString& name, bool filtered)
{
    const int row = rowOf(name);
    if (row < 0 || m_rows[row].filtered == filtered)
        return;
    m_rows[row].filtered = filtered;
    changed(row);
}

void CollectionsModel::setChecked(const QStringList& names)
{
    const QSet<QString> wanted(names.begin(), names.end());
    if (wanted == m_checked)
        return;
    m_checked = wanted;
    if (!m_rows.isEmpty())
        emit dataChanged(index(0, Name), index(rowCount() - 1, Name), {Qt::CheckStateRole});
    emit checkedChanged();
}

QStringList CollectionsModel::checked() const
{
    QStringList names;
    for (const Row& row : m_rows) {
        if (m_checked.contains(row.entry.name))
            names << row.entry.name;
    }
    return names;
}

const CollectionEntry* CollectionsModel::entry(int row) const
{
    return row >= 0 && row < m_rows.size() ? &m_rows[row].entry : nullptr;
}

int CollectionsModel::rowOf(const QString& name) const
{
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& row) { return row.entry.name == name; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

void CollectionsModel::changed(int row)
{
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

int CollectionsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CollectionsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString CollectionsModel::text(const Row& row, int column) const
{
    const CollectionEntry& entry = row.entry;
    const QLocale locale;
    if (column == Name)
        return row.filtered ? tr("%1 (filtered)").arg(entry.name) : entry.name;
    if (!row.read)
        return column == State ? tr("reading…") : QString();
    switch (column) {
    case Points:
        if (entry.exactCount)
            return locale.toString(*entry.exactCount);
        return entry.info && entry.info->pointsCount
            ? approximately(locale.toString(*entry.info->pointsCount))
            : QString();
    case Vectors:
        return entry.info ? vectorsSummary(*entry.info) : QString();
    case Payload: {
        if (!entry.info)
            return {};
        QStringList paths;
        for (const PayloadIndexInfo& index : entry.info->payloadIndexes)
            paths << tr("%1 %2").arg(index.path, index.dataType);
        return paths.isEmpty() ? tr("no index") : paths.join(QStringLiteral(", "));
    }
    case SourceSize:
        return entry.sourceBytes ? approximately(formatBytes(*entry.sourceBytes)) : QString();
    case TargetSize:
        return entry.targetBytes ? approximately(formatBytes(*entry.targetBytes)) : QString();
    case Table:
        return entry.table;
    case State:
        return stateText(entry);
    default:
        return {};
    }
}

QString CollectionsModel::toolTip(const Row& row, int column) const
{
    const CollectionEntry& entry = row.entry;
    switch (column) {
    case Points:
        if (entry.exactCount)
            return tr("Counted exactly.");
        return entry.countNote.isEmpty() ? tr("Qdrant's estimate; Count exactly asks for the true number.")
                                         : entry.countNote;
    case SourceSize:
        return tr("Vectors as stored and payload as JSON, from the number of points and a few payloads.");
    case TargetSize:
        return tr("Table and indexes as proposed, from the same numbers.");
    case State:
        if (entry.error)
            return entry.error->toText();
        if (entry.target == TargetState::Filled)
            return tr("A table of that name has rows. Mapping lets you choose: another name, append, merge "
                      "or replace.");
        return entry.info ? sourceNotes(*entry.info).join(QLatin1Char('\n')) : QString();
    default:
        return text(row, column);
    }
}

QVariant CollectionsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const Row& row = m_rows[index.row()];
    const CollectionEntry& entry = row.entry;
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::ToolTipRole:
        return toolTip(row, index.column());
    case Qt::CheckStateRole:
        if (index.column() == Name)
            return static_cast<int>(m_checked.contains(entry.name) ? Qt::Checked : Qt::Unchecked);
        return {};
    case Qt::DecorationRole:
        if (index.column() == State)
            return statusIcon(row.read ? statusOf(entry) : Status::Checking);
        return {};
    case Qt::TextAlignmentRole:
        if (index.column() == Points || index.column() == SourceSize || index.column() == TargetSize)
            return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    case Qt::AccessibleTextRole:
        if (index.column() == State)
            return row.read ? tr("%1: %2").arg(statusWord(statusOf(entry)), stateText(entry)) : tr("reading");
        return text(row, index.column());
    case ShareRole:
        if (index.column() == SourceSize && m_largest > 0 && entry.sourceBytes)
            return static_cast<double>(*entry.sourceBytes) / static_cast<double>(m_largest);
        return {};
    case SortRole:
        switch (index.column()) {
        case Points:
            return entry.exactCount ? *entry.exactCount
                : entry.info        ? entry.info->pointsCount.value_or(-1)
                                    : -1;
        case SourceSize:
            return entry.sourceBytes.value_or(-1);
        case TargetSize:
            return entry.targetBytes.value_or(-1);
        default:
            return text(row, index.column());
        }
    default:
        return {};
    }
}

bool CollectionsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!index.isValid() || index.column() != Name || role != Qt::CheckStateRole)
        return false;
    const QString& name = m_rows[index.row()].entry.name;
    if (value.toInt() == Qt::Checked)
        m_checked.insert(name);
    else
        m_checked.remove(name);
    emit dataChanged(index, index, {Qt::CheckStateRole});
    emit checkedChanged();
    return true;
}

Qt::ItemFlags CollectionsModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && index.column() == Name)
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

QVariant CollectionsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole
        && (section == Points || section == SourceSize || section == TargetSize))
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Collection");
    case Points:
        return tr("Points");
    case Vectors:
        return tr("Vectors");
    case Payload:
        return tr("Payload indexes");
    case SourceSize:
        return tr("In Qdrant");
    case TargetSize:
        return tr("In PostgreSQL");
    case Table:
        return tr("Table");
    case State:
        return tr("State");
    default:
        return {};
    }
}

} // namespace qdrant2pg
