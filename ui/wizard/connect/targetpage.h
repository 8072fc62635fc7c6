// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/services/backgroundjob.h"
#include "ui/services/cataloguelists.h"
#include "ui/services/conninfoform.h"
#include "ui/wizard/basepage.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace qdrant2pg {

class CheckListWidget;
class FormGrid;
class PathEdit;
class RecentsButton;
class SecretEdit;
class SectionFold;
struct RecentTarget;
struct TargetCheckResult;

/// Where the tables will be: connection, schema, and the check that ticks line by line.
class TargetPage : public BasePage {
    Q_OBJECT
public:
    explicit TargetPage(const PageContext& context);

    QString stepName() const override;
    QString stepChoice() const override;
    QString helpText() const override;
    void entered() override;
    QWidget* firstFocus() override;
    int nextId() const override;

protected:
    void startCheck() override;
    void stopCheck() override;
    void retranslate() override;

private:
    void buildForm(FormGrid* form);
    void buildAdvanced(FormGrid* form);
    QLineEdit* lineEdit(FormGrid* form, const char* name, int characters);
    void load();
    void edited();
    void hostEdited();
    ConninfoForm form() const;
    void browse(PathEdit* edit);
    void take(const RecentTarget& recent);
    void finish(const TargetCheckResult& result);
    void offer(QComboBox* box, const QStringList& names);
    void remember();

    BackgroundJob m_check;
    CatalogueLists m_lists;
    bool m_loading = false;
    QLineEdit* m_host;
    QLineEdit* m_port;
    QComboBox* m_database;
    QLineEdit* m_user;
    SecretEdit* m_password;
    QComboBox* m_schema;
    RecentsButton* m_recents;
    QCheckBox* m_remember;
    QComboBox* m_sslMode;
    QLineEdit* m_service;
    PathEdit* m_caFile;
    PathEdit* m_certificateFile;
    PathEdit* m_keyFile;
    QLineEdit* m_timeout;
    QLineEdit* m_others;
    SectionFold* m_advanced;
    QPushButton* m_test;
    CheckListWidget* m_lines;
    QLabel* m_hostLabel;
    QLabel* m_hostHelp;
    QLabel* m_portLabel;
    QLabel* m_databaseLabel;
    QLabel* m_userLabel;
    QLabel* m_passwordLabel;
    QLabel* m_passwordHelp;
    QLabel* m_rememberHelp;
    QLabel* m_schemaLabel;
    QLabel* m_schemaHelp;
    QLabel* m_sslModeLabel;
    QLabel* m_serviceLabel;
    QLabel* m_caFileLabel;
    QLabel* m_certificateFileLabel;
    QLabel* m_keyFileLabel;
    QLabel* m_timeoutLabel;
    QLabel* m_othersLabel;
    QLabel* m_othersHelp;
};

} // namespace qdrant2pg
