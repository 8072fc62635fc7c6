// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <cstdint>

/// What a fuzzer calls with every input: libFuzzer by this name, without it our own driver.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
