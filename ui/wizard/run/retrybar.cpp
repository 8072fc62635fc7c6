// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/run/retrybar.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/style.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>

namespace qdrant2pg {

namespace {
constexpr int choices = 4;
} // namespace

RetryBar::RetryBar(QWidget* parent)
    : QWidget(parent)
    , m_retry(new QPushButton(this))
    , m_sentence(style::helpLabel(this, QStringLiteral("retrySentenceLabel")))
{
    auto* grid = new QGridLayout(this);
    style::tighten(grid, this, 0.5);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(style::unit(this) * 2);
    m_nul = addChoice(0, "retryNulComboBox", 3);
    m_nonFinite = addChoice(1, "retryNonFiniteComboBox", 2);
    m_misfit = addChoice(2, "retryMisfitComboBox", 2);
    m_missing = addChoice(3, "retryMissingComboBox", 2);
    m_retry->setObjectName(QStringLiteral("retrySelectedPushButton"));
    m_retry->setIcon(icon(Icon::Refresh));
    auto* line = new QHBoxLayout;
    style::tighten(line, this, 1);
    m_retry->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    line->addWidget(m_retry);
    line->addWidget(m_sentence, 1);
    line->addStretch();
    grid->addLayout(line, 2, 0, 1, choices);
    connect(m_retry, &QPushButton::clicked, this, &RetryBar::retryRequested);
    retranslate();
}

RetryBar::Choice RetryBar::addChoice(int column, const char* objectName, int answers)
{
    Choice choice{new QLabel(this), new QComboBox(this)};
    choice.box->setObjectName(QLatin1String(objectName));
    for (int i = 0; i < answers; ++i)
        choice.box->addItem(QString());
    choice.label->setBuddy(choice.box);
    auto* grid = static_cast<QGridLayout*>(layout());
    grid->addWidget(choice.label, 0, column);
    grid->addWidget(choice.box, 1, column);
    grid->setColumnStretch(column, 1);
    connect(choice.box, &QComboBox::currentIndexChanged, this, &RetryBar::policiesChanged);
    return choice;
}

ReplayPolicies RetryBar::policies() const
{
    ReplayPolicies policies;
    if (m_nul.box->currentIndex() > 0)
        policies.nul = m_nul.box->currentIndex() == 1 ? NulPolicy::Strip : NulPolicy::Replace;
    policies.nullNonFinite = m_nonFinite.box->currentIndex() > 0;
    policies.nullMisfits = m_misfit.box->currentIndex() > 0;
    policies.nullMissing = m_missing.box->currentIndex() > 0;
    return policies;
}

void RetryBar::resetPolicies()
{
    for (const Choice& choice : {m_nul, m_nonFinite, m_misfit, m_missing}) {
        const QSignalBlocker blocker(choice.box);
        choice.box->setCurrentIndex(0);
    }
    emit policiesChanged();
}

void RetryBar::setOffer(bool possible, const QString& sentence)
{
    m_retry->setEnabled(possible);
    m_retry->setAccessibleDescription(sentence);
    m_sentence->setText(sentence);
}

void RetryBar::setChangeable(bool changeable)
{
    for (const Choice& choice : {m_nul, m_nonFinite, m_misfit, m_missing})
        choice.box->setEnabled(changeable);
}

void RetryBar::retranslate()
{
    const auto name = [](const Choice& choice, const QString& label, const QStringList& answers) {
        choice.label->setText(label);
        choice.box->setItemText(0, tr("As in the plan"));
        for (int i = 0; i < answers.size(); ++i)
            choice.box->setItemText(i + 1, answers.at(i));
    };
    name(m_nul, tr("Character \\u&0000"), {tr("Leave it out"), tr("Replace it by U+FFFD")});
    name(m_nonFinite, tr("&NaN or infinity in vectors"), {tr("Store NULL")});
    name(m_misfit, tr("Values that do not &fit"), {tr("Leave them to the payload")});
    name(m_missing, tr("&Missing vectors and values"), {tr("Store NULL")});
    m_retry->setText(tr("&Try selected again"));
}

} // namespace qdrant2pg
