// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/qdrant/sourceoptions.h"
#include "ui/models/jsontreemodel.h"
#include "ui/models/previewmodel.h"
#include "ui/services/backgroundjob.h"
#include "ui/services/services.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QSpinBox;
class QSplitter;
class QTableView;
class QTreeView;
class QVBoxLayout;

namespace qdrant2pg {

/// The first points of one collection: rows, payload as a tree, vectors as small lines. Asks for no more
/// points than it shows; the latest question wins; gives up after two seconds and says so.
class PreviewPane : public QWidget {
    Q_OBJECT
public:
    explicit PreviewPane(Services& services, QWidget* parent = nullptr);

    void show(const SourceOptions& source, const QString& collection, const QByteArray& filterJson);
    void clear();
    /// False when nothing was being read.
    bool cancel();
    bool isLoading() const { return m_job.isRunning(); }
    QString stateText() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void load();
    void finish(const Result<QList<PreviewPoint>>& points);
    void showPoint(int row);
    void say(const QString& text, bool canRetry);
    void retranslate();

    Services& m_services;
    BackgroundJob m_job;
    QTimer m_budget;
    QTimer m_slow;
    SourceOptions m_source;
    QString m_collection;
    QByteArray m_filter;
    PreviewModel m_points;
    JsonTreeModel m_payload;
    QLabel* m_title;
    QLabel* m_limitLabel;
    QSpinBox* m_limit;
    QLabel* m_state;
    QPushButton* m_again;
    QSplitter* m_splitter;
    QTableView* m_table;
    QTreeView* m_tree;
    QVBoxLayout* m_vectors;
};

} // namespace qdrant2pg
