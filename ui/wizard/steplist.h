// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/widgets/style.h"
#include "ui/wizard/basepage.h"

#include <QAbstractButton>
#include <QList>
#include <QWidget>

class QToolButton;
class QVBoxLayout;

namespace qdrant2pg {

/// One step: state icon, name, and the choice made under it. A finished step can be clicked to return to it.
class StepItem : public QAbstractButton {
    Q_OBJECT
public:
    StepItem(PageId id, QWidget* parent);

    void setStep(const QString& name, const QString& choice, Status status, bool current, bool reachable);
    PageId pageId() const { return m_id; }
    Status status() const { return m_status; }
    QString choice() const { return m_choice; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    PageId m_id;
    QString m_choice;
    Status m_status = Status::Waiting;
    bool m_current = false;
};

/// The list of steps at the side of the window, with the appearance menu at its foot.
class StepList : public QWidget {
    Q_OBJECT
public:
    StepList(Services& services, QWidget* parent = nullptr);

    /// In the order of the flow.
    void setPages(const QList<BasePage*>& pages);
    /// `locked`: nothing before the run may be returned to any more.
    void refresh(BasePage* current, bool locked);
    const QList<StepItem*>& items() const { return m_items; }

signals:
    void stepClicked(qdrant2pg::PageId page);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    Services& m_services;
    QVBoxLayout* m_layout;
    QToolButton* m_appearance;
    QList<BasePage*> m_pages;
    QList<StepItem*> m_items;
};

} // namespace qdrant2pg
