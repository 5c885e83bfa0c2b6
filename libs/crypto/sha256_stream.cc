#include "libs/crypto/sha256_stream.h"

#include "libs/crypto/openssl.h"

namespace sifa::crypto {

struct Sha256Stream::State {
  internal::Owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  internal::Must(EVP_DigestInit_ex2(state_->context.get(), internal::Sha256Md(), nullptr) == 1, "SHA-256");
}

Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::Add(absl::string_view piece) {
  internal::Must(EVP_DigestUpdate(state_->context.get(), piece.data(), piece.size()) == 1, "SHA-256");
}

std::string Sha256Stream::Finish() {
  std::string digest(32, '\0');
  internal::Must(EVP_DigestFinal_ex(state_->context.get(), internal::Bytes(digest), nullptr) == 1, "SHA-256");
  return digest;
}

}  // namespace sifa::crypto
