// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QTranslator>

namespace qdrant2pg::test {

/// A language that nobody speaks: every text of tr() gets accents and grows by a third, between brackets, so
/// that pictures show what is not translatable and what has no room. Placeholders, mnemonics and tags stay.
class PseudoLocale : public QTranslator {
    Q_OBJECT
public:
    bool isEmpty() const override { return false; }
    QString translate(
        const char* context, const char* sourceText, const char* disambiguation, int n) const override;

    static QString stretched(const QString& text);
};

} // namespace qdrant2pg::test
