// Signatures of both suites: Ed25519, and SM2 with SM3 under the standard's default identity. `type` is
// OpenSSL's name of the key, "ED25519" or "SM2"; a key of another type is refused. Not for use outside
// libs/crypto.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sifa::crypto::internal {

std::string NewSigningKey(const char* type);
absl::StatusOr<std::string> PublicPemOf(const char* type, absl::string_view private_pem);
absl::StatusOr<std::string> SignWith(const char* type, absl::string_view private_pem, absl::string_view data);
bool VerifyWith(const char* type, absl::string_view public_pem, absl::string_view data,
                absl::string_view signature);

}  // namespace sifa::crypto::internal
