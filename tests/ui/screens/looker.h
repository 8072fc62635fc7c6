// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/ui/screens/pseudolocale.h"
#include "tests/ui/support/wizardbench.h"

#include <QStringList>

namespace qdrant2pg::test {

/// Makes pictures of the bench's window in `screens/<scale>` of the build folder and collects what is clipped
/// in them. Leaves the window as it found it: light, English, its size.
class Looker {
public:
    explicit Looker(WizardBench& bench, const QString& folder = {});

    /// Two themes and two languages at the start size; at the smallest in both languages.
    void lookAround(const QString& name);
    /// Light and English at the start size, dark in the long language at the smallest: the two that differ
    /// most.
    void lookTwice(const QString& name);
    /// A dialog or the window as it is now.
    void look(QWidget& window, const QString& name);

    void note(const QString& problem) { m_problems << problem; }
    /// One line for each; a failing test prints them.
    const QStringList& problems() const { return m_problems; }

private:
    void lookAs(const QString& name, Theme theme, bool pseudo, bool smallest);

    WizardBench& m_bench;
    QString m_folder;
    PseudoLocale m_pseudo;
    QStringList m_problems;
};

} // namespace qdrant2pg::test
