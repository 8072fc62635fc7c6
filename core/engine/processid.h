// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>

namespace qdrant2pg {

/// Names this process so that another one on the same machine can tell whether it is still alive: host, boot,
/// pid and start time, separated by '/'. No '-' in it: lanes append "-<number>".
std::string processOwner();
/// True when the owner was a process of this machine (and this boot) that is gone. False when it lives or
/// cannot be told.
bool ownerIsDead(const std::string& owner);

} // namespace qdrant2pg
