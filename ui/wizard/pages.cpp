// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/pages.h"

#include "ui/wizard/connect/collectionspage.h"
#include "ui/wizard/connect/sourcepage.h"
#include "ui/wizard/connect/startpage.h"
#include "ui/wizard/connect/targetpage.h"

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
    return {
        page<StartPage>(PageId::Start),
        page<SourcePage>(PageId::Source),
        page<TargetPage>(PageId::Target),
        page<CollectionsPage>(PageId::Collections),
    };
}

} // namespace qdrant2pg
