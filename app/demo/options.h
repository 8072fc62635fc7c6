// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/server/standinserver.h"
#include "demo/source/generator.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qdrant2pg::demo {

/// What qdrant2pg-demo was asked to do.
struct ProgramOptions {
    StandInServer::Options server;
    ServerSettings settings;
    std::optional<std::uint16_t> grpcPort; ///< without it there is no gRPC door; 0: the system chooses
    bool help = false;
    std::string readyFile;
    std::vector<FaultRule> faults;
    std::string gameCollection = "game_collection";
    std::uint64_t gamePoints = 1000;
    bool gameWanted = true; ///< the demo collection is served unless only other sources were named
    std::uint64_t seed = 1;
    std::size_t dimensions = 768;
    std::vector<std::pair<std::string, Recipe>> generated;
    std::vector<std::string> recordings; ///< folders
    std::vector<std::pair<std::string, std::string>> batches; ///< collection name and folder
    std::vector<std::pair<std::string, std::string>> aliases; ///< alias and collection
    std::vector<std::pair<std::string, std::string>> strictModes; ///< collection and JSON
};

/// The error is a sentence for the person at the terminal.
[[nodiscard]] tl::expected<ProgramOptions, std::string> readOptions(
    const std::vector<std::string>& arguments);

[[nodiscard]] std::string helpText();

} // namespace qdrant2pg::demo
