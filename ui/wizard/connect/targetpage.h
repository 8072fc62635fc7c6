// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/services/cataloguelists.h"
#include "ui/services/conninfoform.h"
#include "ui/wizard/connect/connectionpage.h"

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
class TargetPage : public ConnectionPage {
    Q_OBJECT
public:
    explicit TargetPage(const PageContext& context);

    QString stepName() const override;
    QString stepChoice() const override;
    QString helpText() const override;
    QWidget* firstFocus() override;
    int nextId() const override;

protected:
    void startCheck() override;
    void buildForm(FormGrid* form) override;
    void buildAdvanced(FormGrid* form) override;
    void load() override;
    void edited() override;
    void retranslate() override;

private:
    QLineEdit* lineEdit(FormGrid* form, const char* name, int characters);
    void hostEdited();
    /// A whole connection string fills the fields; true when it did.
    bool tidyHost();
    ConninfoForm form() const;
    void take(const RecentTarget& recent);
    void finish(const TargetCheckResult& result);
    void offer(QComboBox* box, const QStringList& names);

    CatalogueLists m_lists;
    QLineEdit* m_host;
    QLineEdit* m_port;
    QComboBox* m_database;
    QLineEdit* m_user;
    SecretEdit* m_password;
    QComboBox* m_schema;
    RecentsButton* m_recents;
    QComboBox* m_sslMode;
    QLineEdit* m_service;
    PathEdit* m_caFile;
    PathEdit* m_certificateFile;
    PathEdit* m_keyFile;
    QLineEdit* m_searchPath;
    QLineEdit* m_timeout;
    QLineEdit* m_others;
    QLabel* m_hostLabel;
    QLabel* m_hostHelp;
    QLabel* m_portLabel;
    QLabel* m_databaseLabel;
    QLabel* m_userLabel;
    QLabel* m_passwordLabel;
    QLabel* m_passwordHelp;
    QLabel* m_schemaLabel;
    QLabel* m_schemaHelp;
    QLabel* m_sslModeLabel;
    QLabel* m_serviceLabel;
    QLabel* m_caFileLabel;
    QLabel* m_certificateFileLabel;
    QLabel* m_keyFileLabel;
    QLabel* m_searchPathLabel;
    QLabel* m_timeoutLabel;
    QLabel* m_othersLabel;
    QLabel* m_othersHelp;
};

} // namespace qdrant2pg
