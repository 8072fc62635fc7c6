// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "app/demo/options.h"

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <sstream>

namespace qdrant2pg::demo {

namespace {

using Problem = std::optional<std::string>;

template <class T> Problem readNumber(const std::string& text, T& value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return "`" + text + "` is not a number in range.";
    return std::nullopt;
}

Problem readPair(const std::string& text, std::vector<std::pair<std::string, std::string>>& list)
{
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        return "`" + text + "` is not NAME=VALUE.";
    list.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    return std::nullopt;
}

std::vector<std::string> split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);)
        parts.push_back(part);
    return parts;
}

template <class T> Problem readWord(const std::string& text, const std::map<std::string, T>& words, T& value)
{
    const auto found = words.find(text);
    if (found == words.end())
        return "`" + text + "` is not a choice here.";
    value = found->second;
    return std::nullopt;
}

Problem readRecipeField(const std::string& key, const std::string& value, Recipe& recipe)
{
    if (key == "points")
        return readNumber(value, recipe.points);
    if (key == "dim")
        return readNumber(value, recipe.dimensions);
    if (key == "seed")
        return readNumber(value, recipe.seed);
    if (key == "payload")
        return readNumber(value, recipe.payloadBytes);
    if (key == "missing")
        return readNumber(value, recipe.missing);
    if (key == "ids")
        return readWord<IdKind>(value,
            {{"uuid", IdKind::Uuid}, {"sequential", IdKind::Sequential}, {"sparse", IdKind::Sparse},
                {"mixed", IdKind::Mixed}},
            recipe.ids);
    if (key == "distance")
        return readWord<Distance>(value,
            {{"cosine", Distance::Cosine}, {"euclid", Distance::Euclid}, {"dot", Distance::Dot},
                {"manhattan", Distance::Manhattan}},
            recipe.distance);
    if (key == "datatype")
        return readWord<Datatype>(value,
            {{"float32", Datatype::Float32}, {"float16", Datatype::Float16}, {"uint8", Datatype::Uint8}},
            recipe.datatype);
    if (key == "dense")
        recipe.dense = split(value, '+');
    else if (key == "sparse")
        recipe.sparse = split(value, '+');
    else if (key == "multi")
        recipe.multi = split(value, '+');
    else
        return "`" + key + "` is not a setting of --generate.";
    return std::nullopt;
}

/// `NAME:points=1000,dim=64,...`
Problem readRecipe(const std::string& text, ProgramOptions& options)
{
    const std::size_t colon = text.find(':');
    Recipe recipe;
    for (const std::string& field :
        colon == std::string::npos ? std::vector<std::string>() : split(text.substr(colon + 1), ',')) {
        const std::size_t equals = field.find('=');
        if (equals == std::string::npos)
            return "`" + field + "` is not KEY=VALUE.";
        if (auto problem = readRecipeField(field.substr(0, equals), field.substr(equals + 1), recipe))
            return problem;
    }
    options.generated.emplace_back(text.substr(0, colon), recipe);
    return std::nullopt;
}

Problem readKeyFile(const std::string& path, std::string& key)
{
    std::ifstream file(path);
    if (!std::getline(file, key))
        return "Cannot read a key from `" + path + "`.";
    return std::nullopt;
}

struct Option {
    std::string argument; ///< name of the argument, empty for a switch
    std::string help;
    std::function<Problem(const std::string&, ProgramOptions&)> read;
};

const std::vector<std::pair<std::string, Option>>& allOptions()
{
    using Text = const std::string&;
    using Out = ProgramOptions&;
    static const std::vector<std::pair<std::string, Option>> options{
        {"--port",
            {"N", "port to listen on; 0 lets the system choose (default 6333)",
                [](Text text, Out out) {
                    return readNumber(text, out.server.port);
                }}},
        {"--grpc-port",
            {"N", "serve gRPC too, on that port; 0 lets the system choose (Qdrant's is 6334)",
                [](Text text, Out out) {
                    return readNumber(text, out.grpcPort.emplace());
                }}},
        {"--address",
            {"IP", "IPv4 address to listen on (default 127.0.0.1)",
                [](Text text, Out out) {
                    out.server.address = text;
                    return Problem();
                }}},
        {"--ready-file",
            {"FILE", "when listening, write the URL into FILE",
                [](Text text, Out out) {
                    out.readyFile = text;
                    return Problem();
                }}},
        {"--points",
            {"N", "points of the demo collection (default 1000; a million is fine)",
                [](Text text, Out out) {
                    out.gameWanted = true;
                    return readNumber(text, out.gamePoints);
                }}},
        {"--collection",
            {"NAME", "name of the demo collection (default game_collection)",
                [](Text text, Out out) {
                    out.gameCollection = text;
                    out.gameWanted = true;
                    return Problem();
                }}},
        {"--dimensions",
            {"N", "dimensions of its vectors (default 768)",
                [](Text text, Out out) {
                    return readNumber(text, out.dimensions);
                }}},
        {"--seed",
            {"N", "another demo collection of the same kind (default 1)",
                [](Text text, Out out) {
                    return readNumber(text, out.seed);
                }}},
        {"--no-demo",
            {"", "leave the demo collection out",
                [](Text, Out out) {
                    out.gameWanted = false;
                    return Problem();
                }}},
        {"--generate", {"NAME[:K=V,...]", "a generated collection, see below; may be repeated", readRecipe}},
        {"--recordings",
            {"DIR", "all collections of a folder of recordings; may be repeated",
                [](Text text, Out out) {
                    out.recordings.push_back(text);
                    return Problem();
                }}},
        {"--batches",
            {"NAME=DIR", "a collection from the scroll answers in DIR (batch_*.json); may be repeated",
                [](Text text, Out out) {
                    return readPair(text, out.batches);
                }}},
        {"--alias",
            {"ALIAS=NAME", "another name for a collection; may be repeated",
                [](Text text, Out out) {
                    return readPair(text, out.aliases);
                }}},
        {"--strict",
            {"NAME=JSON", "strict_mode_config of a collection",
                [](Text text, Out out) {
                    return readPair(text, out.strictModes);
                }}},
        {"--version-profile",
            {"VERSION", "answer like that version: 1.7 to 1.19 (default 1.18.3, the recorded one)",
                [](Text text, Out out) {
                    const auto version = ServerVersion::parse(text);
                    if (version)
                        out.settings.version = *version;
                    return version ? Problem()
                                   : Problem("`" + text + "` is not a version that the stand-in knows.");
                }}},
        {"--api-key-file",
            {"FILE", "ask for the key in the first line of FILE",
                [](Text text, Out out) {
                    return readKeyFile(text, out.settings.apiKey);
                }}},
        {"--read-only-key-file",
            {"FILE", "a second key, for reading",
                [](Text text, Out out) {
                    return readKeyFile(text, out.settings.readOnlyApiKey);
                }}},
        {"--hardware-reporting",
            {"", "answers carry `usage`",
                [](Text, Out out) {
                    out.settings.hardwareReporting = true;
                    return Problem();
                }}},
        {"--idle-timeout",
            {"MS", "close idle connections after that time (default 5000)",
                [](Text text, Out out) {
                    std::int64_t milliseconds = 0;
                    auto problem = readNumber(text, milliseconds);
                    out.server.idleTimeout = std::chrono::milliseconds(milliseconds);
                    return problem;
                }}},
        {"--fault",
            {"SPEC", "something that goes wrong, see below; may be repeated",
                [](Text text, Out out) {
                    auto rule = FaultPlan::parse(text);
                    if (!rule)
                        return Problem(rule.error() + '.');
                    out.faults.push_back(std::move(*rule));
                    return Problem();
                }}},
        {"--help",
            {"", "this text",
                [](Text, Out out) {
                    out.help = true;
                    return Problem();
                }}},
    };
    return options;
}

} // namespace

tl::expected<ProgramOptions, std::string> readOptions(const std::vector<std::string>& arguments)
{
    ProgramOptions result;
    result.server.port = 6333;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string name = arguments[i];
        std::optional<std::string> value;
        if (const std::size_t equals = name.find('='); equals != std::string::npos) {
            value = name.substr(equals + 1);
            name.resize(equals);
        }
        const Option* option = nullptr;
        for (const auto& [known, candidate] : allOptions()) {
            if (known == name)
                option = &candidate;
        }
        if (option == nullptr)
            return tl::unexpected("`" + name + "` is not an option; --help lists them.");
        if (!option->argument.empty() && !value) {
            if (++i == arguments.size())
                return tl::unexpected(name + " needs " + option->argument + '.');
            value = arguments[i];
        }
        if (const auto problem = option->read(value.value_or(std::string()), result))
            return tl::unexpected(name + ": " + *problem);
    }
    return result;
}

std::string helpText()
{
    std::string text =
        "Usage: qdrant2pg-demo [options]\n\n"
        "A stand-in for a Qdrant server on this computer, for demonstrations and tests. It answers as a "
        "recorded\n"
        "Qdrant 1.18.3 did and is not Qdrant. When it is ready it prints one line to standard output:\n"
        "`listening on http://127.0.0.1:PORT`. SIGTERM and SIGINT end it.\n\nOptions:\n";
    for (const auto& [name, option] : allOptions()) {
        std::string left = "  " + name + (option.argument.empty() ? "" : " " + option.argument);
        left.resize(std::max<std::size_t>(left.size() + 1, 32), ' ');
        text += left + option.help + '\n';
    }
    text += "\n--generate "
            "NAME:points=1000,dim=768,distance=cosine|euclid|dot|manhattan,datatype=float32|float16|uint8,\n"
            "           "
            "ids=uuid|sequential|sparse|mixed,payload=BYTES,seed=N,dense=a+b,sparse=s,multi=m,missing=0.2\n"
            "           dense, sparse and multi name vectors; without dense there is one unnamed vector.\n"
            "\n--fault OPERATION:WHEN:ACTION, for example scroll:5:reset\n"
        + FaultPlan::help();
    return text;
}

} // namespace qdrant2pg::demo
