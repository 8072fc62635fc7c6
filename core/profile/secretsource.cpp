// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/profile/secretsource.h"

#include "core/profile/keychain.h"

#include <QFile>

namespace qdrant2pg {

namespace {

constexpr std::chrono::milliseconds keychainTimeout{5'000};
constexpr qint64 largestSecret = 64 * 1024;

} // namespace

Result<QByteArray> readSecretFile(const QString& path, QString* note)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        Error error = makeError(ErrorKind::Usage, QStringLiteral("The file with the secret cannot be read."),
            file.errorString(), QStringLiteral("Name a file that holds nothing but the secret."));
        error.where.file = path;
        return fail(error);
    }
    const QByteArray line = file.read(largestSecret).split('\n').first().trimmed();
    if (line.isEmpty()) {
        Error error = makeError(ErrorKind::Usage, QStringLiteral("The file with the secret is empty."), {},
            QStringLiteral("The secret stands in its first line."));
        error.where.file = path;
        return fail(error);
    }
    const auto others = QFileDevice::ReadGroup | QFileDevice::ReadOther;
    if (note && file.permissions().testAnyFlags(others))
        *note = QStringLiteral("%1 can be read by other users; `chmod 600` closes it.").arg(path);
    return line;
}

Result<std::optional<Secret>> findSecret(const SecretRequest& request, QString* note)
{
    if (!request.file.isEmpty()) {
        auto value = readSecretFile(request.file, note);
        if (!value)
            return fail(value.error());
        return Secret{*value, QStringLiteral("the file %1").arg(request.file)};
    }
    if (!request.environmentVariable.isEmpty()) {
        const QByteArray value = qgetenv(request.environmentVariable.constData());
        if (!value.isEmpty())
            return Secret{value, QString::fromLatin1(request.environmentVariable)};
    }
    if (!request.keychainKey.isEmpty()) {
        if (auto value = keychain::readNow(request.keychainKey, keychainTimeout); value && !value->isEmpty())
            return Secret{*value, QStringLiteral("the keychain")};
    }
    return std::nullopt;
}

} // namespace qdrant2pg
