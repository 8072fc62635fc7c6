// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/models/collectionsmodel.h"
#include "ui/services/backgroundjob.h"
#include "ui/wizard/basepage.h"

#include <QSortFilterProxyModel>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSplitter;
class QTableView;
class QTabWidget;

namespace qdrant2pg {

class PreviewPane;

/// Which collections move, with what they hold; Next reads their facts and proposes the mapping.
class CollectionsPage : public BasePage {
    Q_OBJECT
public:
    explicit CollectionsPage(const PageContext& context);

    QString stepName() const override;
    QString stepChoice() const override;
    QString helpText() const override;
    void entered() override;
    void left() override;
    QWidget* firstFocus() override;
    bool cancelOperation() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

protected:
    void startCheck() override;
    void stopCheck() override;
    void retranslate() override;

private:
    struct Facts {
        QList<CollectionFacts> facts;
        QList<CollectionPlan> proposals;
        std::optional<Error> error;
    };

    void buildTable(QWidget* content);
    QWidget* buildFilterTab();
    void load();
    void reportMissing();
    void refreshCount();
    void currentChanged();
    QString currentName() const;
    void toggleSelected();
    void countExactly();
    void applyFilter();
    /// The chosen collection that is shown has another filter on the screen than in the plan.
    bool hasUnappliedFilter() const;
    void finish(const Facts& facts);

    BackgroundJob m_listing;
    BackgroundJob m_counting;
    BackgroundJob m_filterCounting;
    BackgroundJob m_facts;
    QString m_shownSource;
    bool m_loading = false;
    CollectionsModel m_model;
    QSortFilterProxyModel m_proxy;
    QLineEdit* m_search;
    QLabel* m_searchLabel;
    QPushButton* m_all;
    QPushButton* m_none;
    QPushButton* m_count;
    QLabel* m_summary;
    QTableView* m_table;
    QLabel* m_empty;
    QSplitter* m_splitter;
    QTabWidget* m_tabs;
    PreviewPane* m_preview;
    QPlainTextEdit* m_filter;
    QLabel* m_filterLabel;
    QLabel* m_filterHelp;
    QLabel* m_filterState;
    QPushButton* m_applyFilter;
};

} // namespace qdrant2pg
