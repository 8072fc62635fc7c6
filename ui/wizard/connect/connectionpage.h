// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/services/backgroundjob.h"
#include "ui/wizard/basepage.h"

#include <QByteArray>

#include <functional>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace qdrant2pg {

class CheckListWidget;
class FormGrid;
class PathEdit;
class SectionFold;
struct Error;

/// What the pages of the two ends share: a form with a fold of advanced fields, a check that ticks line by
/// line, PEM files, and a secret that the keychain may remember.
class ConnectionPage : public BasePage {
    Q_OBJECT
public:
    void entered() override;

protected:
    ConnectionPage(PageId id, const PageContext& context);

    void stopCheck() override;
    /// Called by layOut(), which the constructor of a page calls.
    virtual void buildForm(FormGrid* form) = 0;
    virtual void buildAdvanced(FormGrid* form) = 0;
    /// Fills the fields from the draft.
    virtual void load() = 0;
    /// A field was changed by hand: the draft gets what the fields say.
    virtual void edited() = 0;

    /// `checkName` becomes the object name of the check's lines.
    void layOut(const QString& checkName);
    /// The box and the line under it that say whether the keychain keeps the secret.
    void addRemember(FormGrid* form);
    /// Calls `tidy` when a text was pasted, or when a person is done with typing it: what is still growing is
    /// left alone.
    void tidyWhenWhole(QLineEdit* edit, const std::function<void()>& tidy);
    /// A row for a PEM file with its button.
    void addPemFile(FormGrid* form, const char* name, int characters, PathEdit*& edit, QLabel*& label);
    /// Ends a check that found something: blocked lines offer another check.
    void refuse(const Error& error, bool blocked);
    /// Into the keychain, when that is possible and wanted.
    void remember(const QString& key, const QByteArray& secret);

    static constexpr auto keychainPatience = std::chrono::seconds(10);

    BackgroundJob m_check;
    /// The page itself writes into the draft; its change is none to load.
    bool m_loading = false;
    QCheckBox* m_remember = nullptr;
    QLabel* m_rememberHelp = nullptr;
    SectionFold* m_advanced = nullptr;
    QPushButton* m_test = nullptr;
    CheckListWidget* m_lines = nullptr;

private:
    void browse(PathEdit* edit);
};

} // namespace qdrant2pg
