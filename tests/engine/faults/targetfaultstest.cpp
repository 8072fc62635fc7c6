// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/faults/faultmatrix.h"

#include <QTest>

/// Faults of PostgreSQL.
class TargetFaultsTest : public qdrant2pg::test::FaultMatrix {
    Q_OBJECT
public:
    TargetFaultsTest()
        : FaultMatrix(qdrant2pg::test::targetFaults() + qdrant2pg::test::indexFaults())
    {
    }
};

QTEST_GUILESS_MAIN(TargetFaultsTest)
#include "targetfaultstest.moc"
