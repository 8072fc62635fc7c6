// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QString>

#include <cstdint>

namespace qdrant2pg::bench {

/// CPU seconds of this process, of another, and of another with all its children, dead ones too.
double ownSeconds();
double processSeconds(qint64 pid);
/// Of all children that have ended and were waited for.
double endedChildrenSeconds();
double treeSeconds(qint64 pid);
/// Largest resident size so far, in MiB; 0 when the process is gone.
double peakMiB(qint64 pid);

/// A stretch of work: wall time, and CPU time by process.
struct Cost {
    double wall = 0;
    double client = 0;
    double qdrant = 0;
    double postgres = 0;
};

class Stretch {
public:
    /// Process ids of the stand-in and of the postmaster; 0 for none.
    Stretch(qint64 qdrantPid, qint64 postmasterPid);
    /// `client`: CPU seconds of the client, where it is another process; negative: of this one.
    Cost end(double client = -1) const;

private:
    qint64 m_qdrantPid;
    qint64 m_postmasterPid;
    Cost m_start;
};

} // namespace qdrant2pg::bench
