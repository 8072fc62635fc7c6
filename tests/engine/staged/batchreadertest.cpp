// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/batchreader.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace qdrant2pg;

namespace {

/// A scroll answer with these ids.
QByteArray answer(const QList<int>& ids, const QByteArray& next = "null")
{
    QByteArray points;
    for (const int id : ids)
        points += (points.isEmpty() ? "" : ",") + QByteArray("{\"id\":") + QByteArray::number(id)
            + ",\"payload\":{},\"vector\":[1.0,2.0]}";
    return "{\"result\":{\"points\":[" + points + "],\"next_page_offset\":" + next
        + "},\"status\":\"ok\",\"time\":0.1}";
}

} // namespace

/// Folders that the old guide's script left behind: everything that can be told from the files alone is told.
class BatchReaderTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void wholeFolder();
    void numbersSortAsNumbers();
    void problems_data();
    void problems();
    void emptyFolder();
    void duplicatesAreFound();

private:
    void write(const QString& name, const QByteArray& content);
    /// Reads everything: ids in order.
    QList<quint64> readAll(QList<BatchProblem>& problems);
    std::unique_ptr<QTemporaryDir> m_dir;
};

void BatchReaderTest::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
}

void BatchReaderTest::write(const QString& name, const QByteArray& content)
{
    QFile file(m_dir->filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write the test's file");
}

QList<quint64> BatchReaderTest::readAll(QList<BatchProblem>& problems)
{
    QList<quint64> ids;
    auto reader = BatchReader::open(m_dir->path());
    if (!reader)
        qFatal("%s", qPrintable(reader.error().toText()));
    PointPage page;
    for (;;) {
        auto more = reader->next(page);
        if (!more)
            qFatal("%s", qPrintable(more.error().toText()));
        if (!*more)
            break;
        for (const PointView& point : page.points())
            ids << point.id.number();
    }
    problems = reader->problems();
    return ids;
}

void BatchReaderTest::wholeFolder()
{
    write(QStringLiteral("batch_0001.json"), answer({1, 2}, "3"));
    write(QStringLiteral("batch_0002.json"), answer({3, 4}));
    write(QStringLiteral("notes.txt"), "not ours");
    QList<BatchProblem> problems;
    QCOMPARE(readAll(problems), (QList<quint64>{1, 2, 3, 4}));
    QVERIFY(problems.isEmpty());
}

void BatchReaderTest::numbersSortAsNumbers()
{
    write(QStringLiteral("batch_10.json"), answer({5}));
    write(QStringLiteral("batch_9.json"), answer({4}, "5"));
    QList<BatchProblem> problems;
    QCOMPARE(readAll(problems), (QList<quint64>{4, 5}));
    QVERIFY(problems.isEmpty());
}

void BatchReaderTest::problems_data()
{
    QTest::addColumn<QByteArray>("second");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("words");
    const QString two = QStringLiteral("batch_2.json");
    const QByteArray good = answer({3, 4}, "5");
    QTest::newRow("cut off") << good.left(good.size() / 2) << two << QStringLiteral("cut off");
    QTest::newRow("empty") << QByteArray() << two << QStringLiteral("is empty");
    QTest::newRow("error answer") << QByteArray(
        R"({"status":{"error":"Not found: Collection `x` doesn't exist!"},"time":0.1})")
                                  << two
                                  << QStringLiteral("error answer of Qdrant instead of points: Not found");
    QTest::newRow("no key") << QByteArray("Must provide an API key or an Authorization bearer token") << two
                            << QStringLiteral("Must provide an API key");
    QTest::newRow("another JSON") << QByteArray(R"({"points":"none"})") << two
                                  << QStringLiteral("no \"result\"");
    QTest::newRow("an HTML page") << QByteArray("<html>502</html>") << two << QStringLiteral("<html>502");
    // The old script stopped at the first UUID cursor and called it a success.
    QTest::newRow("ended early") << answer({3, 4, 5, 6}, "7") << QStringLiteral("batch_3.json")
                                 << QStringLiteral("ended early");
    QTest::newRow("a batch is missing") << answer({3}, "4") << two << QStringLiteral("a batch is missing");
}

void BatchReaderTest::problems()
{
    QFETCH(QByteArray, second);
    QFETCH(QString, file);
    QFETCH(QString, words);
    write(QStringLiteral("batch_1.json"), answer({1, 2}, "3"));
    write(QStringLiteral("batch_2.json"), second);
    const bool early = words == QLatin1String("ended early");
    write(QStringLiteral("batch_3.json"), early ? answer({7}, "9") : answer({5, 6}));
    QList<BatchProblem> problems;
    const QList<quint64> ids = readAll(problems);
    QVERIFY(!problems.isEmpty());
    QVERIFY2(
        problems.first().file == file || problems.last().file == file, qPrintable(problems.first().file));
    const bool said = std::any_of(
        problems.begin(), problems.end(), [&](const BatchProblem& p) { return p.reason.contains(words); });
    QVERIFY2(said, qPrintable(problems.first().reason));
    // What can be read is read all the same.
    QVERIFY(ids.contains(1) && ids.contains(2));
    const Error error = batchProblemsError(m_dir->path(), problems);
    QVERIFY(error.toText().contains(file));
}

void BatchReaderTest::emptyFolder()
{
    const auto reader = BatchReader::open(m_dir->path());
    QVERIFY(!reader);
    QVERIFY(reader.error().summary.contains(QStringLiteral("holds no batches")));
    const auto missing = BatchReader::open(m_dir->filePath(QStringLiteral("nowhere")));
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, ErrorKind::File);
}

void BatchReaderTest::duplicatesAreFound()
{
    // Overlapping pages in an order of their own: 3 and 4 stand twice, 10 once.
    write(QStringLiteral("batch_1.json"), answer({3, 4, 10}));
    write(QStringLiteral("batch_2.json"), answer({1, 2, 3, 4, 5}));
    write(QStringLiteral("batch_3.json"), answer({6, 7, 11}));
    write(QStringLiteral("batch_4.json"), answer({8, 9}));
    auto reader = BatchReader::open(m_dir->path());
    QVERIFY(reader);
    DuplicateFinder finder(*reader);
    PointPage page;
    QStringList found;
    while (*reader->next(page)) {
        for (const PointView& point : page.points()) {
            auto seen = finder.seenIn(reader->fileIndex(), point.id, {});
            QVERIFY(seen);
            if (*seen)
                found << point.id.toString() + QLatin1Char('@') + **seen;
        }
    }
    QCOMPARE(found, (QStringList{QStringLiteral("3@batch_1.json"), QStringLiteral("4@batch_1.json")}));
}

QTEST_GUILESS_MAIN(BatchReaderTest)
#include "batchreadertest.moc"
