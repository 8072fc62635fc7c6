// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/rest/jsonscanner.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace qdrant2pg {

/// Reads the lists of numbers of one body, which are nearly all of it, one behind the other into two arrays.
/// The arrays belong to the caller; views of them are valid only when all is read, for they grow.
class NumberListReader {
public:
    /// `textBytes`: length of the whole body, to size the array of floats at once.
    NumberListReader(JsonScanner& scanner, std::size_t textBytes, std::vector<float>& elements,
        std::vector<std::uint32_t>& indices)
        : m_scanner(scanner)
        , m_textBytes(textBytes)
        , m_elements(elements)
        , m_indices(indices)
    {
    }

    /// Behind the bracket of a list of floats and nulls, up to and with its end. Null is how REST prints NaN
    /// and both infinities; it becomes NaN. `finite` becomes false when one is not. False on a fault of the
    /// scanner or a complaint.
    bool readElements(bool& finite);
    /// The same for the indices of a sparse vector.
    bool readIndices();

    std::size_t elementCount() const { return m_elementCount; }
    std::size_t indexCount() const { return m_indices.size(); }
    /// Cuts the array of floats to what was read.
    void finish() { m_elements.resize(m_elementCount); }
    /// What was in a list that is no such number; null when there was nothing.
    const char* complaint() const { return m_complaint; }

private:
    void growElements();
    bool complainAboutNext(const char* complaint);
    bool complain(const char* complaint);

    JsonScanner& m_scanner;
    std::size_t m_textBytes;
    std::vector<float>& m_elements;
    std::vector<std::uint32_t>& m_indices;
    std::size_t m_elementCount = 0;
    const char* m_complaint = nullptr;
};

} // namespace qdrant2pg
