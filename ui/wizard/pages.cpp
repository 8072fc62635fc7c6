// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/pages.h"

#include "ui/wizard/connect/collectionspage.h"
#include "ui/wizard/connect/sourcepage.h"
#include "ui/wizard/connect/startpage.h"
#include "ui/wizard/connect/targetpage.h"
#include "ui/wizard/mapping/mappingpage.h"
#include "ui/wizard/report/reportpage.h"
#include "ui/wizard/review/reviewpage.h"
#include "ui/wizard/run/runpage.h"
#include "ui/wizard/verify/verifypage.h"

namespace qdrant2pg {

namespace {

template <class Page> PageFactory page(PageId id)
{
    return {id, [](const PageContext& context) -> BasePage* {
                return new Page(context);
            }};
}

/// A page of the run; those of one window share its session.
template <class Page> PageFactory page(PageId id, const std::shared_ptr<MigrationSessionMaker>& run)
{
    return {id, [run](const PageContext& context) -> BasePage* {
                return new Page(context, run->session(context.services));
            }};
}

} // namespace

QList<PageFactory> standardPages()
{
    const auto run = std::make_shared<MigrationSessionMaker>();
    return {
        page<StartPage>(PageId::Start),
        page<SourcePage>(PageId::Source),
        page<TargetPage>(PageId::Target),
        page<CollectionsPage>(PageId::Collections),
        page<MappingPage>(PageId::Mapping),
        page<ReviewPage>(PageId::Review),
        page<RunPage>(PageId::Run, run),
        page<VerifyPage>(PageId::Verify, run),
        page<ReportPage>(PageId::Report, run),
    };
}

} // namespace qdrant2pg
