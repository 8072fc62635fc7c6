// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/replaypolicies.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace qdrant2pg {

/// What may be changed before rejected points are tried again, the button that does it, and beside it why it
/// can or cannot be pressed.
class RetryBar : public QWidget {
    Q_OBJECT
public:
    explicit RetryBar(QWidget* parent = nullptr);

    ReplayPolicies policies() const;
    /// Everything back to "as in the plan".
    void resetPolicies();
    void setOffer(bool possible, const QString& sentence);
    /// While it runs, and as long as the run does, nothing here can be changed.
    void setChangeable(bool changeable);
    void retranslate();

signals:
    void policiesChanged();
    void retryRequested();

private:
    struct Choice {
        QLabel* label = nullptr;
        QComboBox* box = nullptr;
    };
    Choice addChoice(int column, const char* objectName, int answers);

    Choice m_nul;
    Choice m_nonFinite;
    Choice m_misfit;
    Choice m_missing;
    QPushButton* m_retry;
    QLabel* m_sentence;
};

} // namespace qdrant2pg
