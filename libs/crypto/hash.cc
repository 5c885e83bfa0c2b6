#include <openssl/rand.h>

#include "absl/strings/escaping.h"
#include "libs/crypto/openssl.h"
#include "libs/crypto/suite.h"
#include "libs/crypto/suites.h"

namespace sifa::crypto {

std::string Sha256(absl::string_view data) { return internal::Digest(internal::Sha256Md(), data); }
std::string Sm3(absl::string_view data) { return internal::Digest(internal::Sm3Md(), data); }

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  internal::Must(RAND_bytes(internal::Bytes(bytes), static_cast<int>(count)) == 1, "randomness");
  return bytes;
}

bool ConstantTimeEquals(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string Hex(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

const Suite& GetSuite(SuiteId id) {
  return id == SuiteId::kGuomi ? internal::Guomi() : internal::International();
}

}  // namespace sifa::crypto
