// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/run/logview.h"

#include "ui/services/dialogs.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/style.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

namespace qdrant2pg {

namespace {

constexpr int searchCharacters = 24;
constexpr int visibleLines = 8;

int rank(QtMsgType level)
{
    switch (level) {
    case QtDebugMsg:
        return 0;
    case QtInfoMsg:
        return 1;
    case QtWarningMsg:
        return 2;
    case QtCriticalMsg:
    case QtFatalMsg:
        break;
    }
    return 3;
}

QString lineText(const LogLine& line)
{
    const char* const words[] = {"debug", "info", "warning", "error"};
    return QStringLiteral("%1  %2  %3")
        .arg(line.at.toLocalTime().toString(QStringLiteral("HH:mm:ss.zzz")),
            QString::fromLatin1(words[rank(line.level)]).leftJustified(7), line.text);
}

} // namespace

LogView::LogView(LogBuffer& log, Dialogs& dialogs, QWidget* parent)
    : QWidget(parent)
    , m_log(log)
    , m_dialogs(dialogs)
    , m_levelLabel(new QLabel(this))
    , m_level(new QComboBox(this))
    , m_searchLabel(new QLabel(this))
    , m_search(new QLineEdit(this))
    , m_follow(new QCheckBox(this))
    , m_copy(new QPushButton(this))
    , m_open(new QPushButton(this))
    , m_text(new QPlainTextEdit(this))
{
    m_level->setObjectName(QStringLiteral("logLevelComboBox"));
    m_search->setObjectName(QStringLiteral("logSearchLineEdit"));
    m_follow->setObjectName(QStringLiteral("logFollowCheckBox"));
    m_copy->setObjectName(QStringLiteral("logCopyPushButton"));
    m_open->setObjectName(QStringLiteral("logOpenPushButton"));
    m_text->setObjectName(QStringLiteral("logPlainTextEdit"));
    for (int i = 0; i < 4; ++i)
        m_level->addItem(QString());
    m_level->setCurrentIndex(1);
    m_level->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_levelLabel->setBuddy(m_level);
    m_searchLabel->setBuddy(m_search);
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(style::textWidth(this, searchCharacters));
    m_follow->setChecked(true);
    m_copy->setIcon(icon(Icon::Copy));
    m_open->setIcon(icon(Icon::Document));
    m_text->setReadOnly(true);
    m_text->setFont(style::fixedFont());
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTabChangesFocus(true);
    m_text->setMaximumBlockCount(static_cast<int>(LogBuffer::capacity));
    m_text->setMinimumHeight(QFontMetrics(m_text->font()).lineSpacing() * visibleLines);

    auto* tools = new FlowLayout(style::unit(this));
    tools->addPair(m_levelLabel, m_level);
    tools->addPair(m_searchLabel, m_search);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_follow, m_copy, m_open})
        tools->addWidget(widget);
    auto* layout = new QVBoxLayout(this);
    style::tighten(layout, this, 1);
    layout->addLayout(tools);
    layout->addWidget(m_text, 1);

    connect(&log, &LogBuffer::grew, this, &LogView::append);
    connect(m_level, &QComboBox::currentIndexChanged, this, &LogView::rebuild);
    connect(m_search, &QLineEdit::textChanged, this, &LogView::rebuild);
    connect(m_follow, &QCheckBox::toggled, this, [this](bool on) {
        if (on)
            m_text->verticalScrollBar()->setValue(m_text->verticalScrollBar()->maximum());
    });
    connect(m_copy, &QPushButton::clicked, this,
        [this] { QApplication::clipboard()->setText(m_text->toPlainText()); });
    connect(m_open, &QPushButton::clicked, this,
        [this] { m_dialogs.showFile(m_file.isEmpty() ? m_log.filePath() : m_file); });
    retranslate();
    rebuild();
}

bool LogView::passes(const LogLine& line) const
{
    return rank(line.level) >= m_level->currentIndex()
        && (m_search->text().isEmpty() || line.text.contains(m_search->text(), Qt::CaseInsensitive));
}

void LogView::append()
{
    const QList<LogLine> lines = m_log.linesAfter(m_last);
    if (lines.isEmpty())
        return;
    m_last = lines.last().number;
    QStringList shown;
    for (const LogLine& line : lines) {
        if (passes(line))
            shown << lineText(line);
    }
    if (shown.isEmpty())
        return;
    const int before = m_text->verticalScrollBar()->value();
    m_text->appendPlainText(shown.join(QLatin1Char('\n')));
    m_text->verticalScrollBar()->setValue(
        m_follow->isChecked() ? m_text->verticalScrollBar()->maximum() : before);
}

void LogView::rebuild()
{
    m_text->clear();
    m_last = 0;
    append();
}

void LogView::retranslate()
{
    m_levelLabel->setText(tr("Le&vel"));
    const QString levels[] = {tr("Everything"), tr("Information"), tr("Warnings"), tr("Errors")};
    for (int i = 0; i < 4; ++i)
        m_level->setItemText(i, levels[i]);
    m_searchLabel->setText(tr("Sea&rch"));
    m_follow->setText(tr("&Follow"));
    m_copy->setText(tr("Copy"));
    m_copy->setAccessibleName(tr("Copy the log"));
    m_open->setText(tr("Open file"));
    m_open->setAccessibleName(tr("Open the log file"));
    m_text->setAccessibleName(tr("Log"));
}

} // namespace qdrant2pg
