// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/services/recents.h"

#include <QToolButton>

namespace qdrant2pg {

/// A menu of the connections used before; each can be taken, pinned and forgotten.
class RecentsButton : public QToolButton {
    Q_OBJECT
public:
    enum class Kind { Sources, Targets };
    RecentsButton(Kind kind, Recents& recents, QWidget* parent = nullptr);

signals:
    void sourceChosen(const qdrant2pg::RecentSource& recent);
    void targetChosen(const qdrant2pg::RecentTarget& recent);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();

    Kind m_kind;
    Recents& m_recents;
};

} // namespace qdrant2pg
