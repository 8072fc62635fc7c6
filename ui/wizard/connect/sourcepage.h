// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/sourceoptions.h"
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
struct RecentSource;
struct SourceCheckResult;

/// Where the points come from: address, key, TLS, and the check that ticks line by line.
class SourcePage : public ConnectionPage {
    Q_OBJECT
public:
    explicit SourcePage(const PageContext& context);

    QString stepName() const override;
    QString stepChoice() const override;
    QString helpText() const override;
    QWidget* firstFocus() override;

protected:
    void startCheck() override;
    void buildForm(FormGrid* form) override;
    void buildAdvanced(FormGrid* form) override;
    void load() override;
    void edited() override;
    void retranslate() override;

private:
    void addressEdited();
    /// A key in the address and a password in the proxy's find their own fields, where they are not to be
    /// seen.
    /// True when they did.
    bool tidyAddress();
    bool tidyProxy();
    /// What the advanced fields say about the way; of a proxy only when its address can be read.
    SourceAccess access() const;
    void loadAccess();
    void take(const RecentSource& recent);
    void finish(const SourceCheckResult& result);

    QLineEdit* m_address;
    RecentsButton* m_recents;
    QLabel* m_addressLabel;
    QLabel* m_addressHelp;
    SecretEdit* m_key;
    QLabel* m_keyLabel;
    QComboBox* m_transport;
    QLabel* m_transportLabel;
    QLabel* m_transportHelp;
    QLineEdit* m_grpcPort;
    QLabel* m_grpcPortLabel;
    PathEdit* m_caFile;
    QLabel* m_caFileLabel;
    PathEdit* m_certificateFile;
    QLabel* m_certificateFileLabel;
    PathEdit* m_keyFile;
    QLabel* m_keyFileLabel;
    QLineEdit* m_proxy;
    QLabel* m_proxyLabel;
    QLabel* m_proxyHelp;
    SecretEdit* m_proxyPassword;
    QLabel* m_proxyPasswordLabel;
    QLineEdit* m_connectTimeout;
    QLabel* m_connectTimeoutLabel;
    QLineEdit* m_requestTimeout;
    QLabel* m_requestTimeoutLabel;
    QLabel* m_requestTimeoutHelp;
    QCheckBox* m_skipVerification;
    QLabel* m_skipHelp;
};

} // namespace qdrant2pg
