// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/support/wizardbench.h"
#include "ui/models/collectionsmodel.h"
#include "ui/models/jsontreemodel.h"
#include "ui/models/previewmodel.h"
#include "ui/models/runrecordmodel.h"
#include "ui/services/englishplurals.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace qdrant2pg;

/// The models of the first pages: consistent under every change, and what they say.
class ModelsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { test::failOnWarnings(); }
    void collectionsStayCheckedByName();
    void aCountThatFailedIsNoCount();
    void payloadBecomesATree();
    void whatIsNoJsonIsAnEmptyTree();
    void previewCellsAreCut();
    void runsThatAreToldInWords();
    void plurals_data();
    void plurals();
};

void ModelsTest::collectionsStayCheckedByName()
{
    CollectionsModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy changed(&model, &CollectionsModel::checkedChanged);
    model.setNames({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")});
    QVERIFY(model.setData(model.index(1, CollectionsModel::Name), Qt::Checked, Qt::CheckStateRole));
    QCOMPARE(changed.count(), 1);
    model.setNames({QStringLiteral("c"), QStringLiteral("b")});
    QCOMPARE(model.checked(), QStringList{QStringLiteral("b")});
    QVERIFY(model.setData(model.index(1, CollectionsModel::Name), Qt::Unchecked, Qt::CheckStateRole));
    QVERIFY(model.checked().isEmpty());
    QVERIFY(!model.setData(model.index(1, CollectionsModel::Points), Qt::Checked, Qt::CheckStateRole));
}

void ModelsTest::aCountThatFailedIsNoCount()
{
    CollectionsModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QString name = QStringLiteral("a");
    model.setNames({name});
    CollectionEntry entry;
    entry.name = name;
    entry.info = CollectionInfo();
    entry.info->pointsCount = 1234;
    model.setEntry(entry);
    const QModelIndex cell = model.index(0, CollectionsModel::Points);
    QVERIFY(cell.data().toString().startsWith(QStringLiteral("≈")));
    model.setExactCount(name, tl::unexpected(makeError(ErrorKind::Timeout, QStringLiteral("Too slow."))), {});
    QVERIFY(cell.data().toString().startsWith(QStringLiteral("≈")));
    QCOMPARE(cell.data(Qt::ToolTipRole).toString(), QStringLiteral("Too slow."));
    model.setExactCount(name, qint64(1200), {});
    QCOMPARE(cell.data().toString(), QLocale().toString(1200));
}

void ModelsTest::payloadBecomesATree()
{
    JsonTreeModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QByteArray json = R"({"name":"Ünal","tags":["a","b"],"big":18446744073709551615,"none":null})";
    model.setJson(json);
    QCOMPARE(model.rowCount(), 4);
    const QModelIndex tags = model.index(1, JsonTreeModel::Key);
    QCOMPARE(tags.data().toString(), QStringLiteral("tags"));
    QCOMPARE(model.rowCount(tags), 2);
    QCOMPARE(model.index(1, JsonTreeModel::Value, tags).data().toString(), QStringLiteral("b"));
    QCOMPARE(model.index(2, JsonTreeModel::Value).data().toString(), QStringLiteral("18446744073709551615"));
    model.setJson("{}");
    QCOMPARE(model.rowCount(), 0);
}

void ModelsTest::whatIsNoJsonIsAnEmptyTree()
{
    JsonTreeModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (const QByteArray& text : {QByteArray(), QByteArray("{"), QByteArray("nonsense")}) {
        model.setJson(text);
        QCOMPARE(model.rowCount(), 0);
    }
}

void ModelsTest::previewCellsAreCut()
{
    PreviewModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    PreviewPoint point;
    point.id = QStringLiteral("1");
    point.payload = "{\"t\":\"" + QByteArray(5'000, 'x') + "\"}";
    point.vectors = {{QString(), QStringLiteral("dense"), {1, 2, 3}, 0, false}};
    model.setPoints({point, point});
    QCOMPARE(model.rowCount(), 2);
    QVERIFY(model.index(0, PreviewModel::Payload).data().toString().size() <= 1'026);
    QVERIFY(model.point(1));
    QVERIFY(!model.point(2));
    model.setPoints({});
    QCOMPARE(model.rowCount(), 0);
}

void ModelsTest::runsThatAreToldInWords()
{
    RunRecordModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    RunRecord crashed;
    crashed.runId = QStringLiteral("r1");
    crashed.state = QStringLiteral("copying");
    crashed.stored = 500;
    crashed.expected = 1'000;
    QVERIFY(crashed.isUnfinished());
    model.setRecords({crashed});
    QCOMPARE(model.rowCount(), 1);
    for (int column = 0; column < RunRecordModel::ColumnCount; ++column) {
        const QString text = model.index(0, column).data().toString();
        QVERIFY2(!text.contains(QLatin1Char('%')) || column == RunRecordModel::Progress, qPrintable(text));
    }
    QVERIFY(model.index(0, RunRecordModel::Progress).data().toString().contains(QStringLiteral("500")));
}

void ModelsTest::plurals_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("n");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* text, int n, const char* expected) {
        QTest::newRow(name) << QString::fromUtf8(text) << n << QString::fromUtf8(expected);
    };
    row("one", "%n point(s)", 1, "%n point");
    row("none", "%n point(s)", 0, "%n points");
    row("many", "%n point(s) of %1", 7, "%n points of %1");
    row("retries", "%n retry(ies)", 2, "%n retries");
    row("retry", "%n retry(ies)", 1, "%n retry");
    row("verb", "%n row(s) (was|were) read", 2, "%n rows were read");
    row("plain brackets", "%n (at most)", 2, "%n (at most)");
}

void ModelsTest::plurals()
{
    QFETCH(QString, text);
    QFETCH(int, n);
    QFETCH(QString, expected);
    QCOMPARE(EnglishPlurals::inflected(text, n), expected);
}

QTEST_MAIN(ModelsTest)
#include "modelstest.moc"
