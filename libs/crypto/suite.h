// One interface, two suites: international (AES-256-GCM, SHA-256, Ed25519) and 国密 (SM4-CTR with HMAC-SM3,
// SM3, SM2). What is written says which suite wrote it, so both can be read side by side. Thread-safe; no
// state.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sifa::crypto {

std::string Sha256(absl::string_view data);  // 32 bytes
std::string Sm3(absl::string_view data);     // 32 bytes, GB/T 32905
std::string RandomBytes(size_t count);
bool ConstantTimeEquals(absl::string_view a, absl::string_view b);
std::string Hex(absl::string_view bytes);

enum class SuiteId : uint8_t { kInternational = 1, kGuomi = 2 };

class Suite {
 public:
  virtual ~Suite() = default;
  virtual SuiteId id() const = 0;
  virtual std::string Hash(absl::string_view data) const = 0;
  virtual std::string Hmac(absl::string_view key, absl::string_view data) const = 0;
  // Authenticated encryption under a 32-byte key; the result carries its nonce. `context` is authenticated,
  // not stored.
  virtual std::string Encrypt(absl::string_view key, absl::string_view plain,
                              absl::string_view context) const = 0;
  // DATA_LOSS where the text, key or context is not the one that was encrypted.
  virtual absl::StatusOr<std::string> Decrypt(absl::string_view key, absl::string_view sealed,
                                              absl::string_view context) const = 0;
  // PEM of a fresh private key; PEM of its public half; detached signature; check.
  virtual std::string NewSigningKey() const = 0;
  virtual absl::StatusOr<std::string> PublicKeyOf(absl::string_view private_pem) const = 0;
  virtual absl::StatusOr<std::string> Sign(absl::string_view private_pem, absl::string_view data) const = 0;
  virtual bool Verify(absl::string_view public_pem, absl::string_view data,
                      absl::string_view signature) const = 0;
};

const Suite& GetSuite(SuiteId id);

}  // namespace sifa::crypto
