// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/pages.h"

namespace qdrant2pg {

namespace {

template <class Page> PageFactory page(PageId id)
{
    return {id, [](const PageContext& context) -> BasePage* {
                return new Page(context);
            }};
}

} // namespace

QList<PageFactory> standardPages()
{
    return {};
}

} // namespace qdrant2pg
