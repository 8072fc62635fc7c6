// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"

#include <array>
#include <optional>

namespace qdrant2pg::planwords {

/// The design's words for the plan's enums, default first. Internal to the plan module.
template <class Enum> struct Word {
    Enum value;
    const char* text;
};

inline constexpr std::array transports{Word<TransportChoice>{TransportChoice::Auto, "auto"},
    Word<TransportChoice>{TransportChoice::Rest, "rest"},
    Word<TransportChoice>{TransportChoice::Grpc, "grpc"}};
inline constexpr std::array tableModes{Word<TableMode>{TableMode::Create, "create"},
    Word<TableMode>{TableMode::Append, "append"}, Word<TableMode>{TableMode::Merge, "merge"},
    Word<TableMode>{TableMode::Replace, "replace"}};
inline constexpr std::array idTypes{Word<IdType>{IdType::Uuid, "uuid"},
    Word<IdType>{IdType::Bigint, "bigint"}, Word<IdType>{IdType::Numeric, "numeric"},
    Word<IdType>{IdType::Text, "text"}};
inline constexpr std::array numericIds{
    Word<NumericIds>{NumericIds::Keep, "keep"}, Word<NumericIds>{NumericIds::Uuid5, "uuid5"}};
inline constexpr std::array missingVectors{
    Word<MissingPolicy>{MissingPolicy::Null, "null"}, Word<MissingPolicy>{MissingPolicy::Reject, "reject"}};
inline constexpr std::array missingValues{Word<MissingPolicy>{MissingPolicy::Null, "null"},
    Word<MissingPolicy>{MissingPolicy::Default, "default"},
    Word<MissingPolicy>{MissingPolicy::Reject, "reject"}};
inline constexpr std::array nonFinites{Word<NonFinitePolicy>{NonFinitePolicy::Reject, "reject"},
    Word<NonFinitePolicy>{NonFinitePolicy::Null, "null"}};
inline constexpr std::array nuls{Word<NulPolicy>{NulPolicy::Reject, "reject"},
    Word<NulPolicy>{NulPolicy::Strip, "strip"}, Word<NulPolicy>{NulPolicy::Replace, "replace"}};
inline constexpr std::array misfits{
    Word<MisfitPolicy>{MisfitPolicy::Null, "null"}, Word<MisfitPolicy>{MisfitPolicy::Reject, "reject"}};
inline constexpr std::array keeps{Word<PayloadKeep>{PayloadKeep::All, "all"},
    Word<PayloadKeep>{PayloadKeep::Unmapped, "unmapped"}, Word<PayloadKeep>{PayloadKeep::None, "none"}};
inline constexpr std::array parents{Word<ParentPolicy>{ParentPolicy::Create, "create"},
    Word<ParentPolicy>{ParentPolicy::NoConstraint, "no-constraint"},
    Word<ParentPolicy>{ParentPolicy::Reject, "reject"}};
inline constexpr std::array flows{
    Word<RunFlow>{RunFlow::Stream, "stream"}, Word<RunFlow>{RunFlow::Staged, "staged"}};
inline constexpr std::array onRejects{
    Word<OnReject>{OnReject::Continue, "continue"}, Word<OnReject>{OnReject::Stop, "stop"}};
inline constexpr std::array publishModes{
    Word<PublishMode>{PublishMode::Auto, "auto"}, Word<PublishMode>{PublishMode::Hold, "hold"}};
inline constexpr std::array verifyLevels{Word<VerifyLevel>{VerifyLevel::Digest, "digest"},
    Word<VerifyLevel>{VerifyLevel::Full, "full"}, Word<VerifyLevel>{VerifyLevel::Counts, "counts"},
    Word<VerifyLevel>{VerifyLevel::None, "none"}};

template <class Table, class Enum> QString textOf(const Table& table, Enum value)
{
    for (const auto& word : table) {
        if (word.value == value)
            return QString::fromLatin1(word.text);
    }
    return QString::fromLatin1(table.front().text);
}

template <class Table>
auto valueOf(const Table& table, const QString& text) -> std::optional<decltype(table.front().value)>
{
    for (const auto& word : table) {
        if (text == QLatin1String(word.text))
            return word.value;
    }
    return std::nullopt;
}

/// Words that are texts in the plan.
QStringList presets();
QStringList vectorTypes();
QStringList distances();
QStringList payloadTypes();
QStringList storages();
QStringList indexKinds();
QStringList indexCasts();

} // namespace qdrant2pg::planwords
