// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/appstyle.h"

#include "ui/widgets/style.h"

namespace qdrant2pg {

AppStyle::AppStyle()
    : QProxyStyle(QStringLiteral("Fusion"))
{
}

int AppStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_HeaderMargin:
    case PM_FocusFrameHMargin:
        // The same for a title and the cells under it, so that their texts stand above each other.
        return widget ? style::unit(widget) * 3 / 4 : QProxyStyle::pixelMetric(metric, option, widget);
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

} // namespace qdrant2pg
