// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/replaypolicies.h"

#include <QTest>

using namespace qdrant2pg;

/// What may change before rejected points are tried again, and when trying makes sense without a change.
class ReplayPoliciesTest : public QObject {
    Q_OBJECT
private slots:
    void policiesChangeWhatTheyName();
    void noPolicyChangesNothing();
    void causes_data();
    void causes();

private:
    static MigrationPlan plan()
    {
        MigrationPlan plan;
        CollectionPlan collection;
        VectorPlan vector;
        vector.missing = MissingPolicy::Reject;
        collection.vectors << vector;
        PayloadColumnPlan strict;
        strict.missing = MissingPolicy::Reject;
        strict.misfit = MisfitPolicy::Reject;
        PayloadColumnPlan filled;
        filled.missing = MissingPolicy::Default;
        collection.payload.columns << strict << filled;
        plan.collections << collection << collection;
        return plan;
    }
};

void ReplayPoliciesTest::policiesChangeWhatTheyName()
{
    const MigrationPlan changed = withPolicies(plan(), {NulPolicy::Strip, true, true, true});
    for (const CollectionPlan& collection : changed.collections) {
        QCOMPARE(collection.payload.nul, NulPolicy::Strip);
        QCOMPARE(collection.vectors.first().nonFinite, NonFinitePolicy::Null);
        QCOMPARE(collection.vectors.first().missing, MissingPolicy::Null);
        QCOMPARE(collection.payload.columns.first().misfit, MisfitPolicy::Null);
        QCOMPARE(collection.payload.columns.first().missing, MissingPolicy::Null);
        // A default is an answer already.
        QCOMPARE(collection.payload.columns.last().missing, MissingPolicy::Default);
    }
}

void ReplayPoliciesTest::noPolicyChangesNothing()
{
    QVERIFY(withPolicies(plan(), {}) == plan());
}

void ReplayPoliciesTest::causes_data()
{
    QTest::addColumn<QByteArray>("sqlState");
    QTest::addColumn<bool>("mayBeGone");
    QTest::newRow("decided before it was sent") << QByteArray() << false;
    QTest::newRow("untranslatable character") << QByteArray("22P05") << false;
    QTest::newRow("NOT NULL") << QByteArray("23502") << false;
    QTest::newRow("check constraint") << QByteArray("23514") << false;
    QTest::newRow("row too long for an index") << QByteArray("54000") << false;
    QTest::newRow("parent row missing") << QByteArray("23503") << true;
    QTest::newRow("a row is in the way") << QByteArray("23505") << true;
    QTest::newRow("exclusion constraint") << QByteArray("23P01") << true;
    QTest::newRow("serialization") << QByteArray("40001") << true;
    QTest::newRow("disk full") << QByteArray("53100") << true;
    QTest::newRow("lock") << QByteArray("55P03") << true;
    QTest::newRow("server stopped") << QByteArray("57P01") << true;
}

void ReplayPoliciesTest::causes()
{
    QFETCH(QByteArray, sqlState);
    RejectRow reject;
    reject.sqlState = sqlState;
    QTEST(causeMayBeGone(reject), "mayBeGone");
}

QTEST_GUILESS_MAIN(ReplayPoliciesTest)
#include "replaypoliciestest.moc"
