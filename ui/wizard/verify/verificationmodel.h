// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/report/runreport.h"
#include "ui/widgets/style.h"

#include <QAbstractTableModel>
#include <QList>

namespace qdrant2pg {

/// A comparison by collection: how far it is, then what it found.
class VerificationModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Collection, Level, Share, Result, Rows, Sentence, ColumnCount };
    /// 0..1; invalid when not known.
    static constexpr int ShareRole = Qt::UserRole + 1;

    explicit VerificationModel(QObject* parent = nullptr);

    /// All collections waiting for a comparison at that level.
    void setWaiting(const QStringList& collections, const QString& level);
    void setRunning(const QString& collection, double fraction, const QString& note);
    /// The comparison has not come to its end for those that have no result yet.
    void setInterrupted(const QString& word);
    /// Rows by collection, then searches by vector.
    void setReport(const RunReport& report);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QString collection;
        QString level;
        double share = -1;
        Status status = Status::Waiting;
        QString word;
        qint64 rows = -1;
        QString sentence;
    };
    void changed(qsizetype row);
    /// What is the same, what the index finds, and filtered: numbers of their own.
    void appendSearch(const SearchComparison& search);

    QList<Row> m_rows;
};

/// "every row against its digest" and the like.
QString verifyLevelText(const QString& level);
/// What the level proves and what it does not.
QString verifyLevelMeaning(const QString& level);

} // namespace qdrant2pg
