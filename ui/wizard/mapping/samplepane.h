// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/models/mappingsamplemodel.h"

#include <QSortFilterProxyModel>
#include <QWidget>

class QCheckBox;
class QLabel;
class QPushButton;
class QTableView;

namespace qdrant2pg {

class MappingController;

/// Twenty real points as the rows that they become, those with a problem marked.
class SamplePane : public QWidget {
    Q_OBJECT
public:
    explicit SamplePane(MappingController& controller, QWidget* parent = nullptr);

    void refresh();
    void retranslate();

private:
    void spanReasons();

    MappingController& m_controller;
    MappingSampleModel m_model;
    QSortFilterProxyModel m_proxy;
    QLabel* m_state;
    QCheckBox* m_problemsOnly;
    QPushButton* m_again;
    QTableView* m_table;
};

} // namespace qdrant2pg
