// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/base/numbers.h"
#include "demo/source/generatedids.h"
#include "demo/source/vectorpool.h"
#include "demo/source/words.h"

#include <array>

namespace qdrant2pg::demo {

namespace {

constexpr std::array<std::string_view, 5> types{"dialogue", "event", "location", "character", "lore"};
constexpr std::array<std::string_view, 6> tags{"combat", "magic", "trade", "secret", "travel", "romance"};
constexpr std::uint64_t games = 7;
constexpr std::uint64_t year = 365ULL * 86400;

void appendPadded(std::string& out, std::uint64_t value, std::size_t width)
{
    const std::string digits = std::to_string(value);
    out.append(width > digits.size() ? width - digits.size() : 0, '0');
    out += digits;
}

/// `2025-05-03T03:07:57.100009+00:00`; every moment lies in 2025.
void appendMoment(std::string& out, std::uint64_t secondsOfYear, std::uint64_t micros)
{
    static constexpr std::array<std::uint64_t, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    std::uint64_t day = secondsOfYear / 86400;
    std::size_t month = 0;
    while (day >= lengths[month])
        day -= lengths[month++];
    out += "2025-";
    appendPadded(out, month + 1, 2);
    out += '-';
    appendPadded(out, day + 1, 2);
    out += 'T';
    appendPadded(out, secondsOfYear / 3600 % 24, 2);
    out += ':';
    appendPadded(out, secondsOfYear / 60 % 60, 2);
    out += ':';
    appendPadded(out, secondsOfYear % 60, 2);
    out += '.';
    appendPadded(out, micros, 6);
    out += "+00:00";
}

class GameGenerator final : public BodyGenerator {
public:
    GameGenerator(std::uint64_t seed, std::size_t dimensions, std::uint64_t points)
        : m_seed(seed)
        , m_pool(dimensions, Distance::Cosine, Datatype::Float32, seed, points)
    {
    }

    const std::vector<std::string>& vectorNames() const override { return m_names; }
    bool hasVector(std::uint64_t, std::size_t) const override { return true; }

    void appendPayload(std::string& out, std::uint64_t serial) const override
    {
        const std::uint64_t bits = key(serial, 1);
        const std::uint64_t game = bits % games;
        out += R"({"game_id":)";
        appendUuid(out, mix(m_seed + 1000 + game));
        out += R"(,"user_id":)";
        appendInteger(out, 1 + (bits >> 8U) % 40);
        out += R"(,"content":")";
        appendProse(out, key(serial, 2), 80 + key(serial, 3) % 320);
        if (bits >> 16U & 1U)
            out += R"( \")"
                   "\xe2\x80\x94 "
                   R"(Caf)"
                   "\xc3\xa9 \xe4\xbd\xa0\xe5\xa5\xbd \xf0\x9f\x90\x89"
                   R"(\")";
        out += R"(","created_at":")";
        appendMoment(out, key(serial, 4) % year, key(serial, 5) % 1000000);
        out += R"(","type":")";
        out += types[(bits >> 17U) % types.size()];
        out += '"';
        appendReference(out, "character_id", key(serial, 6), 50, 0, game * 100 + 20);
        appendReference(out, "location_id", key(serial, 7), 60, 8, game * 100 + 40);
        appendReference(out, "quest_id", key(serial, 8), 25, 0, game * 100 + 60);
        appendMetadata(out, key(serial, 9));
        out += '}';
    }

    void appendVector(std::string& out, std::uint64_t serial, std::size_t) const override
    {
        m_pool.appendText(out, key(serial, 0));
    }

    StoredVector vector(std::uint64_t serial, std::size_t) const override
    {
        StoredVector result;
        m_pool.appendValues(result.values, key(serial, 0));
        return result;
    }

private:
    std::uint64_t key(std::uint64_t serial, std::uint64_t purpose) const
    {
        return mix(mix(m_seed * 16 + purpose) ^ serial);
    }

    static void appendUuid(std::string& out, std::uint64_t bits)
    {
        PointId::uuid((bits & ~0xf000ULL) | 0x4000ULL, (mix(bits) & ~(3ULL << 62U)) | 2ULL << 62U)
            .appendJson(out);
    }

    /// One of twelve ids of the game in \a percent of the points, in \a nulls of them an explicit null.
    void appendReference(std::string& out, std::string_view name, std::uint64_t bits, std::uint64_t percent,
        std::uint64_t nulls, std::uint64_t base) const
    {
        const std::uint64_t roll = bits % 100;
        if (roll >= percent)
            return;
        out.append(",\"").append(name).append("\":");
        if (roll < nulls)
            out += "null";
        else
            appendUuid(out, mix(m_seed + 2000 + base + (bits >> 32U) % 12));
    }

    static void appendMetadata(std::string& out, std::uint64_t bits)
    {
        out += R"(,"metadata":{"importance":)";
        appendDouble(out, static_cast<double>(bits % 1000) / 1000);
        out += R"(,"turn":)";
        appendInteger(out, (bits >> 10U) % 500);
        out += R"(,"tags":[)";
        const std::uint64_t count = (bits >> 20U) % 4;
        for (std::uint64_t i = 0; i < count; ++i) {
            out += i == 0 ? "\"" : ",\"";
            out += tags[((bits >> 24U) + i) % tags.size()];
            out += '"';
        }
        out += R"(],"source":{"model":"narrator-v2","tokens":)";
        appendInteger(out, 20 + (bits >> 30U) % 900);
        out += R"(,"edited":)";
        out += (bits >> 50U & 3U) == 0 ? "true}}" : "false}}";
    }

    std::uint64_t m_seed;
    VectorPool m_pool;
    std::vector<std::string> m_names{""};
};

} // namespace

tl::expected<std::shared_ptr<Collection>, std::string> generateGameCollection(
    Store& store, const std::string& name, std::uint64_t points, std::uint64_t seed, std::size_t dimensions)
{
    auto collection = store.create(
        name, R"({"vectors":{"size":)" + std::to_string(dimensions) + R"(,"distance":"Cosine"}})");
    if (!collection)
        return collection;
    static constexpr std::array<std::array<std::string_view, 2>, 5> indexes{{{"game_id", R"("keyword")"},
        {"user_id", R"("integer")"}, {"type", R"("keyword")"}, {"created_at", R"("datetime")"},
        {"content",
            R"({"type":"text","tokenizer":"word","min_token_len":2,"max_token_len":20,"lowercase":true})"}}};
    for (const auto& [field, schema] : indexes)
        (*collection)->createIndex(field, *Json::parse(schema));
    (*collection)
        ->setGenerated(generatedPoints(points, IdKind::Uuid, seed),
            std::make_shared<GameGenerator>(seed, dimensions, points));
    return collection;
}

} // namespace qdrant2pg::demo
