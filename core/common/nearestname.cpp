// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/nearestname.h"

#include <algorithm>
#include <vector>

namespace qdrant2pg {

namespace {

qsizetype editDistance(const QString& a, const QString& b)
{
    const auto columns = static_cast<std::size_t>(b.size()) + 1;
    std::vector<qsizetype> beforePrevious(columns);
    std::vector<qsizetype> previous(columns);
    std::vector<qsizetype> current(columns);
    for (std::size_t j = 0; j < columns; ++j)
        previous[j] = static_cast<qsizetype>(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j < columns; ++j) {
            const auto column = static_cast<qsizetype>(j);
            const qsizetype substitution = a[i - 1] == b[column - 1] ? 0 : 1;
            current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + substitution});
            if (i > 1 && j > 1 && a[i - 1] == b[column - 2] && a[i - 2] == b[column - 1])
                current[j] = std::min(current[j], beforePrevious[j - 2] + 1);
        }
        std::swap(beforePrevious, previous);
        std::swap(previous, current);
    }
    return previous.back();
}

} // namespace

QString nearestName(const QString& typed, const QStringList& candidates)
{
    const QString wanted = typed.toCaseFolded();
    QString best;
    qsizetype bestDistance = std::max<qsizetype>(1, wanted.size() / 3) + 1;
    for (const QString& candidate : candidates) {
        const QString folded = candidate.toCaseFolded();
        if (std::abs(folded.size() - wanted.size()) >= bestDistance)
            continue;
        const qsizetype distance = editDistance(wanted, folded);
        if (distance < bestDistance) {
            bestDistance = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace qdrant2pg
