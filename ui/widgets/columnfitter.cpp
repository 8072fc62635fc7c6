// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/columnfitter.h"

#include "ui/widgets/style.h"

#include <QAbstractItemView>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QTableView>
#include <QTreeView>

#include <algorithm>

namespace qdrant2pg {

namespace {
/// A column of names or sentences gives way down to this share of what it wants before the view scrolls
/// sideways; one of numbers or states, which say nothing when they are cut, does not.
constexpr double leastShare = 0.5;
constexpr int longCharacters = 17;

struct Column {
    int section;
    int least;
    int wanted;
};
} // namespace

ColumnFitter* ColumnFitter::of(QAbstractItemView* view)
{
    auto* found = view->findChild<ColumnFitter*>(QString(), Qt::FindDirectChildrenOnly);
    return found ? found : new ColumnFitter(view);
}

ColumnFitter::ColumnFitter(QAbstractItemView* view)
    : QObject(view)
    , m_view(view)
{
    if (auto* table = qobject_cast<QTableView*>(view))
        m_header = table->horizontalHeader();
    else
        m_header = qobject_cast<QTreeView*>(view)->header();
    // The header's own stretching would make the last column narrower than its title.
    m_header->setStretchLastSection(false);
    view->installEventFilter(this);
    view->viewport()->installEventFilter(this);
    connect(m_header, &QHeaderView::sectionResized, this, [this](int section) {
        if (!m_fitting && QGuiApplication::mouseButtons() != Qt::NoButton)
            m_drawn.insert(section);
    });
    connect(m_header, &QHeaderView::sectionCountChanged, this, &ColumnFitter::fitLater);
    if (m_header->model())
        connect(m_header->model(), &QAbstractItemModel::headerDataChanged, this, &ColumnFitter::fitLater);
}

void ColumnFitter::setWidths(const QList<std::pair<int, int>>& characters)
{
    m_characters = characters;
    fit();
}

void ColumnFitter::keepWidths()
{
    for (int section = 0; section < m_header->count(); ++section)
        m_drawn.insert(section);
    // A header restores its stretching with its widths.
    m_header->setStretchLastSection(false);
}

bool ColumnFitter::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::Resize:
        if (watched == m_view->viewport())
            fit();
        break;
    case QEvent::Show:
    case QEvent::FontChange:
    case QEvent::StyleChange:
    case QEvent::LanguageChange:
        fitLater();
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

void ColumnFitter::fitLater()
{
    // Titles change one by one, and models may hear of a new language after their view.
    if (std::exchange(m_waiting, true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_waiting = false;
            fit();
        },
        Qt::QueuedConnection);
}

void ColumnFitter::fit()
{
    if (m_fitting || m_header->count() == 0)
        return;
    QList<Column> columns;
    int wanted = 0;
    int least = 0;
    for (int visual = 0; visual < m_header->count(); ++visual) {
        const int section = m_header->logicalIndex(visual);
        if (m_header->isSectionHidden(section))
            continue;
        const int title = m_header->sectionSizeHint(section);
        const auto named = std::find_if(m_characters.begin(), m_characters.end(),
            [section](const auto& pair) { return pair.first == section; });
        const bool givesWay = named != m_characters.end() && named->second >= longCharacters;
        int width = m_header->sectionSize(section);
        if (!m_drawn.contains(section)) {
            const bool last = visual == m_header->count() - 1;
            // What is not named and last takes the rest; it wants no more than its title.
            width = named != m_characters.end() ? style::textWidth(m_view, named->second)
                                                : (last ? title : width);
            width = std::max(title, width);
        }
        const int narrowest = m_drawn.contains(section)
            ? width
            : std::max(title, givesWay ? static_cast<int>(width * leastShare) : width);
        columns.append({section, narrowest, width});
        wanted += width;
        least += narrowest;
    }
    if (columns.isEmpty())
        return;
    const int room = m_view->viewport()->width();
    const double give = wanted <= room     ? 0.0
        : least >= room || wanted == least ? 1.0
                                           : double(wanted - room) / double(wanted - least);
    m_fitting = true;
    int used = 0;
    for (const Column& column : std::as_const(columns)) {
        int width = column.wanted - static_cast<int>((column.wanted - column.least) * give + 0.999);
        width = std::max(width, column.least);
        if (&column == &columns.constLast() && !m_drawn.contains(column.section))
            width = std::max(column.least, room - used);
        m_header->resizeSection(column.section, width);
        used += width;
    }
    m_fitting = false;
}

} // namespace qdrant2pg
