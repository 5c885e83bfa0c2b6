#include "libs/crypto/password.h"

#include <sodium.h>

#include "libs/crypto/openssl.h"

namespace sifa::crypto {
namespace {

// libsodium's choice for a person who waits: 64 MiB and two passes, on one lane.
constexpr unsigned long long kPasses = crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE;
constexpr size_t kMemory = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE;

void StartSodium() {
  static const bool started = sodium_init() >= 0;
  internal::Must(started, "libsodium");
}

}  // namespace

std::string HashPassword(absl::string_view password) {
  StartSodium();
  char encoded[crypto_pwhash_STRBYTES];
  internal::Must(crypto_pwhash_str_alg(encoded, password.data(), password.size(), kPasses, kMemory,
                                       crypto_pwhash_ALG_ARGON2ID13) == 0,
                 "argon2id");
  return encoded;
}

bool VerifyPassword(absl::string_view hash, absl::string_view password) {
  StartSodium();
  if (hash.empty() || hash.size() >= crypto_pwhash_STRBYTES) return false;
  return crypto_pwhash_str_verify(std::string(hash).c_str(), password.data(), password.size()) == 0;
}

bool PasswordNeedsRehash(absl::string_view hash) {
  StartSodium();
  return hash.size() >= crypto_pwhash_STRBYTES ||
         crypto_pwhash_str_needs_rehash(std::string(hash).c_str(), kPasses, kMemory) != 0;
}

}  // namespace sifa::crypto
