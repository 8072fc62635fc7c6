// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/csvreader.h"

#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace qdrant2pg;

/// RFC 4180, strictly: what a CSV writer may write is read back exactly, everything else is refused with its
/// line.
class CsvReaderTest : public QObject {
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void goesOnAfterABadLine();
    void roundTripOfHostileTexts();
    void longRecords();
    void seeks();

private:
    QString write(const QByteArray& content);
    QTemporaryDir m_dir;
};

QString CsvReaderTest::write(const QByteArray& content)
{
    const QString path = m_dir.filePath(QStringLiteral("file.csv"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write the test's file");
    return path;
}

void CsvReaderTest::reads_data()
{
    QTest::addColumn<QByteArray>("content");
    // Fields joined by |, records by /, NULL as ~.
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("plain") << QByteArray("a,b\nc,d\n") << QByteArray("a|b/c|d");
    QTest::newRow("no line end") << QByteArray("a,b\nc,d") << QByteArray("a|b/c|d");
    QTest::newRow("CRLF") << QByteArray("a,b\r\nc,d\r\n") << QByteArray("a|b/c|d");
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF"
                                                   "a,b\n")
                                     << QByteArray("a|b");
    QTest::newRow("quotes") << QByteArray("\"a\"\"b\",\"c,d\"\n") << QByteArray("a\"b|c,d");
    QTest::newRow("line break inside") << QByteArray("\"a\nb\",c\n") << QByteArray("a\nb|c");
    QTest::newRow("CRLF inside is kept") << QByteArray("\"a\r\nb\",c\r\n") << QByteArray("a\r\nb|c");
    QTest::newRow("NULL and empty text") << QByteArray(",\"\",x\n") << QByteArray("~||x");
    QTest::newRow("last field empty") << QByteArray("a,\n") << QByteArray("a|~");
    QTest::newRow("only quotes") << QByteArray("\"\"\"\"\n") << QByteArray("\"");
    QTest::newRow("blanks count") << QByteArray(" a , b\n") << QByteArray(" a | b");
}

void CsvReaderTest::reads()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, expected);
    auto reader = CsvReader::open(write(content));
    QVERIFY(reader);
    QByteArrayList records;
    CsvRecord record;
    for (;;) {
        auto more = reader->next(record);
        QVERIFY2(more, more ? "" : qPrintable(more.error().toText()));
        if (!*more)
            break;
        QByteArrayList fields;
        for (const CsvField& field : record.fields)
            fields << (field.isNull()
                    ? QByteArray("~")
                    : QByteArray(field.text.data(), static_cast<qsizetype>(field.text.size())));
        records << fields.join('|');
    }
    QCOMPARE(records.join('/'), expected);
}

void CsvReaderTest::refuses_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("words");
    QTest::newRow("quote not closed") << QByteArray("a,b\n\"c,d\n") << QStringLiteral("Line 2");
    QTest::newRow("quote inside") << QByteArray("a\"b,c\n") << QStringLiteral("field 1");
    QTest::newRow("text behind the quote") << QByteArray("x,\"a\"b\n") << QStringLiteral("field 2");
    QTest::newRow("bare carriage return") << QByteArray("a\rb,c\n") << QStringLiteral("carriage return");
}

void CsvReaderTest::refuses()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, words);
    auto reader = CsvReader::open(write(content));
    QVERIFY(reader);
    CsvRecord record;
    for (;;) {
        auto more = reader->next(record);
        if (!more) {
            QCOMPARE(more.error().kind, ErrorKind::Data);
            QVERIFY2(more.error().summary.contains(words), qPrintable(more.error().summary));
            return;
        }
        QVERIFY2(*more, "nothing was refused");
    }
}

void CsvReaderTest::goesOnAfterABadLine()
{
    auto reader = CsvReader::open(write("1,a\n2,b\"x\n3,c\n"));
    QVERIFY(reader);
    CsvRecord record;
    QVERIFY(*reader->next(record));
    const auto bad = reader->next(record);
    QVERIFY(!bad);
    QVERIFY2(bad.error().summary.contains(QStringLiteral("Line 2")), qPrintable(bad.error().summary));
    QVERIFY(!reader->atEnd());
    auto third = reader->next(record);
    QVERIFY(third && *third);
    QCOMPARE(std::string(record.fields[0].text), std::string("3"));
    QCOMPARE(record.line, 3);
}

void CsvReaderTest::roundTripOfHostileTexts()
{
    std::mt19937 random(5);
    const std::string alphabet = "\",\n\r ab;'\\\t{}[]\xC3";
    std::vector<std::vector<std::string>> rows(3'000);
    std::string content;
    for (auto& row : rows) {
        for (int field = 0; field < 4; ++field) {
            std::string text;
            const std::size_t length = random() % 12;
            for (std::size_t i = 0; i < length; ++i)
                text += alphabet[random() % alphabet.size()];
            if (field > 0)
                content += ',';
            appendCsvField(content, text);
            row.push_back(text);
        }
        content += '\n';
    }
    auto reader = CsvReader::open(write(QByteArray::fromStdString(content)));
    QVERIFY(reader);
    CsvRecord record;
    for (const auto& row : rows) {
        auto more = reader->next(record);
        QVERIFY2(more && *more, more ? "" : qPrintable(more.error().toText()));
        QCOMPARE(record.fields.size(), row.size());
        for (std::size_t i = 0; i < row.size(); ++i) {
            QCOMPARE(std::string(record.fields[i].text), row[i]);
            QVERIFY(!record.fields[i].isNull());
        }
    }
    QVERIFY(!*reader->next(record));
}

void CsvReaderTest::longRecords()
{
    // Longer than the reader's buffer, several times over.
    const std::string longText(5'000'000, 'x');
    std::string content;
    for (int i = 0; i < 3; ++i) {
        appendCsvField(content, longText + "\"");
        content += ",end\n";
    }
    auto reader = CsvReader::open(write(QByteArray::fromStdString(content)));
    QVERIFY(reader);
    CsvRecord record;
    for (int i = 0; i < 3; ++i) {
        auto more = reader->next(record);
        QVERIFY(more && *more);
        QCOMPARE(record.fields.size(), std::size_t{2});
        QVERIFY(record.fields[0].text == longText + "\"");
        QCOMPARE(record.line, i + 1);
    }
    QVERIFY(!*reader->next(record));
}

void CsvReaderTest::seeks()
{
    auto reader = CsvReader::open(write("h\n\"a\nb\"\nc\nd\n"));
    QVERIFY(reader);
    CsvRecord record;
    QVERIFY(*reader->next(record));
    QVERIFY(*reader->next(record));
    const qint64 offset = record.endOffset;
    const qint64 line = reader->line();
    QCOMPARE(line, 4);
    auto second = CsvReader::open(m_dir.filePath(QStringLiteral("file.csv")));
    QVERIFY(second);
    QVERIFY(second->seek(offset, line));
    QVERIFY(*second->next(record));
    QCOMPARE(std::string(record.fields[0].text), std::string("c"));
    QCOMPARE(record.line, 4);
}

QTEST_GUILESS_MAIN(CsvReaderTest)
#include "csvreadertest.moc"
