// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/reportwriters.h"
#include "tests/support/testprocess.h"
#include "tests/ui/run/runbench.h"
#include "ui/services/runrecords.h"
#include "ui/widgets/messagebar.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QStandardPaths>
#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

const char* const twoPoints = "[{\"id\":1,\"payload\":{\"t\":\"a\"},\"vector\":[1,0,0,0]},"
                              "{\"id\":2,\"payload\":{\"t\":\"a\\u0000b\"},\"vector\":[0,1,0,0]}]";

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What the check warned of, in the order of the report.
QStringList warningsOf(const RunReport& report)
{
    QStringList lines;
    for (const ReportFinding& finding : report.findings) {
        if (finding.severity == QLatin1String("warning"))
            lines << finding.code + QLatin1Char('|') + finding.collection + QLatin1Char('|') + finding.text;
    }
    return lines;
}

} // namespace

/// The report of a run that went through the whole window: what Review said is in it, in every form.
class ReportTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void whatReviewSaidIsInIt();
    void everyFormHasTheWholeReport();

private:
    /// To the page Report, over Review, where the warning is acknowledged; the report of the run's folder.
    static RunReport reach(WizardBench& bench);
};

void ReportTest::init()
{
    QDir(defaultRunsFolder()).removeRecursively();
}

RunReport ReportTest::reach(WizardBench& bench)
{
    bench.addPoints("odd_values", "{\"vectors\":{\"size\":4,\"distance\":\"Cosine\"}}", twoPoints);
    bench.open();
    if (!bench.goTo(PageId::Report, 60'000))
        qFatal("%s", qPrintable(bench.trouble()));
    const QString folder = defaultRunsFolder() + QLatin1Char('/')
        + QDir(defaultRunsFolder()).entryList(QDir::Dirs | QDir::NoDotAndDotDot).value(0);
    Result<RunReport> report = fail(ErrorKind::File, QString());
    (void)WizardBench::waitFor([&] {
        report = readReportFile(folder + QStringLiteral("/report.json"));
        return report.has_value();
    });
    return report.value_or(RunReport());
}

void ReportTest::whatReviewSaidIsInIt()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const RunReport report = reach(bench);
    const QStringList warnings = warningsOf(report);
    QCOMPARE(warnings.size(), 1);
    QVERIFY2(warnings.first().startsWith(QStringLiteral("nul-characters|odd_values|")),
        qPrintable(warnings.first()));
    auto* shown = bench.find<QLabel>("findingsLabel");
    QVERIFY(shown->isVisible());
    QVERIFY2(
        shown->text().contains(warnings.first().section(QLatin1Char('|'), 2)), qPrintable(shown->text()));
    bench.grab(QStringLiteral("report-findings"));

    // The command line finds the same and keeps it the same way.
    TestPostgres other;
    QDRANT2PG_REQUIRE_POSTGRES(other);
    const QString folder = bench.folder.filePath(QStringLiteral("cli"));
    const ProcessResult cli = runProcess({.program = QStringLiteral("qdrant2pg"),
        .arguments = {QStringLiteral("migrate"), QStringLiteral("--collection"), QStringLiteral("odd_values"),
            QStringLiteral("--out"), folder},
        .environment = {QStringLiteral("QDRANT_URL=") + QString::fromStdString(bench.server.url()),
            QStringLiteral("DATABASE_URL=") + other.url()}});
    QVERIFY2(cli.exited, cli.description().constData());
    const auto fromCli = readReportFile(folder + QStringLiteral("/report.json"));
    QVERIFY2(fromCli.has_value(), cli.description().constData());
    QCOMPARE(warnings, warningsOf(*fromCli));
}

void ReportTest::everyFormHasTheWholeReport()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const RunReport report = reach(bench);
    QVERIFY(!report.findings.isEmpty());
    const QByteArray said = warningsOf(report).value(0).section(QLatin1Char('|'), 2).toUtf8();
    QCOMPARE(report.rejects.size(), 1);
    const std::pair<const char*, const char*> forms[] = {{"exportHtmlAction", "html"},
        {"exportMarkdownAction", "md"}, {"exportJsonAction", "json"}, {"exportPdfAction", "pdf"}};
    for (const auto& [action, suffix] : forms) {
        const QString path = bench.folder.filePath(QStringLiteral("export.%1").arg(QLatin1String(suffix)));
        bench.dialogs.paths << path;
        bench.current()->messages().clear();
        bench.find<QAction>(action)->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(bench.current()->messages().isShowing(), 20'000);
        QCOMPARE(bench.current()->messages().status(), Status::Ok);
        QCOMPARE(bench.dialogs.fileRequests.last().defaultSuffix, QLatin1String(suffix));
        QVERIFY(bench.dialogs.fileRequests.last().suggestedName.contains(report.runId));
        QByteArray text = contents(path);
        QVERIFY2(!text.isEmpty(), qPrintable(path));
        if (qstrcmp(suffix, "pdf") == 0) {
            if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty())
                continue;
            const ProcessResult plain = runProcess(
                {.program = QStringLiteral("pdftotext"), .arguments = {path, QStringLiteral("-")}});
            QVERIFY2(plain.ok(), plain.description().constData());
            text = plain.standardOutput.simplified();
        }
        if (qstrcmp(suffix, "json") == 0) {
            const auto read = reportFromJson(text);
            QVERIFY(read.has_value());
            QCOMPARE(read->verdict(), report.verdict());
            QCOMPARE(read->findings, report.findings);
            QCOMPARE(read->collections, report.collections);
            continue;
        }
        const QByteArray verdict = report.verdict().toUtf8();
        QVERIFY2(text.contains(verdict.left(40)), (QByteArray(suffix) + ": " + text.left(2000)).constData());
        QVERIFY2(text.contains(said.left(30)), (QByteArray(suffix) + ": " + said).constData());
        for (const char* part : {"odd_values", "hnsw.ef_search", "DROP TABLE", "PostgreSQL"})
            QVERIFY2(text.contains(part), (QByteArray(suffix) + " lacks " + part).constData());
        QVERIFY(!text.contains(bench.draft.targetPassword()) || bench.draft.targetPassword().isEmpty());
    }
    bench.find<QPushButton>("copyCommandPushButton")->click();
    const QString command = QApplication::clipboard()->text();
    QVERIFY2(command.startsWith(QStringLiteral("qdrant2pg migrate --plan ")), qPrintable(command));
    const QString plan = command.section(QLatin1Char('\''), 1, 1);
    QVERIFY2(contents(plan).contains("odd_values"), qPrintable(plan));
    bench.find<QPushButton>("openFolderPushButton")->click();
    QCOMPARE(bench.dialogs.shown.size(), 1);
    QVERIFY(QDir(bench.dialogs.shown.first()).exists(QStringLiteral("rejects.jsonl")));
}

QTEST_MAIN(ReportTest)
#include "reporttest.moc"
