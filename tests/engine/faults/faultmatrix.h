// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/engine/faults/faultcase.h"

namespace qdrant2pg::test {

/// Runs rows of the matrix: final state, exit code, words, what a resume does, and the rows of the table
/// afterwards. The whole table is docs/faults.md; QDRANT2PG_UPDATE_DOCS=1 writes it.
class FaultMatrix : public QObject {
    Q_OBJECT
public:
    explicit FaultMatrix(const QList<FaultCase>& rows);
    ~FaultMatrix() override;

private slots:
    void initTestCase();
    void fault_data();
    void fault();
    void documentation();
    void cleanupTestCase();

private:
    static void checkRows(FaultRun& run, const FaultCase& fault);
    static QString words(const FaultRun& run, const RunOutcome& outcome);

    QList<FaultCase> m_cases;
    std::unique_ptr<PostgresServer> m_server;
};

} // namespace qdrant2pg::test
