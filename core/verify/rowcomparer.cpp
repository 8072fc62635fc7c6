// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/rowcomparer.h"

#include "core/postgres/bytekernels.h"
#include "core/verify/valuetext.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

/// Types with several binary forms of one value; all others are equal exactly when their bytes are.
bool hasSeveralForms(ColumnType type)
{
    switch (type) {
    case ColumnType::Jsonb:
    case ColumnType::Numeric:
    case ColumnType::SmallintArray:
    case ColumnType::VectorArray:
    case ColumnType::TextArray:
    case ColumnType::BigintArray:
    case ColumnType::DoubleArray:
    case ColumnType::BooleanArray:
        return true;
    default:
        return false;
    }
}

DigestSum fieldDigest(RowDigest& digest, std::string& scratch, std::string_view field)
{
    scratch.assign(6, '\0');
    bytes::store16(scratch.data(), 1);
    bytes::store32(scratch.data() + 2, static_cast<std::uint32_t>(field.size()));
    scratch += field;
    return digest.hash(scratch);
}

} // namespace

Result<RowComparer> RowComparer::create(const VerifyJob& job)
{
    RowComparer comparer(job);
    auto encoder = job.encoder(job.runStartMicros.value_or(0));
    if (!encoder)
        return fail(encoder.error());
    comparer.m_encoder.emplace(std::move(*encoder));
    for (const ColumnType type : job.table.columnTypes())
        comparer.m_digests.emplace_back(std::span(&type, 1));
    return comparer;
}

std::optional<RejectRow> RowComparer::encode(const PointPage& page, const PointView& point)
{
    m_buffer.clear();
    return m_encoder->encode(page, point, m_buffer);
}

bool RowComparer::sameValue(std::size_t column, const CopyField& source, const CopyField& target)
{
    if (source.has_value() != target.has_value())
        return false;
    if (!source || *source == *target)
        return true;
    if (!hasSeveralForms(m_job->table.columns.at(static_cast<int>(column)).type))
        return false;
    const DigestSum a = fieldDigest(m_digests[column], m_scratch, *source);
    return a == fieldDigest(m_digests[column], m_scratch, *target);
}

Result<bool> RowComparer::isRunStart(
    std::size_t column, const CopyField& source, const PointPage* page, const PointView* point)
{
    if (m_job->runStartMicros || !page || !point
        || m_job->table.columns.at(static_cast<int>(column)).type != ColumnType::Timestamptz)
        return false;
    if (!m_otherStart) {
        auto encoder = m_job->encoder(1'000'000);
        if (!encoder)
            return fail(encoder.error());
        m_otherStart.emplace(std::move(*encoder));
    }
    m_otherBuffer.clear();
    if (m_otherStart->encode(*page, *point, m_otherBuffer) || !splitCopyRow(m_otherBuffer.lastRow(), m_other)
        || m_other.size() <= column)
        return false;
    return m_other[column] != source;
}

Result<std::vector<Mismatch>> RowComparer::differences(const QString& pointId, std::string_view source,
    std::string_view target, const PointPage* page, const PointView* point)
{
    std::vector<Mismatch> found;
    if (source == target)
        return found;
    if (!splitCopyRow(source, m_source) || !splitCopyRow(target, m_target)
        || m_source.size() != m_target.size() || m_source.size() != m_digests.size())
        return fail(ErrorKind::Protocol,
            QStringLiteral("PostgreSQL sent a row that does not fit the table's columns."));
    for (std::size_t column = 0; column < m_source.size(); ++column) {
        if (sameValue(column, m_source[column], m_target[column]))
            continue;
        auto runStart = isRunStart(column, m_source[column], page, point);
        if (!runStart)
            return fail(runStart.error());
        if (*runStart)
            continue;
        const ColumnSpec& spec = m_job->table.columns.at(static_cast<int>(column));
        const ValuePair values = describeDifference(spec, m_source[column], m_target[column]);
        found.push_back({QStringLiteral("content"), pointId, spec.name, values.source, values.target});
    }
    return found;
}

QStringList comparisonRules(const VerifyJob& job)
{
    QStringList rules;
    const auto has = [&job](ColumnType type) {
        return std::any_of(job.table.columns.begin(), job.table.columns.end(),
            [type](const ColumnSpec& c) { return c.type == type; });
    };
    if (has(ColumnType::Vector) || has(ColumnType::VectorArray))
        rules << QStringLiteral(
            "vector: every element is compared by its 32 bits with what Qdrant serves. Under Cosine distance "
            "Qdrant keeps normalised vectors; what was uploaded is not there any more.");
    if (has(ColumnType::Halfvec))
        rules << QStringLiteral("halfvec: Qdrant's value is rounded to half precision (half to even) and "
                                "then compared by its 16 bits.");
    if (has(ColumnType::Sparsevec))
        rules << QStringLiteral("sparsevec: entries with the value 0 are left out, because sparsevec cannot "
                                "hold them; all others are compared by their bits.");
    if (has(ColumnType::SmallintArray))
        rules << QStringLiteral("smallint[]: compared by value; Qdrant's uint8 elements are whole numbers.");
    if (has(ColumnType::Jsonb))
        rules << QStringLiteral(
            "jsonb: compared by value: the order of keys, white space and the spelling of numbers (1.0, "
            "1.00, 1e0) do not count; every digit of a number, letter case and null against missing do.");
    if (has(ColumnType::Numeric))
        rules << QStringLiteral("numeric: compared by value, digit by digit.");
    if (has(ColumnType::Timestamptz))
        rules << QStringLiteral(
            "timestamptz: compared as microseconds UTC; the zone in which the time was written is not kept.");
    if (!job.runStartMicros) {
        for (const PayloadColumnPlan& column : job.plan.payload.columns) {
            if (column.missing == MissingPolicy::Default
                && column.defaultValue == QJsonValue(QStringLiteral("run-start")))
                rules << QStringLiteral("%1: where the point has no value the row holds the start of the "
                                        "run, which is not known here; not compared there.")
                             .arg(column.column);
        }
    }
    if (job.plan.payload.keep == PayloadKeep::None)
        rules << QStringLiteral(
            "Payload without a column of its own was not to be kept, so it is not compared.");
    if (job.tableIsShared())
        rules << QStringLiteral("The table may hold rows of others: rows without a point in Qdrant are "
                                "counted, not reported as differences.");
    if (job.plan.mode == TableMode::Merge)
        rules << QStringLiteral("In merge mode rows that were there before are left alone: they may differ "
                                "from Qdrant by design.");
    return rules;
}

} // namespace qdrant2pg
