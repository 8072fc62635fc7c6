// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/connect/recentsbutton.h"

#include "ui/widgets/icons.h"

#include <QEvent>
#include <QMenu>

namespace qdrant2pg {

RecentsButton::RecentsButton(Kind kind, Recents& recents, QWidget* parent)
    : QToolButton(parent)
    , m_kind(kind)
    , m_recents(recents)
{
    setObjectName(QStringLiteral("recentsToolButton"));
    setIcon(qdrant2pg::icon(Icon::Clock));
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setPopupMode(QToolButton::InstantPopup);
    setFocusPolicy(Qt::StrongFocus);
    setAutoRaise(true);
    setMenu(new QMenu(this));
    connect(&recents, &Recents::changed, this, &RecentsButton::rebuild);
    rebuild();
}

void RecentsButton::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        rebuild();
    QToolButton::changeEvent(event);
}

void RecentsButton::rebuild()
{
    setText(tr("&Recent"));
    setAccessibleName(tr("Recent connections"));
    menu()->clear();
    const auto add = [this](const QString& label, bool pinned, const auto& use, const auto& pin,
                         const auto& forget) {
        // A name is shown as it is; an ampersand in it is no mnemonic.
        QMenu* entry = menu()->addMenu(pinned ? qdrant2pg::icon(Icon::Pinned) : QIcon(),
            QString(label).replace(QLatin1Char('&'), QLatin1String("&&")));
        connect(entry->addAction(tr("&Use this connection")), &QAction::triggered, this, use);
        entry->addSeparator();
        connect(entry->addAction(qdrant2pg::icon(Icon::Pin), pinned ? tr("Un&pin") : tr("&Pin")),
            &QAction::triggered, this, pin, Qt::QueuedConnection);
        connect(entry->addAction(qdrant2pg::icon(Icon::Forget), tr("&Forget")), &QAction::triggered, this,
            forget, Qt::QueuedConnection);
    };
    if (m_kind == Kind::Sources) {
        for (const RecentSource& recent : m_recents.sources()) {
            const QString label = recent.label();
            add(
                label, recent.pinned, [this, recent] { emit sourceChosen(recent); },
                [this, label, pinned = recent.pinned] { m_recents.setSourcePinned(label, !pinned); },
                [this, label] { m_recents.forgetSource(label); });
        }
    } else {
        for (const RecentTarget& recent : m_recents.targets()) {
            const QString label = recent.label();
            add(
                label, recent.pinned, [this, recent] { emit targetChosen(recent); },
                [this, label, pinned = recent.pinned] { m_recents.setTargetPinned(label, !pinned); },
                [this, label] { m_recents.forgetTarget(label); });
        }
    }
    setVisible(!menu()->isEmpty());
}

} // namespace qdrant2pg
