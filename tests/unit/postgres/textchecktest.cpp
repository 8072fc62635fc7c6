// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/textcheck.h"
#include "tests/unit/postgres/jsoncases.h"

#include <QTest>

#include <string>
#include <vector>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

class TextCheckTest : public QObject {
    Q_OBJECT

private slots:
    void jsonb_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("sqlState");
        for (const JsonCase& row : jsonCases())
            QTest::newRow(row.name) << QByteArray::fromStdString(row.json) << QByteArray(row.sqlState);
    }

    void jsonb()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, sqlState);
        // On the heap with its exact size, so that a read past the end is seen by the address sanitizer.
        const std::vector<char> exact(json.begin(), json.end());
        const EncodeResult bad = checkJsonb(std::string_view(exact.data(), exact.size()));
        QCOMPARE(QByteArray(bad ? bad->sqlState : ""), sqlState);
        QCOMPARE(bad.has_value(), bad && !bad->reason.isEmpty());
    }

    /// Every prefix of a valid text is refused or valid, never read past.
    void everyPrefixIsSafe()
    {
        const std::string json =
            R"({"a\n":[1.5e-3,"\ud83d\ude00xxxxxxxxxxxxxxxxxxxx",true,{"b":null}],"ccccccccccccccccccccc":-0})";
        QVERIFY(!checkJsonb(json));
        for (std::size_t size = 0; size < json.size(); ++size) {
            const std::vector<char> exact(json.begin(), json.begin() + static_cast<std::ptrdiff_t>(size));
            QVERIFY(checkJsonb(std::string_view(exact.data(), exact.size())));
        }
    }

    void text()
    {
        QVERIFY(!checkText(""));
        QVERIFY(!checkText("gr\xc3\xbc\xc3\x9f"));
        QCOMPARE(checkText(std::string_view("\0", 1))->sqlState, "22021");
        QCOMPARE(checkText("\xf4\x90\x80\x80")->sqlState, "22021");
    }
};

QTEST_GUILESS_MAIN(TextCheckTest)
#include "textchecktest.moc"
