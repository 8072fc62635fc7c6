// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/models/mappingmodel.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace qdrant2pg {

class FormGrid;

/// What a collection's table gets besides columns and indexes: a comment, a view for each alias, statistics.
/// Edits are announced as the plan that they lead to, and show when that plan is set.
class TableOptions : public QWidget {
    Q_OBJECT
public:
    explicit TableOptions(QWidget* parent = nullptr);

    void setState(const MappingState& state);
    /// Takes what is still being typed.
    void commit();
    /// Gives the focus to the field of a place in the plan ("after.comment"); false for other fields.
    bool select(const QString& field);
    void retranslate();
    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    void edited(const qdrant2pg::CollectionPlan& plan, const QString& text);
    void refused(const QString& reason);

private:
    void takeComment();
    void takeViews();
    void reset();
    void refresh();

    MappingState m_state;
    FormGrid* m_form;
    QLabel* m_commentLabel;
    QPlainTextEdit* m_comment;
    QLabel* m_commentHelp;
    QLabel* m_viewsLabel;
    QPlainTextEdit* m_views;
    QLabel* m_viewsHelp;
    QCheckBox* m_analyze;
    QPushButton* m_reset;
};

} // namespace qdrant2pg
