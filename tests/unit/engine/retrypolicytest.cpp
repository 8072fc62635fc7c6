// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/retrypolicy.h"

#include <QTest>

using namespace qdrant2pg;
using namespace std::chrono_literals;

class RetryPolicyTest : public QObject {
    Q_OBJECT
private slots:
    void finalErrorsAreNotRepeated();
    void waitsGrowUpToTheCap();
    void budgetEndsAndSuccessRefillsIt();
    void theServersWishCounts();
    void locksAreTriedOnceMore_data();
    void locksAreTriedOnceMore();
};

namespace {

Error retryable()
{
    Error error = makeError(ErrorKind::Network, QStringLiteral("reset"));
    error.retryable = true;
    return error;
}

} // namespace

void RetryPolicyTest::finalErrorsAreNotRepeated()
{
    RetryPolicy policy({});
    QVERIFY(!policy.next(makeError(ErrorKind::Authentication, QStringLiteral("no"))));
    QCOMPARE(policy.attempt(), 0);
}

void RetryPolicyTest::waitsGrowUpToTheCap()
{
    RetryPolicy policy({.attempts = 40, .first = 100ms, .cap = 1000ms});
    const QList<std::chrono::milliseconds> most{100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms};
    for (const auto limit : most) {
        const auto wait = policy.next(retryable());
        QVERIFY(wait);
        QVERIFY2(*wait <= limit && *wait >= limit / 2, qPrintable(QString::number(wait->count())));
    }
    for (int i = 0; i < 30; ++i)
        QVERIFY(*policy.next(retryable()) <= 1000ms);
}

void RetryPolicyTest::budgetEndsAndSuccessRefillsIt()
{
    RetryPolicy policy({.attempts = 2, .first = 1ms, .cap = 1ms});
    QVERIFY(policy.next(retryable()));
    QVERIFY(policy.next(retryable()));
    QVERIFY(!policy.next(retryable()));
    policy.succeeded();
    QVERIFY(policy.next(retryable()));
}

void RetryPolicyTest::theServersWishCounts()
{
    RetryPolicy policy({.attempts = 3, .first = 1ms, .cap = 2ms});
    Error error = retryable();
    error.httpStatus = 429;
    error.retryAfterSeconds = 7;
    QCOMPARE(*policy.next(error), std::chrono::milliseconds(7s));
}

void RetryPolicyTest::locksAreTriedOnceMore_data()
{
    QTest::addColumn<QByteArray>("sqlState");
    QTest::newRow("lock timeout") << QByteArray("55P03");
    QTest::newRow("statement timeout") << QByteArray("57014");
}

void RetryPolicyTest::locksAreTriedOnceMore()
{
    QFETCH(QByteArray, sqlState);
    RetryPolicy policy({.attempts = 10, .first = 1ms, .cap = 1ms});
    Error error = retryable();
    error.sqlState = sqlState;
    QVERIFY(policy.next(error));
    QVERIFY(!policy.next(error));
}

QTEST_GUILESS_MAIN(RetryPolicyTest)
#include "retrypolicytest.moc"
