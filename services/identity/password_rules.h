// 口令规则. Pure but for the hashing of former passwords, which passwords.h bounds.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace sifa::identity {

// INVALID_ARGUMENT on `field` with PASSWORD_TOO_SHORT, PASSWORD_TOO_SIMPLE, PASSWORD_HAS_ACCOUNT or
// PASSWORD_COMMON.
absl::Status CheckPassword(absl::string_view field, absl::string_view password, absl::string_view account);

// A password that keeps the rules, from 16 random or keyed bytes: "Kwtm-4827-xdrp". 50 bits: for one use
// under a lock-out.
std::string OneTimePassword(absl::string_view bytes);

}  // namespace sifa::identity
