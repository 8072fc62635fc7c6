// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/verify/mutations.h"

#include "core/engine/rowencoder.h"

#include <bit>

namespace qdrant2pg::test {

namespace {

QString randomId(MigrationBench& bench, std::mt19937& random)
{
    const int rows = bench.database.scalar("SELECT count(*) FROM things").toInt();
    return bench.database.scalar("SELECT id FROM things ORDER BY id OFFSET "
        + QByteArray::number(static_cast<int>(random() % static_cast<unsigned>(rows))) + " LIMIT 1");
}

QByteArray whereId(const QString& id)
{
    return " WHERE id = '" + id.toUtf8() + "'";
}

bool flipBit(MigrationBench& bench, std::mt19937& random, QStringList& expected)
{
    const QString id = randomId(bench, random);
    QString text = bench.database.scalar("SELECT embedding::text FROM things" + whereId(id));
    QStringList elements = text.mid(1, text.size() - 2).split(QLatin1Char(','));
    const auto index = static_cast<qsizetype>(random() % static_cast<unsigned>(elements.size()));
    // The lowest bit: the smallest change that a float can have.
    const auto changed =
        std::bit_cast<float>(std::bit_cast<std::uint32_t>(elements.at(index).toFloat()) ^ 1U);
    elements[index] = QString::number(changed, 'g', 9);
    expected << QStringLiteral("content %1 embedding").arg(id);
    return bench.database.execute(
        "UPDATE things SET embedding = '[" + elements.join(QLatin1Char(',')).toUtf8() + "]'" + whereId(id));
}

bool changePayloadValue(MigrationBench& bench, std::mt19937& random, QStringList& expected)
{
    const QString id = randomId(bench, random);
    expected << QStringLiteral("content %1 payload").arg(id);
    return bench.database.execute("UPDATE things SET payload = payload || jsonb_build_object((SELECT min(k) "
                                  "FROM jsonb_object_keys(payload) k), 'changed'::text)"
        + whereId(id));
}

bool changeCaseOfKey(MigrationBench& bench, std::mt19937& random, QStringList& expected)
{
    const QString id = randomId(bench, random);
    expected << QStringLiteral("content %1 payload").arg(id);
    return bench.database.execute(
        "UPDATE things SET payload = (payload - k) || jsonb_build_object(upper(k), payload->k) FROM (SELECT "
        "min(x) AS k FROM things, jsonb_object_keys(payload) x"
        + whereId(id) + " AND upper(x) <> x) AS first" + whereId(id));
}

bool deleteRow(MigrationBench& bench, std::mt19937& random, QStringList& expected)
{
    const QString id = randomId(bench, random);
    expected << QStringLiteral("missing %1 ").arg(id);
    return bench.database.execute("DELETE FROM things" + whereId(id));
}

bool addRow(MigrationBench& bench, std::mt19937& random, QStringList& expected)
{
    const QString id = randomId(bench, random);
    const QString fresh =
        id.left(id.size() - 4) + QStringLiteral("%1").arg(random() % 65'536, 4, 16, QLatin1Char('0'));
    if (bench.database.scalar("SELECT count(*) FROM things" + whereId(fresh)) != QLatin1String("0"))
        return addRow(bench, random, expected);
    expected << QStringLiteral("extra %1 ").arg(fresh);
    return bench.database.execute(
        "INSERT INTO things SELECT '" + fresh.toUtf8() + "', embedding, payload FROM things" + whereId(id));
}

bool swapVectors(MigrationBench& bench, std::mt19937& random, QStringList& expected)
{
    const QString a = randomId(bench, random);
    const QString b = randomId(bench, random);
    if (a == b)
        return swapVectors(bench, random, expected);
    expected << QStringLiteral("content %1 embedding").arg(a)
             << QStringLiteral("content %1 embedding").arg(b);
    return bench.database.execute("UPDATE things t SET embedding = o.embedding FROM things o WHERE (t.id = '"
        + a.toUtf8() + "' AND o.id = '" + b.toUtf8() + "') OR (t.id = '" + b.toUtf8() + "' AND o.id = '"
        + a.toUtf8() + "')");
}

bool nullVector(MigrationBench& bench, std::mt19937& random, QStringList& expected)
{
    const QString id = randomId(bench, random);
    expected << QStringLiteral("content %1 embedding").arg(id);
    return bench.database.execute("UPDATE things SET embedding = NULL" + whereId(id));
}

} // namespace

const std::vector<Mutation>& mutations()
{
    static const std::vector<Mutation> all{
        {"one bit of one vector", flipBit},
        {"one payload value", changePayloadValue},
        {"case of a key", changeCaseOfKey},
        {"delete", deleteRow},
        {"add", addRow},
        {"swap two vectors", swapVectors},
        {"NULL for a vector", nullVector},
    };
    return all;
}

QStringList describedMismatches(const VerificationOutcome& outcome)
{
    QStringList list;
    for (const Mismatch& mismatch : outcome.mismatches)
        list << QStringLiteral("%1 %2 %3").arg(mismatch.type, mismatch.pointId, mismatch.column);
    list.sort();
    return list;
}

} // namespace qdrant2pg::test
