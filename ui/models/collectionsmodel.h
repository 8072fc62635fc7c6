// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/services/collectionreader.h"

#include <QAbstractTableModel>
#include <QSet>

namespace qdrant2pg {

/// The collections of a server, checkable. Entries that are not read yet show that they are being read.
class CollectionsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Points, Vectors, Payload, SourceSize, TargetSize, Table, State, ColumnCount };
    /// Share of the largest source size, 0..1, for a bar inside the cell.
    static constexpr int ShareRole = Qt::UserRole + 1;
    /// Value to sort by.
    static constexpr int SortRole = Qt::UserRole + 2;

    explicit CollectionsModel(QObject* parent = nullptr);

    /// Names of the server; keeps what is known about those that stay, and which are checked.
    void setNames(const QStringList& names);
    void setEntry(const CollectionEntry& entry);
    void setExactCount(
        const QString& name, const Result<qint64>& count, const std::optional<ServerProfile>& server);
    void setFiltered(const QString& name, bool filtered);
    void setChecked(const QStringList& names);
    QStringList checked() const;
    const CollectionEntry* entry(int row) const;
    int rowOf(const QString& name) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void checkedChanged();

private:
    struct Row {
        CollectionEntry entry;
        bool read = false;
        bool filtered = false;
    };
    QString text(const Row& row, int column) const;
    QString toolTip(const Row& row, int column) const;
    void changed(int row);

    QList<Row> m_rows;
    QSet<QString> m_checked;
    qint64 m_largest = 0;
};

/// "text 768 Cosine, image 512 Dot float16; sparse: words"
QString vectorsSummary(const CollectionInfo& info);

} // namespace qdrant2pg
