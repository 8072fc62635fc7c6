// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/pointsource.h"
#include "core/qdrant/sourceoptions.h"

#include <memory>

namespace qdrant2pg {

/// Pages of one collection over gRPC, with the same content as over REST. Owns its connection. Points that
/// gRPC cannot carry exactly are fetched again over REST; so is the whole page when one of them is gone by
/// then, every page of a request whose filter gRPC does not carry, and everything once most points of a page
/// had to be. The REST connection is made when it is needed first.
class GrpcPointSource : public PointSource {
public:
    GrpcPointSource(const SourceOptions& options, const QString& collection);
    ~GrpcPointSource() override;

    void request(const PageRequest& request) override;
    [[nodiscard]] Result<void> await(PointPage& page, std::stop_token stop) override;
    void cancel() override;
    QString transportName() const override;
    Times takeTimes() override;

    /// Points fetched again over REST so far.
    qint64 fetchedAgain() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace qdrant2pg
