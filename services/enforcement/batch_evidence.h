// Whether the evidence of every batch is what its acts say.
#pragma once

#include <vector>

#include "libs/casework/service.h"

namespace sifa::enforcement {

// Part of the check of the service's own tables (casework::OwnCheck).
absl::Status VerifyEvidence(mysql::Connection& connection, const crypto::Keyring& keyring, const casework::Objects& objects,
                            std::vector<journal::Finding>* findings);

}  // namespace sifa::enforcement
