// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/models/mappingindexmodel.h"
#include "ui/models/mappingmodel.h"

#include <QSortFilterProxyModel>
#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;
class QTabWidget;
class QToolButton;

namespace qdrant2pg {

class MappingController;
class TableOptions;

/// Columns, indexes and extras of one table, with the reason of the selected row under them. Shows and edits
/// what the controller has.
class MappingEditor : public QWidget {
    Q_OBJECT
public:
    MappingEditor(MappingController& controller, QWidget* parent = nullptr);

    /// Reads the plan again.
    void refresh();
    void refreshFindings();
    void retranslate();
    /// Selects what the finding is about; false when it is nothing that is edited here.
    bool select(const PlanPlace& place);
    /// Takes what is still being typed.
    void commit();
    QWidget* firstFocus() const;
    void setCorner(QWidget* widget);
    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    /// An input was no value for its cell; empty when the person goes on.
    void refused(const QString& reason);

private:
    QWidget* buildColumns();
    QWidget* buildIndexes();
    void rowChanged();
    void nameTabs();
    void resetRow();
    void addPath();
    void addIndex();
    int currentRow() const;

    MappingController& m_controller;
    MappingModel m_columns;
    MappingIndexModel m_indexes;
    QSortFilterProxyModel m_columnsProxy;
    QSortFilterProxyModel m_indexesProxy;
    QTabWidget* m_tabs;
    TableOptions* m_options;
    QTableView* m_columnsView;
    QTableView* m_indexesView;
    QCheckBox* m_problemsOnly;
    QLabel* m_reason;
    QLabel* m_defaultLabel;
    QLineEdit* m_default;
    QPushButton* m_reset;
    QPushButton* m_similar;
    QLabel* m_pathLabel;
    QLineEdit* m_path;
    QPushButton* m_addPath;
    QPushButton* m_addIndex;
    QPushButton* m_removeIndex;
    QLabel* m_indexReason;
};

} // namespace qdrant2pg
