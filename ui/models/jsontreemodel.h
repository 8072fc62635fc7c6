// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QAbstractItemModel>
#include <QByteArray>

#include <memory>

namespace qdrant2pg {

/// A JSON document as a tree: key and value. Number tokens are shown as they came; a value is cut at 1 kB.
class JsonTreeModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Key, Value, ColumnCount };

    explicit JsonTreeModel(QObject* parent = nullptr);
    ~JsonTreeModel() override;

    /// Valid JSON text; anything else gives an empty tree.
    void setJson(const QByteArray& json);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Node;
    std::unique_ptr<Node> m_root;
};

} // namespace qdrant2pg
