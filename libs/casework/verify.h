// The journal's proof, and that every object still is what its last act made of it.
#pragma once

#include "libs/journal/verify.h"

namespace sifa::casework {

// journal::Verify, and a finding OBJECT_CHANGED or OBJECT_DELETED for each object whose stored body is not the after-image
// of its latest journal row.
absl::StatusOr<journal::Report> VerifyAll(mysql::Pool& pool, const crypto::Keyring& keyring, const std::string& anchor_path,
                                          const std::string& witnessed_path = "");

}  // namespace sifa::casework
