// Passwords (argon2id by libsodium) and one-time codes by liboath (TOTP, RFC 6238: SHA-1, 6 digits, 30 seconds).
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace sifa::crypto {

// Encoded with its parameters and salt. Takes about 50 ms and 64 MiB on purpose; bound the callers.
std::string HashPassword(absl::string_view password);
bool VerifyPassword(absl::string_view hash, absl::string_view password);
// Made with other parameters than today's: hash the password anew when its owner has just shown it.
bool PasswordNeedsRehash(absl::string_view hash);

std::string NewTotpSecret();  // base32, 20 bytes

// "" where the secret is not base32.
std::string TotpCode(absl::string_view secret_base32, absl::Time at);

// Accepts one step before and after. Returns the step number that matched (to refuse its second use), or 0.
int64_t VerifyTotp(absl::string_view secret_base32, absl::string_view code, absl::Time at);

}  // namespace sifa::crypto
