// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QLabel>

namespace qdrant2pg {

/// One line that ends in dots when there is no room for it, and says all of it in its tool tip: for names
/// that come from elsewhere and may be of any length. text() is the whole text.
class ElidedLabel : public QLabel {
    Q_OBJECT
public:
    using QLabel::QLabel;

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
};

} // namespace qdrant2pg
