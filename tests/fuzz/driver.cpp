// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/fuzz/fuzztarget.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

/// Bigger files make an input slow and no stranger.
constexpr std::uintmax_t largestSeed = 40'000;
constexpr unsigned secondsPerInput = 20;

void collect(const fs::path& path, std::vector<std::string>& seeds)
{
    std::error_code error;
    if (!fs::is_directory(path, error))
        return;
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
        const std::string extension = entry.path().extension();
        if (!entry.is_regular_file() || entry.file_size() > largestSeed
            || (extension != ".body" && entry.path().string().find("/seeds/") == std::string::npos))
            continue;
        std::ifstream stream(entry.path(), std::ios::binary);
        seeds.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    }
}

/// Changes a text the way a faulty or hostile sender might: bytes, cuts, doublings, tokens, splices.
class Mutator {
public:
    explicit Mutator(std::uint64_t seed)
        : m_random(seed)
    {
    }
    std::string next(const std::vector<std::string>& seeds)
    {
        std::string text = seeds[below(seeds.size())];
        for (std::size_t n = 1 + below(6); n > 0; --n)
            change(text, seeds);
        return text;
    }

private:
    std::size_t below(std::size_t end) { return end == 0 ? 0 : m_random() % end; }
    void change(std::string& text, const std::vector<std::string>& seeds)
    {
        static const char* const tokens[] = {"null", "true", "{}", "[]", "[[", "]]", "{\"", "\":", "\\u0000",
            "\\ud800", "\\udc00", "\"\"", "-0", "1e999", "1e-999", "18446744073709551616", "-1", "0.1e", "\\",
            "\"", "NaN", "99999999999999999999999999999", "\xff", "\xED\xA0\x80", "4294967296", "\"indices\"",
            "\"values\"", "\"vector\"", "\"points\"", "\"result\"", "\"next_page_offset\"", "\"id\"",
            "\"payload\"", "\"version\""};
        const std::size_t at = below(text.size() + 1);
        const std::size_t length =
            below(std::min<std::size_t>(text.size() - std::min(at, text.size()), 64) + 1);
        switch (below(7)) {
        case 0:
            if (at < text.size())
                text[at] = static_cast<char>(m_random());
            break;
        case 1:
            text.erase(at, length);
            break;
        case 2:
            text.insert(at, text.substr(at, length));
            break;
        case 3:
            text.insert(at, tokens[below(std::size(tokens))]);
            break;
        case 4:
            text.replace(at, length, tokens[below(std::size(tokens))]);
            break;
        case 5: {
            const std::string& other = seeds[below(seeds.size())];
            text.replace(at, length, other.substr(below(other.size() + 1), 200));
            break;
        }
        default:
            text.insert(at, std::string(below(300), "[{\"1"[below(4)]));
            break;
        }
    }
    std::mt19937_64 m_random;
};

} // namespace

/// Runs the target without libFuzzer: SECONDS FOLDER... Mutates what the folders hold until the time is over.
/// The input at hand is kept in fuzz-input so that a crash can be repeated: with a file instead of SECONDS
/// that one input is run.
int main(int argc, char** argv)
{
    if (argc == 2 && fs::is_regular_file(argv[1])) {
        std::ifstream stream(argv[1], std::ios::binary);
        const std::string input{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
        return LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    }
    const char* wish = std::getenv("QDRANT2PG_FUZZ_SECONDS");
    const std::chrono::seconds time(std::atoi(wish != nullptr ? wish : argc > 1 ? argv[1] : "60"));
    std::vector<std::string> seeds{"{}", "{\"result\":{\"points\":[],\"next_page_offset\":null}}"};
    for (int i = 2; i < argc; ++i)
        collect(argv[i], seeds);
    const char* wishedSeed = std::getenv("QDRANT2PG_SEED");
    const std::uint64_t seed =
        wishedSeed != nullptr ? std::strtoull(wishedSeed, nullptr, 10) : std::random_device()();
    std::printf("seed %llu, %zu inputs to start from\n", static_cast<unsigned long long>(seed), seeds.size());
    std::fflush(stdout);
    Mutator mutator(seed);
    const std::string kept = "fuzz-input-" + fs::path(argv[0]).filename().string();
    const auto end = std::chrono::steady_clock::now() + time;
    std::uint64_t runs = 0;
    for (const std::string& input : seeds)
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    while (std::chrono::steady_clock::now() < end) {
        const std::string input = mutator.next(seeds);
        {
            std::ofstream file(kept, std::ios::binary | std::ios::trunc);
            file << input;
        }
        // An input that takes longer is a hang: SIGALRM ends the program.
        alarm(secondsPerInput);
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
        alarm(0);
        ++runs;
    }
    std::error_code error;
    fs::remove(kept, error);
    std::printf("%llu inputs, no crash, no hang\n", static_cast<unsigned long long>(runs));
    return 0;
}
