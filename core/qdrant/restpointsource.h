// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/errormapping.h"
#include "core/qdrant/pagedecoder.h"
#include "core/qdrant/pointsource.h"
#include "core/qdrant/rest/resttransport.h"
#include "core/qdrant/sourceoptions.h"

#include <memory>

namespace qdrant2pg {

/// Pages of one collection over REST: works with every Qdrant, carries every value exactly. Owns its
/// connection.
class RestPointSource : public PointSource {
public:
    RestPointSource(const SourceOptions& options, const QString& collection);
    ~RestPointSource() override;

    void request(const PageRequest& request) override;
    [[nodiscard]] Result<void> await(PointPage& page, std::stop_token stop) override;
    void cancel() override;
    QString transportName() const override;
    Times takeTimes() override;

private:
    SourceOptions m_options;
    Endpoint m_endpoint;
    RestTransport m_transport;
    RestPageDecoder m_decoder;
    std::shared_ptr<PendingReply> m_pending;
    bool m_payloadRequested = true;
    Times m_times;
};

std::unique_ptr<PointSource> makeRestPointSource(const SourceOptions& options, const QString& collection);

} // namespace qdrant2pg
