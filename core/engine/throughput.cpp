// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/throughput.h"

#include <cmath>

namespace qdrant2pg {

namespace {

/// Rates follow changes within about this time.
constexpr double smoothingSeconds = 3.0;
constexpr std::chrono::milliseconds trustAfter{3'000};
constexpr qsizetype mostSamples = 600;
/// Snapshots that another bottleneck must lead before it is shown: about two seconds.
constexpr int leadSnapshots = 8;
constexpr double clearLead = 1.15;

} // namespace

void Throughput::sample(std::chrono::milliseconds elapsed, qint64 rows, qint64 bytes, const QString& mark)
{
    const double seconds = static_cast<double>((elapsed - m_elapsed).count()) / 1000.0;
    if (seconds > 0) {
        const double weight = 1.0 - std::exp(-seconds / smoothingSeconds);
        const auto mix = [weight](double& rate, double now) {
            rate = rate == 0 ? now : rate + weight * (now - rate);
        };
        mix(m_rowRate, static_cast<double>(rows - m_rows) / seconds);
        mix(m_byteRate, static_cast<double>(bytes - m_bytes) / seconds);
    }
    m_rows = rows;
    m_bytes = bytes;
    m_elapsed = elapsed;
    if (!mark.isEmpty())
        m_mark = mark;
    const auto window = elapsed - m_lastSecond;
    if (window < m_step)
        return;
    const double windowSeconds = static_cast<double>(window.count()) / 1000.0;
    m_samples << ThroughputSample{elapsed, static_cast<double>(rows - m_lastSecondRows) / windowSeconds,
        static_cast<double>(bytes - m_lastSecondBytes) / windowSeconds, std::exchange(m_mark, {})};
    m_lastSecond = elapsed;
    m_lastSecondRows = rows;
    m_lastSecondBytes = bytes;
    if (m_samples.size() <= mostSamples)
        return;
    QList<ThroughputSample> thinned;
    for (qsizetype i = 0; i + 1 < m_samples.size(); i += 2) {
        ThroughputSample pair = m_samples.at(i + 1);
        pair.rowsPerSecond = (pair.rowsPerSecond + m_samples.at(i).rowsPerSecond) / 2;
        pair.bytesPerSecond = (pair.bytesPerSecond + m_samples.at(i).bytesPerSecond) / 2;
        if (pair.mark.isEmpty())
            pair.mark = m_samples.at(i).mark;
        thinned << pair;
    }
    m_samples = thinned;
    m_step *= 2;
}

std::optional<std::chrono::milliseconds> Throughput::remaining(qint64 rowsLeft) const
{
    if (m_elapsed < trustAfter || m_rowRate < 1 || rowsLeft < 0)
        return std::nullopt;
    return std::chrono::milliseconds(static_cast<qint64>(static_cast<double>(rowsLeft) / m_rowRate * 1000.0));
}

Bottleneck Throughput::bottleneck(qint64 sourceNs, qint64 computeNs, qint64 postgresNs)
{
    const auto decay = [](double& value, qint64 total, qint64& last) {
        value = value * 0.9 + static_cast<double>(total - last);
        last = total;
    };
    decay(m_source, sourceNs, m_lastSource);
    decay(m_compute, computeNs, m_lastCompute);
    decay(m_postgres, postgresNs, m_lastPostgres);
    const double most = std::max({m_source, m_compute, m_postgres});
    if (most <= 0)
        return m_bottleneck;
    const Bottleneck leader = most == m_source ? Bottleneck::Qdrant
        : most == m_postgres                   ? Bottleneck::PostgreSql
                                               : Bottleneck::ThisComputer;
    const double shown = m_bottleneck == Bottleneck::Qdrant ? m_source
        : m_bottleneck == Bottleneck::PostgreSql            ? m_postgres
        : m_bottleneck == Bottleneck::ThisComputer          ? m_compute
                                                            : 0;
    if (leader == m_bottleneck || most < shown * clearLead) {
        m_candidateSeen = 0;
        return m_bottleneck;
    }
    m_candidateSeen = leader == m_candidate ? m_candidateSeen + 1 : 1;
    m_candidate = leader;
    if (m_bottleneck == Bottleneck::Unknown || m_candidateSeen >= leadSnapshots)
        m_bottleneck = leader;
    return m_bottleneck;
}

} // namespace qdrant2pg
