// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/support/wizardbench.h"
#include "ui/wizard/run/runview.h"

#include <QMap>
#include <QTest>

using namespace qdrant2pg;

namespace {

constexpr int refreshes = 500;

/// What a screen reader is told of each named widget.
QMap<QString, QString> toldOf(const QWidget& view)
{
    QMap<QString, QString> told;
    const auto widgets = view.findChildren<QWidget*>();
    for (const QWidget* widget : widgets) {
        if (!widget->objectName().isEmpty())
            told[widget->objectName()] =
                widget->accessibleName() + QLatin1Char('|') + widget->accessibleDescription();
    }
    return told;
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
    QMap<QString, int> changes;
    QMap<QString, QString> before = toldOf(view);
    const auto count = [&] {
        const QMap<QString, QString> now = toldOf(view);
        for (auto it = now.cbegin(); it != now.cend(); ++it)
            changes[it.key()] += it.value() == before.value(it.key()) ? 0 : 1;
        before = now;
    };
    for (int i = 1; i < refreshes; ++i) {
        game.read = game.stored = i;
        game.sourceBytes = i * qint64(1024);
        progress.elapsed += std::chrono::milliseconds(250);
        view.setProgress(RunState::Copying, progress, {});
        count();
    }
    progress.state = RunState::BuildingIndexes;
    view.setProgress(RunState::BuildingIndexes, progress, {});
    count();
    // Ten steps of the data, the beginning and the new state.
    for (auto it = changes.cbegin(); it != changes.cend(); ++it)
        QVERIFY2(it.value() <= 12, qPrintable(QStringLiteral("%1: %2").arg(it.key()).arg(it.value())));
    QVERIFY(changes.value(QStringLiteral("dataProgressBar")) >= 10);
}

QTEST_MAIN(AnnouncementsTest)
#include "announcementstest.moc"
