// What only identity has beside journal and objects: tables that lead to who somebody is, checked for `journal verify`.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "libs/casework/objects.h"
#include "libs/crypto/keyring.h"
#include "libs/journal/verify.h"
#include "libs/mysql/mysql.h"

namespace sifa::identity {

// A finding IDENTITY_CHANGED for each row of organisations, log-in names, sessions, revocations and keys of tokens that is not as
// identity wrote it or is missing.
absl::Status VerifyIdentity(mysql::Pool& pool, const crypto::Keyring& keyring, const casework::Objects& objects,
                            std::vector<journal::Finding>* findings);

}  // namespace sifa::identity
