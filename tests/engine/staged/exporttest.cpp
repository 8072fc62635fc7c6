// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/batchreader.h"
#include "core/staged/durablefile.h"
#include "core/staged/exporter.h"
#include "demo/server/standinserver.h"
#include "demo/source/generator.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include <sys/resource.h>
#include <unistd.h>

using namespace qdrant2pg;

/// Export against the stand-in: whole, continued after a stop at any batch, and never mixed with what is
/// there already.
class ExportTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void wholeCollection_data();
    void wholeCollection();
    void stopAndContinue();
    void tornJournalLine();
    void changedBatchIsNamed();
    void foreignFoldersAreRefused();
    void faultsAreRetried();
    void prematureEndIsNotBelieved();
    void pagesShrinkOnTimeouts();
    void fullDisk();
    void readOnlyFolder();
    void sparesALiveSource();
    void noSecretIsWritten();

private:
    ExportRequest request() const;
    Result<ExportOutcome> exportAll(const ExportRequest& request, int stopAfterBatches = -1);
    /// A fault on the scrolls from that one on.
    void strike(std::uint64_t first, std::uint64_t times, const demo::Fault& fault);
    /// Ids of all batches in order.
    QStringList ids(int* batches = nullptr) const;
    demo::StandInServer m_server;
    std::unique_ptr<QTemporaryDir> m_dir;
};

void ExportTest::initTestCase()
{
    QVERIFY(m_server.start());
    demo::Recipe recipe;
    recipe.points = 1'050;
    recipe.dimensions = 8;
    recipe.payloadBytes = 60;
    QVERIFY(demo::generateCollection(m_server.store(), "things", recipe));
    recipe.points = 0;
    QVERIFY(demo::generateCollection(m_server.store(), "none", recipe));
}

void ExportTest::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_server.faults().clear();
}

ExportRequest ExportTest::request() const
{
    ExportRequest request;
    request.source.url = QUrl(QString::fromStdString(m_server.url()));
    request.collection = QStringLiteral("things");
    request.folder = m_dir->filePath(QStringLiteral("migrations/export"));
    request.retry = {
        .attempts = 5, .first = std::chrono::milliseconds(2), .cap = std::chrono::milliseconds(10)};
    return request;
}

Result<ExportOutcome> ExportTest::exportAll(const ExportRequest& request, int stopAfterBatches)
{
    std::stop_source stop;
    std::size_t rule = 0;
    if (stopAfterBatches >= 0) {
        // The request for the page behind the next one stops the export: no clock decides.
        demo::FaultRule watch;
        watch.operation = "scroll";
        watch.predicate = [&stop, asked = 0, stopAfterBatches](const demo::HttpRequest&) mutable {
            if (++asked > stopAfterBatches)
                stop.request_stop();
            return false;
        };
        rule = m_server.faults().add(watch);
    }
    auto outcome = exportCollection(request, {}, stop.get_token());
    if (stopAfterBatches >= 0)
        m_server.faults().remove(rule);
    return outcome;
}

void ExportTest::strike(std::uint64_t first, std::uint64_t times, const demo::Fault& fault)
{
    demo::FaultRule rule;
    rule.operation = "scroll";
    rule.first = first;
    rule.times = times;
    rule.fault = fault;
    m_server.faults().add(rule);
}

QStringList ExportTest::ids(int* batches) const
{
    QStringList all;
    auto reader = BatchReader::open(request().folder);
    if (!reader)
        return {reader.error().toText()};
    PointPage page;
    int count = 0;
    while (true) {
        auto more = reader->next(page);
        if (!more || !*more)
            break;
        ++count;
        for (const PointView& point : page.points())
            all << point.id.toString();
    }
    for (const BatchProblem& problem : reader->problems())
        all << problem.file + QLatin1Char(' ') + problem.reason;
    if (batches)
        *batches = count;
    return all;
}

void ExportTest::wholeCollection_data()
{
    QTest::addColumn<QString>("collection");
    QTest::addColumn<int>("points");
    QTest::addColumn<int>("batches");
    QTest::newRow("full") << QStringLiteral("things") << 1'050 << 11;
    QTest::newRow("empty") << QStringLiteral("none") << 0 << 0;
}

void ExportTest::wholeCollection()
{
    QFETCH(QString, collection);
    QFETCH(int, points);
    QFETCH(int, batches);
    ExportRequest asked = request();
    asked.collection = collection;
    const auto outcome = exportAll(asked);
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().toText()));
    QCOMPARE(outcome->points, points);
    QCOMPARE(outcome->batches, batches);
    QCOMPARE(outcome->countAtStart.value_or(-1), points);
    QCOMPARE(outcome->countAtEnd.value_or(-1), points);
    QVERIFY(outcome->warnings.isEmpty());
    auto manifest = readExportManifest(asked.folder);
    QVERIFY(manifest && *manifest);
    QVERIFY((*manifest)->complete);
    QCOMPARE((*manifest)->points(), points);
    QVERIFY(parseCollectionInfo(collection, (*manifest)->collectionInfo));
    QVERIFY(!QFile::exists(QDir(asked.folder).filePath(ExportManifest::journalName())));
    for (const ExportBatch& batch : (*manifest)->batches) {
        const auto content = readWholeFile(QDir(asked.folder).filePath(batch.file), 100'000'000);
        QVERIFY(content);
        QVERIFY(content->startsWith("{\"result\":{\"points\":[{\"id\":\"" + batch.first.toUtf8()));
        QCOMPARE(QJsonDocument::fromJson(*content)[QStringLiteral("result")][QStringLiteral("points")]
                     .toArray()
                     .size(),
            batch.points);
    }
    if (points > 0) {
        const QStringList found = ids();
        QCOMPARE(found.size(), points);
        QVERIFY(std::is_sorted(found.begin(), found.end()));
    }
}

/// A point a second: the second page, two minutes away, must not be asked for while the first is stored.
void ExportTest::sparesALiveSource()
{
    ExportRequest slow = request();
    slow.maxPointsPerSecond = 1;
    int scrolls = 0;
    demo::FaultRule watch;
    watch.operation = "scroll";
    watch.predicate = [&scrolls](const demo::HttpRequest&) {
        ++scrolls;
        return false;
    };
    m_server.faults().add(watch);
    std::stop_source stop;
    const auto stopAtFirstBatch = [&stop](const StagedProgress& progress) {
        if (progress.done > 0)
            stop.request_stop();
    };
    const auto outcome = exportCollection(slow, stopAtFirstBatch, stop.get_token());
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Cancelled);
    QCOMPARE(scrolls, 1);
}

void ExportTest::stopAndContinue()
{
    QVERIFY(exportAll(request()));
    const QStringList whole = ids();
    m_dir = std::make_unique<QTemporaryDir>();
    int before = 0;
    int sessions = 0;
    for (;; ++sessions) {
        QVERIFY2(sessions < 50, "the export does not come to an end");
        const auto outcome = exportAll(request(), 2);
        if (outcome) {
            QCOMPARE(outcome->batchesBefore, before);
            break;
        }
        QVERIFY2(outcome.error().kind == ErrorKind::Cancelled, qPrintable(outcome.error().toText()));
        const auto manifest = readExportManifest(request().folder);
        QVERIFY(manifest && *manifest && !(*manifest)->complete);
        QVERIFY((*manifest)->batches.size() > before);
        before = static_cast<int>((*manifest)->batches.size());
        // Unfinished folders say so.
        QVERIFY(ids().last().contains(QStringLiteral("not finished")));
    }
    QVERIFY(sessions > 1);
    QCOMPARE(ids(), whole);
}

void ExportTest::tornJournalLine()
{
    QVERIFY(!exportAll(request(), 3));
    QFile journal(QDir(request().folder).filePath(ExportManifest::journalName()));
    QVERIFY(journal.open(QIODevice::Append));
    journal.write("{\"file\":\"batch_0000");
    journal.close();
    const auto outcome = exportAll(request());
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().toText()));
    QCOMPARE(ids().size(), 1'050);
}

void ExportTest::changedBatchIsNamed()
{
    QVERIFY(!exportAll(request(), 4));
    QFile batch(QDir(request().folder).filePath(QStringLiteral("batch_000002.json")));
    QVERIFY(batch.open(QIODevice::ReadWrite));
    QVERIFY(batch.seek(200));
    batch.write("7");
    batch.close();
    auto outcome = exportAll(request());
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::File);
    QVERIFY2(outcome.error().toText().contains(QStringLiteral("batch_000002.json")),
        qPrintable(outcome.error().toText()));
    QVERIFY(outcome.error().hint.contains(QStringLiteral("--fresh")));
    ExportRequest fresh = request();
    fresh.fresh = true;
    outcome = exportAll(fresh);
    QVERIFY(outcome);
    QCOMPARE(ids().size(), 1'050);
}

void ExportTest::foreignFoldersAreRefused()
{
    QVERIFY(exportAll(request()));
    auto again = exportAll(request());
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::Conflict);
    QVERIFY2(again.error().summary.contains(QStringLiteral("complete export of things")),
        qPrintable(again.error().summary));

    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(makeFolder(request().folder));
    QVERIFY(writeDurably(QDir(request().folder).filePath(QStringLiteral("batch_0001.json")), "{}"));
    again = exportAll(request());
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::Conflict);
    QVERIFY(again.error().summary.contains(QStringLiteral("without a manifest")));

    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(!exportAll(request(), 2));
    ExportRequest other = request();
    other.collection = QStringLiteral("none");
    again = exportAll(other);
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::Conflict);
}

void ExportTest::faultsAreRetried()
{
    strike(2, 1, demo::Fault::resetAt(50));
    strike(5, 1, demo::Fault::error(503, "unavailable"));
    strike(8, 1, demo::Fault::closeAt(100));
    const auto outcome = exportAll(request());
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().toText()));
    QVERIFY(outcome->retries >= 2);
    QCOMPARE(ids().size(), 1'050);
}

void ExportTest::prematureEndIsNotBelieved()
{
    strike(3, 1, demo::Fault::prematureEnd(40));
    const auto outcome = exportAll(request());
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().toText()));
    QCOMPARE(ids().size(), 1'050);
}

void ExportTest::pagesShrinkOnTimeouts()
{
    strike(2, 2, demo::Fault::readTimeout());
    const auto outcome = exportAll(request());
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().toText()));
    int batches = 0;
    QCOMPARE(ids(&batches).size(), 1'050);
    QVERIFY(batches > 11);
}

void ExportTest::fullDisk()
{
    // A limit on the size of files stands in for a full disk: write() fails in the same way, for this process
    // alone.
    ExportRequest asked = request();
    asked.batchPoints = 1'000;
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    QVERIFY(getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit small{20'000, before.rlim_max};
    QVERIFY(setrlimit(RLIMIT_FSIZE, &small) == 0);
    auto outcome = exportAll(asked);
    QVERIFY(setrlimit(RLIMIT_FSIZE, &before) == 0);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Capacity);
    QVERIFY2(outcome.error().summary.contains(QStringLiteral("no room left")),
        qPrintable(outcome.error().summary));
    QVERIFY(!QFile::exists(QDir(asked.folder).filePath(QStringLiteral("batch_000001.json.part"))));
    outcome = exportAll(asked);
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().toText()));
    QCOMPARE(ids().size(), 1'050);
}

void ExportTest::readOnlyFolder()
{
    if (geteuid() == 0)
        QSKIP("root may write everywhere");
    QVERIFY(QFile::setPermissions(m_dir->path(), QFileDevice::ReadOwner | QFileDevice::ExeOwner));
    const auto outcome = exportAll(request());
    QFile::setPermissions(
        m_dir->path(), QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::File);
    QVERIFY(!outcome.error().hint.isEmpty());
}

void ExportTest::noSecretIsWritten()
{
    ExportRequest asked = request();
    asked.source.apiKey = "canary-key-4711";
    asked.source.url.setUserName(QStringLiteral("someone"));
    asked.source.url.setPassword(QStringLiteral("canary-password-4712"));
    asked.source.url.setQuery(QStringLiteral("token=canary-token-4713"));
    const auto outcome = exportAll(asked);
    if (!outcome)
        QVERIFY2(!outcome.error().toText().contains(QStringLiteral("canary")),
            qPrintable(outcome.error().toText()));
    const QDir folder(asked.folder);
    for (const QString& name : folder.entryList(QDir::Files)) {
        const auto content = readWholeFile(folder.filePath(name), 100'000'000);
        QVERIFY(content);
        QVERIFY2(!content->contains("canary"), qPrintable(name));
    }
}

QTEST_GUILESS_MAIN(ExportTest)
#include "exporttest.moc"
