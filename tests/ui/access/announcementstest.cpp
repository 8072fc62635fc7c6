// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/support/wizardbench.h"
#include "ui/wizard/run/runview.h"

#include <QAccessible>
#include <QMap>
#include <QTest>

using namespace qdrant2pg;

namespace {

constexpr int refreshes = 500;

/// How often a name or description changed while a handler was installed, by object name.
QMap<QString, int>& changes()
{
    static QMap<QString, int> counts;
    return counts;
}

void count(QAccessibleEvent* event)
{
    if (event->object()
        && (event->type() == QAccessible::NameChanged || event->type() == QAccessible::DescriptionChanged))
        ++changes()[event->object()->objectName()];
}

} // namespace

/// What a screen reader is told of a run: steps of ten percent and new states, not every refresh.
class AnnouncementsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { test::failOnWarnings(); }
    void aRunIsToldInTenths();
};

void AnnouncementsTest::aRunIsToldInTenths()
{
    RunView view;
    MigrationPlan plan;
    CollectionPlan collection;
    collection.name = QStringLiteral("game");
    plan.collections << collection;
    view.setPlan(plan);
    view.show();
    RunProgress progress;
    progress.state = RunState::Copying;
    progress.lanes = 1;
    progress.rowsPerSecond = 1'000;
    progress.collections << CollectionProgress();
    CollectionProgress& game = progress.collections.first();
    game.collection = collection.name;
    game.expected = refreshes;
    // As an assistive technology does when it starts.
    QAccessible::setActive(true);
    const auto before = QAccessible::installUpdateHandler(count);
    for (int i = 1; i < refreshes; ++i) {
        game.read = game.stored = i;
        game.sourceBytes = i * qint64(1024);
        progress.elapsed += std::chrono::milliseconds(250);
        view.setProgress(RunState::Copying, progress, {});
    }
    progress.state = RunState::BuildingIndexes;
    view.setProgress(RunState::BuildingIndexes, progress, {});
    QAccessible::installUpdateHandler(before);
    QAccessible::setActive(false);
    // Ten steps of the data, the beginning and the new state.
    for (auto it = changes().cbegin(); it != changes().cend(); ++it)
        QVERIFY2(it.value() <= 12, qPrintable(QStringLiteral("%1: %2").arg(it.key()).arg(it.value())));
    QVERIFY(changes().value(QStringLiteral("dataProgressBar")) >= 10);
}

QTEST_MAIN(AnnouncementsTest)
#include "announcementstest.moc"
