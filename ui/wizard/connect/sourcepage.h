// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

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
    QCheckBox* m_skipVerification;
    QLabel* m_skipHelp;
};

} // namespace qdrant2pg
