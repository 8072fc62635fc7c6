// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/screens/looker.h"

#include "tests/ui/screens/clipping.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QPixmap>
#include <QTest>

namespace qdrant2pg::test {

Looker::Looker(WizardBench& bench, const QString& folder)
    : m_bench(bench)
    , m_folder(folder)
{
}

void Looker::lookAround(const QString& name)
{
    for (const bool pseudo : {false, true}) {
        for (const Theme theme : {Theme::Light, Theme::Dark})
            lookAs(name, theme, pseudo, false);
        lookAs(name, Theme::Light, pseudo, true);
    }
}

void Looker::lookTwice(const QString& name)
{
    lookAs(name, Theme::Light, false, false);
    lookAs(name, Theme::Dark, true, true);
}

void Looker::lookAs(const QString& name, Theme theme, bool pseudo, bool smallest)
{
    MigrationWizard& window = m_bench.wizard();
    const QSize before = window.size();
    m_bench.theme.setTheme(theme);
    if (pseudo)
        QCoreApplication::installTranslator(&m_pseudo);
    if (smallest)
        window.resize(window.minimumSize());
    const QString size = smallest ? QStringLiteral("-smallest") : QString();
    const QString color = theme == Theme::Dark ? QStringLiteral("-dark") : QStringLiteral("-light");
    look(window, name + color + size + (pseudo ? QStringLiteral("-pseudo") : QString()));
    if (pseudo)
        QCoreApplication::removeTranslator(&m_pseudo);
    if (smallest)
        window.resize(before);
    m_bench.theme.setTheme(Theme::Light);
}

void Looker::look(QWidget& window, const QString& name)
{
    // Layouts of a new language or size come with posted events.
    QTest::qWait(60);
    (void)WizardBench::waitFor([&] { return clippedTexts(window).isEmpty(); }, 1'500);
    const QString scale = QString::number(qRound(window.devicePixelRatioF() * 100));
    const QString path = QStringLiteral(QDRANT2PG_BINARY_DIR "/screens/%1/%2%3.png")
                             .arg(scale, m_folder.isEmpty() ? QString() : m_folder + QLatin1Char('/'), name);
    if (!QDir().mkpath(QFileInfo(path).path()) || !window.grab().save(path))
        m_problems << QStringLiteral("%1 cannot be written").arg(path);
    const QStringList clipped = clippedTexts(window);
    for (const QString& line : clipped)
        m_problems << QStringLiteral("%1: %2").arg(name, line);
}

} // namespace qdrant2pg::test
