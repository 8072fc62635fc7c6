// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "app/cli/command.h"

namespace qdrant2pg::cli {

/// The option groups that commands share, so that an option has one name, one meaning and one help text
/// everywhere.

/// --help, --json, --quiet, --verbose.
QList<OptionSpec> outputOptions();
/// --source, --api-key-file, TLS, --profile.
QList<OptionSpec> sourceOptions();
/// --target, --password-file, --schema, --ledger-schema.
QList<OptionSpec> targetOptions();
/// For commands that meet the target alone; sourceOptions() has it already.
OptionSpec targetProfile();
/// --collection, --preset, --mode, --table, --filter, --plan and what else shapes a plan.
QList<OptionSpec> planOptions();
/// --lanes, --ranges, --verify, rejects and what else steers a run.
QList<OptionSpec> runOptions();
/// --max-points-per-second and --max-requests-in-flight, which runOptions() holds too.
QList<OptionSpec> limitOptions(const QString& defaultText = QStringLiteral("0"));
/// --override-verification, which runOptions() holds too.
OptionSpec overrideVerificationOption();

OptionSpec flag(const QString& name, const QString& help, const QString& group = {});
OptionSpec text(
    const QString& name, const QString& valueName, const QString& help, const QString& group = {});
OptionSpec number(
    const QString& name, const QString& help, const QString& defaultText = {}, const QString& group = {});
OptionSpec file(const QString& name, const QString& help, const QString& group = {});
OptionSpec folder(const QString& name, const QString& help, const QString& group = {});
OptionSpec choice(const QString& name, const QStringList& choices, const QString& help,
    const QString& defaultText = {}, const QString& group = {});
OptionSpec yesNo(
    const QString& name, const QString& help, const QString& defaultText = {}, const QString& group = {});

QList<EnvironmentSpec> sourceEnvironment();
QList<EnvironmentSpec> targetEnvironment();
/// COLLECTION.
QList<EnvironmentSpec> collectionEnvironment();

/// Names of the options of `groups` that should not be offered by a command.
QList<OptionSpec> without(QList<OptionSpec> options, const QStringList& names);

} // namespace qdrant2pg::cli
