// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/faults/faultmatrix.h"

#include <QTest>

/// Faults of Qdrant and of this computer.
class SourceFaultsTest : public qdrant2pg::test::FaultMatrix {
    Q_OBJECT
public:
    SourceFaultsTest()
        : FaultMatrix(qdrant2pg::test::sourceFaults() + qdrant2pg::test::localFaults())
    {
    }
};

QTEST_GUILESS_MAIN(SourceFaultsTest)
#include "sourcefaultstest.moc"
