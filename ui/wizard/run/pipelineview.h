// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/progress.h"

#include <QWidget>

#include <optional>

namespace qdrant2pg {

/// Export, conversion and load as one pipeline with the rates between them; the narrow place stands out.
class PipelineView : public QWidget {
    Q_OBJECT
public:
    explicit PipelineView(QWidget* parent = nullptr);

    struct Values {
        qint64 expected = -1;
        /// Of the expected ones; these are neither converted nor loaded.
        qint64 rejected = 0;
        qint64 exported = 0;
        qint64 converted = 0;
        qint64 loaded = 0;
        double rowsPerSecond = 0;
        double bytesPerSecond = 0;
        Bottleneck bottleneck = Bottleneck::Unknown;
        bool moving = false;
    };
    void setValues(const Values& values);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::optional<double> share(qint64 done, qint64 of) const;

    Values m_values;
};

} // namespace qdrant2pg
