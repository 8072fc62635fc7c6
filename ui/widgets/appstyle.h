// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QProxyStyle>

namespace qdrant2pg {

/// Fusion with room to breathe: wider margins in headers and cells than a style for dense desktops gives.
/// Fusion, because it draws every palette faithfully on every platform; native styles paint parts of a dark
/// palette light.
class AppStyle : public QProxyStyle {
    Q_OBJECT
public:
    AppStyle();

    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
};

} // namespace qdrant2pg
