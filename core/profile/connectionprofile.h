// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <QList>
#include <QString>

namespace qdrant2pg {

/// A named pair of connections without secrets; those are in the keychain under the profile's name.
struct ConnectionProfile {
    QString name;
    QString sourceUrl;
    /// auto, rest or grpc.
    QString transport;
    int grpcPort = 0;
    QString caFile;
    QString certificateFile;
    QString keyFile;
    bool skipTlsVerification = false;
    /// Way to the source: http:// or socks5:// URL, never with a password.
    QString proxy;
    /// Seconds, for the source; 0 for the defaults.
    int connectTimeout = 0;
    int requestTimeout = 0;
    /// libpq conninfo or URL; never with a password.
    QString targetConninfo;
    QString schema;

    bool operator==(const ConnectionProfile&) const = default;
};

/// The profiles of this user, as JSON in `profiles.json` of configFolder().
class ConnectionProfiles {
public:
    static QString defaultPath();
    /// An absent file is an empty list. File or Usage errors name the file and what is wrong in it; a file of
    /// a newer version is refused with both versions named.
    [[nodiscard]] static Result<ConnectionProfiles> load(const QString& path = defaultPath());
    /// Refuses a profile that holds a secret in its URL or conninfo.
    [[nodiscard]] Result<void> save(const QString& path = defaultPath()) const;

    const QList<ConnectionProfile>& profiles() const { return m_profiles; }
    /// NotFound errors list the names that exist.
    [[nodiscard]] Result<ConnectionProfile> profile(const QString& name) const;
    /// Replaces the one of the same name.
    void insert(const ConnectionProfile& profile);
    void remove(const QString& name);

private:
    QList<ConnectionProfile> m_profiles;
};

} // namespace qdrant2pg
