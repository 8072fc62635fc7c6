// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <string>

#include <protozero/pbf_writer.hpp>

#include <QTest>

#include "core/common/jsontext.h"
#include "core/qdrant/grpc/payloadtext.h"

using namespace qdrant2pg;

/// Texts of a payload are looked at in blocks: a character that needs an escape may stand anywhere in one.
class PayloadTextTest : public QObject {
    Q_OBJECT

private slots:
    void escapesAtEveryPlace();
};

void PayloadTextTest::escapesAtEveryPlace()
{
    for (const char special : {'"', '\\', '\n', '\x01', '\x1f', '\x7f', ' ', '\xc3'}) {
        for (std::size_t size = 1; size < 50; ++size) {
            for (std::size_t at = 0; at < size; ++at) {
                std::string text(size, 'a');
                text[at] = special;
                if (at + 20 < size)
                    text[at + 20] = '"';
                std::string value;
                protozero::pbf_writer(value).add_string(4, text);
                std::string entry;
                protozero::pbf_writer writer(entry);
                writer.add_string(1, "key");
                writer.add_message(2, value);
                std::string json;
                QVERIFY(appendPayloadEntry(json, entry));
                const std::string expected = "\"key\":" + jsontext::quoted(text);
                QCOMPARE(json, expected);
            }
        }
    }
}

QTEST_GUILESS_MAIN(PayloadTextTest)
#include "payloadtexttest.moc"
