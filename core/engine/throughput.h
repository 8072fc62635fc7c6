// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/migrationengine.h"

#include <chrono>
#include <optional>

namespace qdrant2pg {

/// Rates, remaining time and bottleneck of a run from its counters. Fed about four times a second; one
/// thread.
class Throughput {
public:
    /// Totals since the session began.
    void sample(std::chrono::milliseconds elapsed, qint64 rows, qint64 bytes, const QString& mark);
    double rowsPerSecond() const { return m_rowRate; }
    double bytesPerSecond() const { return m_byteRate; }
    qint64 rows() const { return m_rows; }
    qint64 bytes() const { return m_bytes; }
    /// Nothing until the rate has been steady for a while: a wrong number is worse than none.
    std::optional<std::chrono::milliseconds> remaining(qint64 rowsLeft) const;
    /// From where the lanes spent their time lately; changes only when another one leads clearly and for some
    /// time.
    Bottleneck bottleneck(qint64 sourceNs, qint64 computeNs, qint64 postgresNs);
    /// One sample a second, thinned to at most 600.
    QList<ThroughputSample> samples() const { return m_samples; }

private:
    qint64 m_rows = 0;
    qint64 m_bytes = 0;
    std::chrono::milliseconds m_elapsed{0};
    double m_rowRate = 0;
    double m_byteRate = 0;
    std::chrono::milliseconds m_lastSecond{0};
    qint64 m_lastSecondRows = 0;
    qint64 m_lastSecondBytes = 0;
    std::chrono::milliseconds m_step{1000};
    QString m_mark;
    QList<ThroughputSample> m_samples;
    double m_source = 0;
    double m_compute = 0;
    double m_postgres = 0;
    qint64 m_lastSource = 0;
    qint64 m_lastCompute = 0;
    qint64 m_lastPostgres = 0;
    Bottleneck m_bottleneck = Bottleneck::Unknown;
    Bottleneck m_candidate = Bottleneck::Unknown;
    int m_candidateSeen = 0;
};

} // namespace qdrant2pg
