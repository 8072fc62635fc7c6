// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/wizard/verify/samplemodel.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QTableView;

namespace qdrant2pg {

/// Some rows beside their points, for people to look at: which collection, how many, and the seed that picks
/// them.
class SampleView : public QWidget {
    Q_OBJECT
public:
    explicit SampleView(QWidget* parent = nullptr);

    void setCollections(const QStringList& names);
    /// Rows can be asked for.
    void setReady(bool ready);
    void setSample(const RowSample& sample);
    void setTrouble(const Error& error);
    void retranslate();

signals:
    void wanted(const QString& collection, int rows, int seed);

private:
    void ask();
    void describe();

    SampleModel m_model;
    QLabel* m_collectionLabel;
    QComboBox* m_collection;
    QLabel* m_rowsLabel;
    QSpinBox* m_rows;
    QLabel* m_seedLabel;
    QSpinBox* m_seed;
    QPushButton* m_show;
    QPushButton* m_others;
    QLabel* m_words;
    QTableView* m_table;
    QString m_trouble;
};

} // namespace qdrant2pg
