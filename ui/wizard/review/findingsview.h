// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/models/findingsmodel.h"

#include <QSet>
#include <QWidget>

class QVBoxLayout;

namespace qdrant2pg {

class ReviewController;

/// The findings in their three groups as text that can be read to the end: icon, word, sentence, what to do,
/// and buttons that fix it or lead to its field. Warnings have one check box a group; notes are folded.
class FindingsView : public QWidget {
    Q_OBJECT
public:
    FindingsView(ReviewController& controller, FindingsModel& model, QWidget* parent = nullptr);

    /// Rebuilds from the model; keeps what was unfolded.
    void refresh();

signals:
    void fixRequested(const qdrant2pg::Finding& finding);
    void placeRequested(const QString& path);

private:
    QWidget* group(FindingGroup group, int& number);
    QWidget* card(const Finding& finding, int number);

    ReviewController& m_controller;
    FindingsModel& m_model;
    QVBoxLayout* m_layout;
    QWidget* m_content = nullptr;
    QSet<int> m_open;
    QString m_shown;
};

} // namespace qdrant2pg
