// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QTranslator>

namespace qdrant2pg {

/// Makes "3 points" and "1 point" of the source text "%n point(s)". The source texts are English, so this is
/// all that English needs; install it before the translator of another language.
class EnglishPlurals : public QTranslator {
    Q_OBJECT
public:
    explicit EnglishPlurals(QObject* parent = nullptr);

    bool isEmpty() const override { return false; }
    QString translate(
        const char* context, const char* sourceText, const char* disambiguation, int n) const override;

    /// "(s)" becomes "s" or nothing, "y(ies)" "ies" or "y", and "(a|b)" a for one and b for any other number.
    static QString inflected(const QString& source, int n);
};

} // namespace qdrant2pg
