// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/source/words.h"

#include "demo/base/numbers.h"

#include <array>
#include <string_view>

namespace qdrant2pg::demo {

namespace {

constexpr std::array<std::string_view, 24> who{"The ferryman", "A hooded scout", "The old archivist",
    "Captain Mirel", "The innkeeper", "A wounded courier", "The bridge warden", "Young Tovin",
    "The lamp maker", "A grey wolf", "The exiled duke", "Sister Amaya", "The quarry master",
    "A travelling tinker", "The night watch", "Old Berrin", "The harbour clerk", "A silent monk",
    "The falconer", "Lady Ysolde", "The glass merchant", "A stray hound", "The beacon keeper",
    "Your companion"};
constexpr std::array<std::string_view, 24> did{"counts the coins twice", "points towards the marsh",
    "remembers the winter of the flood", "asks for a fair price", "hides a letter under the floor",
    "refuses to open the gate", "sings of a drowned city", "sharpens the blade in silence",
    "offers bread and a warm corner", "warns of riders on the ridge", "draws a map in the ashes",
    "will not speak of the tower", "laughs and pours another cup", "studies the broken seal",
    "promises a boat at first light", "leaves before the bell rings", "has seen the lantern twice",
    "buries the key near the well", "follows the tracks uphill", "trades two furs for salt",
    "keeps a secret for the guild", "looks older than yesterday", "mends the torn banner",
    "waits for a sign"};
constexpr std::array<std::string_view, 16> where{"by the west door", "at the edge of the pinewood",
    "under the stone arch", "in the flooded cellar", "beyond the salt flats", "on the market square",
    "near the ruined chapel", "below the old aqueduct", "at the crossroads", "inside the clock house",
    "along the river path", "behind the tannery", "on the frozen pier", "in the upper gallery",
    "past the third milestone", "beside the fire"};

} // namespace

void appendProse(std::string& out, std::uint64_t key, std::size_t bytes)
{
    const std::size_t start = out.size();
    while (out.size() - start + 24 < bytes || out.size() == start) {
        key = mix(key);
        if (out.size() > start)
            out += ' ';
        out += who[key % who.size()];
        out += ' ';
        out += did[(key >> 16U) % did.size()];
        if ((key >> 32U & 3U) != 0) {
            out += ' ';
            out += where[(key >> 40U) % where.size()];
        }
        out += '.';
    }
}

} // namespace qdrant2pg::demo
