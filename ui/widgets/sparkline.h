// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QList>
#include <QWidget>

namespace qdrant2pg {

/// The elements of one vector as a small line, with its name and size: a look, not a measurement.
class Sparkline : public QWidget {
    Q_OBJECT
public:
    explicit Sparkline(QWidget* parent = nullptr);

    /// `caption` names the vector: "embedding, 768 dimensions". Non-finite elements are gaps.
    void setValues(const QString& caption, const QList<float>& values);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_caption;
    QList<float> m_values;
};

} // namespace qdrant2pg
