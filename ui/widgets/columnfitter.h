// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QList>
#include <QObject>
#include <QSet>

#include <utility>

class QAbstractItemView;
class QHeaderView;

namespace qdrant2pg {

/// Gives the columns of a table or tree their widths again whenever the view, its titles or its font change:
/// each as wide as wanted, names and sentences narrower when there is too little room, none narrower than its
/// title; the last one takes what is left. Only when the titles alone do not fit does the view scroll
/// sideways. A column that a person has drawn wider or narrower stays as it is. Belongs to the view.
class ColumnFitter : public QObject {
    Q_OBJECT
public:
    /// The one of this view, made when there is none yet.
    static ColumnFitter* of(QAbstractItemView* view);

    /// Pairs of column and characters; a column that is not named keeps the width it has.
    void setWidths(const QList<std::pair<int, int>>& characters);
    /// The columns as they are now are those of a person, from an earlier session.
    void keepWidths();
    /// Whether a person has drawn any.
    bool isDrawn() const { return !m_drawn.isEmpty(); }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    explicit ColumnFitter(QAbstractItemView* view);
    void fitLater();
    void fit();

    QAbstractItemView* m_view;
    QHeaderView* m_header;
    QList<std::pair<int, int>> m_characters;
    QSet<int> m_drawn;
    bool m_fitting = false;
    bool m_waiting = false;
};

} // namespace qdrant2pg
