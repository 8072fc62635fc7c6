// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/wizard/basepage.h"

#include <QList>

#include <functional>

namespace qdrant2pg {

/// How a page is made. A page that is not in the list is not in the flow: Next goes to the following one.
struct PageFactory {
    PageId id;
    std::function<BasePage*(const PageContext&)> make;
};

/// The wizard's pages in their order.
QList<PageFactory> standardPages();

} // namespace qdrant2pg
