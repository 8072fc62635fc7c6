// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "tests/demo/testclient.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace qdrant2pg::demo;

namespace {

const QString program = QStringLiteral(QDRANT2PG_BINARY_DIR "/bin/qdrant2pg-demo");

/// A started program; ended when the test leaves.
class Program {
public:
    explicit Program(const QStringList& arguments)
    {
        m_process.start(program, QStringList{QStringLiteral("--port"), QStringLiteral("0")} + arguments);
        if (!m_process.waitForReadyRead(30000))
            return;
        line = m_process.readLine();
        port = static_cast<std::uint16_t>(line.trimmed().split(':').last().toUShort());
    }
    ~Program()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    int terminate()
    {
        m_process.terminate();
        return m_process.waitForFinished(30000) && m_process.exitStatus() == QProcess::NormalExit
            ? m_process.exitCode()
            : -1;
    }

    QByteArray line;
    std::uint16_t port = 0;

private:
    QProcess m_process;
};

} // namespace

/// qdrant2pg-demo as a process: what it prints, its options, how it ends.
class ProgramTest : public QObject {
    Q_OBJECT

private slots:
    void saysWhereItListensAndEndsOnSigterm();
    void writesTheReadyFile();
    void servesTheDemoCollection();
    void takesFaultsAndKeys();
    void servesExportedBatches();
    void neverCallsItselfQdrant();
    void refusesWrongOptions_data();
    void refusesWrongOptions();
};

void ProgramTest::saysWhereItListensAndEndsOnSigterm()
{
    Program demo({QStringLiteral("--points"), QStringLiteral("10")});
    QVERIFY(QString::fromUtf8(demo.line).contains(
        QRegularExpression(QStringLiteral("^listening on http://127\\.0\\.0\\.1:\\d+\n$"))));
    QCOMPARE(TestClient(demo.port).request("GET", "/").status, 200);
    QCOMPARE(demo.terminate(), 0);
}

void ProgramTest::writesTheReadyFile()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("ready"));
    Program demo({QStringLiteral("--no-demo"), QStringLiteral("--ready-file"), file});
    QTRY_VERIFY(QFileInfo(file).size() > 0);
    QFile ready(file);
    QVERIFY(ready.open(QIODevice::ReadOnly));
    QCOMPARE(ready.readAll(), "http://127.0.0.1:" + QByteArray::number(demo.port) + '\n');
}

void ProgramTest::servesTheDemoCollection()
{
    Program demo({QStringLiteral("--points"), QStringLiteral("25"), QStringLiteral("--dimensions=8"),
        QStringLiteral("--generate"), QStringLiteral("other:points=7,dim=3,ids=mixed,sparse=s,dense=a+b"),
        QStringLiteral("--alias"), QStringLiteral("prod=other")});
    TestClient client(demo.port);
    QVERIFY(
        client.request("POST", "/collections/game_collection/points/count", "{}").body.find(R"({"count":25})")
        != std::string::npos);
    QVERIFY(client.request("POST", "/collections/prod/points/count", "{}").body.find(R"({"count":7})")
        != std::string::npos);
}

void ProgramTest::takesFaultsAndKeys()
{
    QTemporaryDir folder;
    QFile key(folder.filePath(QStringLiteral("key")));
    QVERIFY(key.open(QIODevice::WriteOnly));
    key.write("a key of the test\n");
    key.close();
    Program demo({QStringLiteral("--points"), QStringLiteral("25"), QStringLiteral("--api-key-file"),
        key.fileName(), QStringLiteral("--fault"), QStringLiteral("scroll:2:status=503"),
        QStringLiteral("--version-profile"), QStringLiteral("1.13")});
    TestClient client(demo.port);
    const auto scroll = [&client] {
        return client
            .request("POST", "/collections/game_collection/points/scroll", "{}",
                {{"api-key", "a key of the test"}})
            .status;
    };
    QCOMPARE(client.request("GET", "/collections").status, 401);
    QCOMPARE(scroll(), 200);
    QCOMPARE(scroll(), 503);
    QCOMPARE(scroll(), 200);
    QVERIFY(client.request("GET", "/").body.find("1.13") != std::string::npos);
}

void ProgramTest::servesExportedBatches()
{
    QTemporaryDir folder;
    const auto write = [&folder](const char* name, const char* text) {
        QFile file(folder.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    };
    write("batch_000001.json",
        R"({"result":{"points":[{"id":1,"payload":{"a":1.0},"vector":[0.6,0.8]}],"next_page_offset":2}})");
    write("batch_000002.json", R"({"points":[{"id":2,"payload":{},"vector":[1.0,0.0]}]})");
    Program demo(
        {QStringLiteral("--no-demo"), QStringLiteral("--batches"), QStringLiteral("old=") + folder.path()});
    TestClient client(demo.port);
    const std::string body =
        client.request("POST", "/collections/old/points/scroll", R"({"with_vector":true})").body;
    QVERIFY(
        body.find(
            R"([{"id":1,"payload":{"a":1.0},"vector":[0.6,0.8]},{"id":2,"payload":{},"vector":[1.0,0.0]}])")
        != std::string::npos);
    QVERIFY(client.request("GET", "/collections/old").body.find(R"({"size":2,"distance":"Cosine"})")
        != std::string::npos);
}

void ProgramTest::neverCallsItselfQdrant()
{
    QProcess process;
    process.start(program, {QStringLiteral("--help")});
    QVERIFY(process.waitForFinished(30000));
    QCOMPARE(process.exitCode(), 0);
    const QString help = QString::fromUtf8(process.readAllStandardOutput());
    QVERIFY(help.contains(QStringLiteral("stand-in")));
    QVERIFY(help.contains(QStringLiteral("is not Qdrant")));
    QVERIFY(help.contains(QStringLiteral("--ready-file")));
}

void ProgramTest::refusesWrongOptions_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const QStringList& arguments, int code) {
        QTest::newRow(name) << arguments << code;
    };
    row("unknown", {QStringLiteral("--nothing")}, 2);
    row("number", {QStringLiteral("--points"), QStringLiteral("many")}, 2);
    row("missing", {QStringLiteral("--points")}, 2);
    row("fault", {QStringLiteral("--fault"), QStringLiteral("scroll:1:explode")}, 2);
    row("recipe", {QStringLiteral("--generate"), QStringLiteral("x:ids=words")}, 2);
    row("version", {QStringLiteral("--version-profile"), QStringLiteral("3.0")}, 2);
    row("folder", {QStringLiteral("--recordings"), QStringLiteral("/nowhere")}, 1);
}

void ProgramTest::refusesWrongOptions()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QProcess process;
    process.start(program, QStringList{QStringLiteral("--port=0")} + arguments);
    QVERIFY(process.waitForFinished(30000));
    QCOMPARE(process.exitCode(), code);
    QVERIFY(process.readAllStandardOutput().isEmpty());
    QVERIFY(process.readAllStandardError().startsWith("qdrant2pg-demo: "));
}

QTEST_GUILESS_MAIN(ProgramTest)
#include "programtest.moc"
