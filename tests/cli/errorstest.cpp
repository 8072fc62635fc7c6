// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/cli/clibench.h"
#include "tests/support/testpostgres.h"

#include <QDir>
#include <QTcpServer>
#include <QUuid>
#include <QtTest>

#include <optional>

using namespace qdrant2pg::test;

namespace {

const QString shop = QStringLiteral("shop");

QStringList words(const char* text)
{
    return QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

/// A port on which nothing listens (it was free a moment ago).
quint16 closedPort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

} // namespace

/// The errors that a first user meets: each says what, where and what to do, with the right exit code.
class ErrorsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void qdrantNotRunning();
    void somethingElseOnThePort_data();
    void somethingElseOnThePort();
    void httpsToAPlainServer();
    void httpToATlsServer();
    void wrongKey();
    void forbidden();
    void collectionNotFound();
    void noCollectionNamed();
    void emptyCollectionSucceeds();
    void postgresNotRunning();
    void wrongPassword();
    void databaseMissing();
    void vectorNotPermitted();
    void vectorInAnotherSchema();
    void bookKeepingBesideTheTables();
    void noPlaceForTheBookKeeping();
    void tableExistsWithRows();
    void tableExistsWithOtherShape();
    void otherDimension();
    void missingTableRights();
    void diskFullInTheExportFolder();
    void truncatedBatch();
    void errorAnswerAsBatch();
    void foreignFolder();
    void badCsvLine();

private:
    /// A role without rights of its own; the URL that connects with it.
    QString limitedRole(const QByteArray& grants);
    ProcessResult migrate(const QStringList& more = {}, const QStringList& environment = {}) const
    {
        return m_bench->run(words("migrate --collection shop") + more, environment);
    }

    std::unique_ptr<StandIn> m_source;
    std::unique_ptr<TestPostgres> m_database;
    std::unique_ptr<CliBench> m_bench;
    QList<QByteArray> m_roles;
};

/// Exit code, and the words that must be said.
#define EXPECT(result, code, ...)                                                                            \
    do {                                                                                                     \
        const ProcessResult expected = (result);                                                             \
        QDRANT2PG_EXIT(expected, code);                                                                      \
        for (const char* text : {__VA_ARGS__})                                                               \
            QDRANT2PG_SAYS(expected, QByteArray(text));                                                      \
        QDRANT2PG_SAYS(expected, QByteArray("try:"));                                                        \
    } while (false)

void ErrorsTest::initTestCase()
{
    m_source =
        std::make_unique<StandIn>(words("--no-demo --generate shop:points=50,dim=8,ids=sequential --generate "
                                        "empty:points=0,dim=4 --generate game_collection:points=250,dim=8"));
    QVERIFY(!m_source->url().isEmpty());
}

void ErrorsTest::cleanup()
{
    for (const QByteArray& role : std::as_const(m_roles))
        m_database->execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
    m_roles.clear();
}

void ErrorsTest::init()
{
    m_database = std::make_unique<TestPostgres>();
    QDRANT2PG_REQUIRE_POSTGRES(*m_database);
    m_bench = std::make_unique<CliBench>();
    m_bench->setEnvironment(QStringLiteral("QDRANT_URL"), m_source->url());
    m_bench->setEnvironment(QStringLiteral("DATABASE_URL"), m_database->url());
}

QString ErrorsTest::limitedRole(const QByteArray& grants)
{
    const QByteArray role = "r" + QUuid::createUuid().toByteArray(QUuid::Id128).left(12);
    m_database->execute("CREATE ROLE " + role + " LOGIN PASSWORD 'limited-password'");
    m_roles << role;
    if (!grants.isEmpty())
        m_database->execute(QByteArray(grants).replace("%role", role));
    QUrl url(m_database->url());
    url.setUserName(QString::fromLatin1(role));
    url.setPassword(QStringLiteral("limited-password"));
    return url.toString();
}

void ErrorsTest::qdrantNotRunning()
{
    const QString url = QStringLiteral("http://127.0.0.1:%1").arg(closedPort());
    EXPECT(m_bench->run({QStringLiteral("inspect"), QStringLiteral("--source"), url}), 4, "127.0.0.1");
    EXPECT(migrate({QStringLiteral("--source"), url}), 4, "127.0.0.1");
}

void ErrorsTest::somethingElseOnThePort_data()
{
    QTest::addColumn<QByteArray>("answer");
    // Without an answer: PostgreSQL, which closes.
    QTest::newRow("PostgreSQL") << QByteArray();
    QTest::newRow("a web page") << QByteArray(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 27\r\nConnection: "
        "close\r\n\r\n<html>Welcome to us!</html>");
    QTest::newRow("another API") << QByteArray(
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: "
        "22\r\nConnection: close\r\n\r\n{\"detail\":\"Not Found\"}");
    QTest::newRow("SSH") << QByteArray("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
}

void ErrorsTest::somethingElseOnThePort()
{
    QFETCH(QByteArray, answer);
    std::optional<StrangeServer> strange;
    QString url = QStringLiteral("http://127.0.0.1:%1").arg(QUrl(m_database->url()).port());
    if (!answer.isEmpty())
        url = strange.emplace(answer).url();
    EXPECT(
        m_bench->run({QStringLiteral("inspect"), QStringLiteral("--source"), url}), 4, "127.0.0.1", "Qdrant");
}

void ErrorsTest::httpsToAPlainServer()
{
    EXPECT(m_bench->run({QStringLiteral("inspect"), QStringLiteral("--source"),
               QString(m_source->url()).replace(QStringLiteral("http:"), QStringLiteral("https:"))}),
        4, "http");
}

void ErrorsTest::httpToATlsServer()
{
    // What a TLS server says to plain HTTP: the alert "unexpected message".
    const StrangeServer tls(QByteArray("\x15\x03\x03\x00\x02\x02\x0a", 7));
    EXPECT(m_bench->run({QStringLiteral("inspect"), QStringLiteral("--source"), tls.url()}), 4, "127.0.0.1",
        "https");
}

void ErrorsTest::forbidden()
{
    // A key for one collection may not read another.
    const StandIn half(
        {QStringLiteral("--no-demo"), QStringLiteral("--generate"), QStringLiteral("shop:points=5,dim=4"),
            QStringLiteral("--fault"), QStringLiteral("info:1+:status=403")});
    EXPECT(migrate({QStringLiteral("--source"), half.url()}), 4, "127.0.0.1", "key");
}

void ErrorsTest::wrongKey()
{
    const CliBench keys;
    const QString keyFile = keys.write(QStringLiteral("key"), "the-right-key-1234\n");
    const StandIn locked({QStringLiteral("--no-demo"), QStringLiteral("--api-key-file"), keyFile,
        QStringLiteral("--generate"), QStringLiteral("shop:points=5,dim=4")});
    const QStringList inspect{QStringLiteral("inspect"), QStringLiteral("--source"), locked.url()};
    EXPECT(m_bench->run(inspect), 4, "127.0.0.1", "QDRANT_API_KEY");
    EXPECT(m_bench->run(inspect, {QStringLiteral("QDRANT_API_KEY=the-wrong-key-9876")}), 4, "127.0.0.1");
    QDRANT2PG_EXIT(m_bench->run(inspect + QStringList{QStringLiteral("--api-key-file"), keyFile}), 0);
    // The file beats the environment.
    QDRANT2PG_EXIT(m_bench->run(inspect + QStringList{QStringLiteral("--api-key-file"), keyFile},
                       {QStringLiteral("QDRANT_API_KEY=the-wrong-key-9876")}),
        0);
}

void ErrorsTest::collectionNotFound()
{
    EXPECT(m_bench->run(words("migrate --collection shpo")), 3, "shpo", "shop", "empty");
    QDRANT2PG_EXIT(m_bench->run(words("inspect shpo")), 3);
}

void ErrorsTest::noCollectionNamed()
{
    EXPECT(m_bench->run(words("migrate")), 2, "No collection was named", "shop", "--all-collections");
}

void ErrorsTest::emptyCollectionSucceeds()
{
    const ProcessResult result = m_bench->run(words("migrate --collection empty"));
    QDRANT2PG_EXIT(result, 0);
    QVERIFY(result.standardOutput.contains("is empty"));
}

void ErrorsTest::postgresNotRunning()
{
    EXPECT(
        migrate({},
            {QStringLiteral("DATABASE_URL=postgres://u:secret-password@127.0.0.1:%1/d").arg(closedPort())}),
        4, "127.0.0.1");
}

void ErrorsTest::wrongPassword()
{
    QUrl url(m_database->url());
    url.setPassword(QStringLiteral("not-the-password"));
    EXPECT(migrate({}, {QStringLiteral("DATABASE_URL=") + url.toString()}), 4, "password", "28P01");
}

void ErrorsTest::databaseMissing()
{
    QUrl url(m_database->url());
    url.setPath(QStringLiteral("/nothere"));
    EXPECT(migrate({}, {QStringLiteral("DATABASE_URL=") + url.toString()}), 4, "nothere");
}

void ErrorsTest::vectorNotPermitted()
{
    const TestPostgres bare(TestPostgres::Extension::Leave);
    QDRANT2PG_REQUIRE_POSTGRES(bare);
    QUrl url(limitedRole({}));
    url.setPath(QUrl(bare.url()).path());
    QVERIFY(bare.execute("GRANT CREATE ON SCHEMA public TO " + m_roles.last()));
    EXPECT(migrate({}, {QStringLiteral("DATABASE_URL=") + url.toString()}), 3, "CREATE EXTENSION vector",
        "administrator");
    QCOMPARE(bare.scalar("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), QStringLiteral("0"));
    QVERIFY(bare.execute("DROP OWNED BY " + m_roles.last()));
}

void ErrorsTest::vectorInAnotherSchema()
{
    const TestPostgres bare(TestPostgres::Extension::Leave);
    QDRANT2PG_REQUIRE_POSTGRES(bare);
    QVERIFY(bare.execute("CREATE SCHEMA extensions; CREATE EXTENSION vector SCHEMA extensions"));
    const ProcessResult result = migrate({}, {QStringLiteral("DATABASE_URL=") + bare.url()});
    // It works: the types are named with their schema.
    QDRANT2PG_EXIT(result, 0);
    QCOMPARE(bare.scalar("SELECT count(*) FROM shop"), QStringLiteral("50"));
}

void ErrorsTest::bookKeepingBesideTheTables()
{
    const QString url = limitedRole("GRANT CREATE ON SCHEMA public TO %role");
    const QStringList environment{QStringLiteral("DATABASE_URL=") + url};
    const ProcessResult result = migrate({}, environment);
    QDRANT2PG_EXIT(result, 0);
    QDRANT2PG_SAYS(result, QByteArray("the book-keeping goes into schema public"));
    QCOMPARE(m_database->scalar("SELECT count(*) FROM public.qdrant2pg_run"), QStringLiteral("1"));
    // It is found there again.
    QDRANT2PG_EXIT(m_bench->run(words("verify --level full"), environment), 0);
}

void ErrorsTest::noPlaceForTheBookKeeping()
{
    QVERIFY(
        m_database->execute("CREATE TABLE shop (id bigint PRIMARY KEY, embedding vector(8), payload jsonb)"));
    const QString url = limitedRole("GRANT SELECT, INSERT ON shop TO %role");
    EXPECT(migrate(words("--mode append"), {QStringLiteral("DATABASE_URL=") + url}), 3, "book-keeping",
        "--ledger-schema");
}

void ErrorsTest::tableExistsWithRows()
{
    QVERIFY(m_database->execute("CREATE TABLE shop (id bigint PRIMARY KEY, embedding vector(8), payload "
                                "jsonb); INSERT INTO shop VALUES (1, NULL, '{}')"));
    EXPECT(migrate(), 3, "shop", "--mode");
    QCOMPARE(m_database->scalar("SELECT count(*) FROM shop"), QStringLiteral("1"));
}

void ErrorsTest::tableExistsWithOtherShape()
{
    QVERIFY(m_database->execute("CREATE TABLE shop (something integer)"));
    EXPECT(migrate(words("--mode append")), 3, "shop");
}

void ErrorsTest::otherDimension()
{
    QVERIFY(m_database->execute(
        "CREATE TABLE shop (id bigint PRIMARY KEY, embedding vector(768), payload jsonb)"));
    EXPECT(migrate(words("--mode append")), 3, "768", "8");
}

void ErrorsTest::missingTableRights()
{
    QVERIFY(
        m_database->execute("CREATE TABLE shop (id bigint PRIMARY KEY, embedding vector(8), payload jsonb)"));
    const QString url = limitedRole("GRANT CREATE ON SCHEMA public TO %role");
    EXPECT(migrate(words("--mode append"), {QStringLiteral("DATABASE_URL=") + url}), 3, "shop", "GRANT");
}

void ErrorsTest::diskFullInTheExportFolder()
{
    // A file size limit is met as a full disk is: the write fails half way.
    ProcessRequest request = m_bench->request({});
    request.program = QStringLiteral("bash");
    request.arguments = {QStringLiteral("-c"),
        QStringLiteral("trap '' XFSZ; ulimit -f 8; exec \"$0\" export out"),
        builtProgram(QStringLiteral("qdrant2pg"))};
    const ProcessResult result = runProcess(request);
    QDRANT2PG_EXIT(result, 5);
    QDRANT2PG_SAYS(result, QByteArray("out/batch_"));
    QDRANT2PG_SAYS(result, QByteArray("try:"));
    // With room again the same command completes the export.
    QDRANT2PG_EXIT(m_bench->run(words("export out")), 0);
}

void ErrorsTest::truncatedBatch()
{
    QDRANT2PG_EXIT(m_bench->run(words("export out")), 0);
    QFile batch(m_bench->path(QStringLiteral("out/batch_000002.json")));
    QVERIFY(batch.open(QIODevice::ReadWrite));
    QVERIFY(batch.resize(batch.size() / 2));
    batch.close();
    EXPECT(m_bench->run(words("convert out data.csv --preset generic")), 5, "batch_000002.json");
    QVERIFY(!QFile::exists(m_bench->path(QStringLiteral("data.csv"))));
}

void ErrorsTest::errorAnswerAsBatch()
{
    QVERIFY(QDir(m_bench->folder()).mkdir(QStringLiteral("old")));
    m_bench->write(QStringLiteral("old/batch_1.json"),
        R"({"result":{"points":[{"id":1,"payload":{},"vector":[1.0,2.0]}],"next_page_offset":2},"status":"ok","time":0.1})");
    m_bench->write(QStringLiteral("old/batch_2.json"),
        R"({"status":{"error":"Not found: Collection `x` doesn't exist!"},"time":0.0})");
    EXPECT(m_bench->run(words("convert old data.csv --preset generic")), 5, "batch_2.json");
}

void ErrorsTest::foreignFolder()
{
    QVERIFY(QDir(m_bench->folder()).mkdir(QStringLiteral("photos")));
    m_bench->write(QStringLiteral("photos/a.txt"), "x");
    EXPECT(m_bench->run(words("convert photos data.csv")), 5, "photos");
}

void ErrorsTest::badCsvLine()
{
    QDRANT2PG_EXIT(m_bench->run(words("export out --collection shop")), 0);
    QDRANT2PG_EXIT(m_bench->run(words("convert out data.csv --preset generic --table goods")), 0);
    QList<QByteArray> lines = readAll(m_bench->path(QStringLiteral("data.csv"))).split('\n');
    QVERIFY(lines.size() > 10);
    // The id of the third row (line 4 with the heading) is no number.
    lines[3].replace(0, lines[3].indexOf(','), "abc");
    m_bench->write(QStringLiteral("data.csv"), lines.join('\n'));
    EXPECT(m_bench->run(words("import data.csv")), 5, "data.csv", "--accept-changed-file");
    const ProcessResult result = m_bench->run(words("import data.csv --accept-changed-file"));
    QDRANT2PG_EXIT(result, 1);
    QDRANT2PG_SAYS(result, QByteArray("id"));
    QDRANT2PG_SAYS(result, QByteArray("4"));
    QCOMPARE(m_database->scalar("SELECT count(*) FROM goods"), QStringLiteral("49"));
}

QTEST_GUILESS_MAIN(ErrorsTest)
#include "errorstest.moc"
