// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "app/demo/options.h"
#include "demo/source/recordings.h"

#ifdef QDRANT2PG_HAVE_GRPC
#include "demo/grpc/grpcdoor.h"
#endif

#include <csignal>
#include <cstdio>
#include <fstream>

namespace {

using namespace qdrant2pg::demo;

int fail(const std::string& message, int code)
{
    std::fprintf(stderr, "qdrant2pg-demo: %s\n", message.c_str());
    return code;
}

tl::expected<void, std::string> fill(StandInServer& server, const ProgramOptions& options)
{
    if (options.gameWanted) {
        const auto made = generateGameCollection(
            server.store(), options.gameCollection, options.gamePoints, options.seed, options.dimensions);
        if (!made)
            return tl::unexpected(made.error());
    }
    for (const auto& [name, recipe] : options.generated) {
        if (const auto made = generateCollection(server.store(), name, recipe); !made)
            return tl::unexpected(made.error());
    }
    for (const std::string& folder : options.recordings) {
        if (const auto loaded = loadRecordings(server.store(), folder); !loaded)
            return tl::unexpected("--recordings: " + loaded.error());
    }
    for (const auto& [name, folder] : options.batches) {
        if (const auto loaded = loadBatches(server.store(), name, folder); !loaded)
            return tl::unexpected("--batches: " + loaded.error());
    }
    for (const auto& [alias, collection] : options.aliases)
        server.store().setAlias(alias, collection);
    for (const auto& [name, json] : options.strictModes) {
        const auto collection = server.store().find(name);
        if (collection == nullptr)
            return tl::unexpected("--strict: there is no collection `" + name + "`.");
        const auto set = collection->write([&json = json](CollectionState& state) {
            return state.config.setMember("strict_mode_config", json);
        });
        if (!set)
            return tl::unexpected("--strict: " + set.error());
    }
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    const auto options = readOptions({argv + 1, argv + argc});
    if (!options)
        return fail(options.error(), 2);
    if (options->help) {
        std::fputs(helpText().c_str(), stdout);
        return 0;
    }
    // Blocked before any thread starts, so that only the wait below receives them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    StandInServer server(options->server);
    server.setSettings(options->settings);
    for (const FaultRule& rule : options->faults)
        server.faults().add(rule);
    if (const auto filled = fill(server, *options); !filled)
        return fail(filled.error(), 1);
    if (const auto started = server.start(); !started)
        return fail(started.error(), 1);
#ifdef QDRANT2PG_HAVE_GRPC
    GrpcDoor::Options doorOptions;
    doorOptions.address = options->server.address;
    doorOptions.port = options->grpcPort.value_or(0);
    GrpcDoor door(server, doorOptions);
    if (options->grpcPort) {
        if (const auto opened = door.start(); !opened)
            return fail(opened.error(), 1);
    }
#else
    if (options->grpcPort)
        return fail("--grpc-port: this program was built without gRPC.", 2);
#endif
    std::printf("listening on %s\n", server.url().c_str());
#ifdef QDRANT2PG_HAVE_GRPC
    if (options->grpcPort)
        std::printf("gRPC on %s:%u\n", options->server.address.c_str(), unsigned{door.port()});
#endif
    std::fflush(stdout);
    if (!options->readyFile.empty()) {
        std::ofstream file(options->readyFile);
        file << server.url() << '\n';
        if (!file.flush())
            return fail("cannot write " + options->readyFile, 1);
    }
    int received = 0;
    sigwait(&signals, &received);
    return 0;
}
