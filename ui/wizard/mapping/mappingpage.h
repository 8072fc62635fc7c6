// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/wizard/basepage.h"
#include "ui/wizard/mapping/mappingcontroller.h"

class QAction;
class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QSplitter;
class QTabWidget;
class QToolButton;

namespace qdrant2pg {

class MappingEditor;
class SamplePane;
class SqlView;

/// How each collection becomes a table: columns, types, indexes, with the statements and real rows beside
/// them. Next checks the plan against the target; what blocks is resolved here.
class MappingPage : public BasePage {
    Q_OBJECT
public:
    explicit MappingPage(const PageContext& context);

    QString stepName() const override;
    QString stepChoice() const override;
    QString helpText() const override;
    void entered() override;
    void left() override;
    QWidget* firstFocus() override;
    bool cancelOperation() override;

protected:
    void startCheck() override;
    void stopCheck() override;
    void retranslate() override;

private:
    QWidget* buildList();
    QWidget* buildTable();
    QWidget* buildHistory();
    QWidget* buildResults();
    void refresh();
    void refreshList();
    void refreshStatements();
    void refreshPattern();
    void setTable();
    void choosePreset();
    void nameTables();
    void goTo(const QString& path);
    void finishCheck(const Result<QList<Finding>>& findings);
    void complain(const Error& error);

    MappingController m_controller;
    MappingListModel m_list;
    QSplitter* m_across;
    QSplitter* m_down;
    QWidget* m_listPane;
    QLabel* m_listLabel;
    QListView* m_listView;
    QLabel* m_patternLabel;
    QLineEdit* m_pattern;
    QLabel* m_patternExample;
    QPushButton* m_applyPattern;
    QLabel* m_tableLabel;
    QLineEdit* m_table;
    QLabel* m_presetLabel;
    QComboBox* m_preset;
    QLabel* m_modeLabel;
    QComboBox* m_mode;
    QLabel* m_parentsLabel;
    QComboBox* m_parents;
    QCheckBox* m_functions;
    QAction* m_undo;
    QAction* m_redo;
    QToolButton* m_resetAll;
    MappingEditor* m_editor;
    QTabWidget* m_results;
    SqlView* m_sql;
    SamplePane* m_sample;
};

} // namespace qdrant2pg
