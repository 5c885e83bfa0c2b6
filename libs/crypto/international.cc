// AES-256-GCM, SHA-256, Ed25519. Sealed: nonce (12 bytes) + ciphertext + tag (16).
#include "libs/core/status.h"
#include "libs/crypto/openssl.h"
#include "libs/crypto/signing.h"
#include "libs/crypto/suites.h"

namespace sifa::crypto::internal {
namespace {

constexpr size_t kNonceSize = 12;
constexpr size_t kTagSize = 16;
constexpr char kSigningType[] = "ED25519";

// Both directions of AES-256-GCM with the key schedule of one key.
class GcmKey {
 public:
  explicit GcmKey(absl::string_view key) : encrypt_(EVP_CIPHER_CTX_new()), decrypt_(EVP_CIPHER_CTX_new()) {
    Must(encrypt_ != nullptr &&
             EVP_EncryptInit_ex2(encrypt_.get(), Aes256Gcm(), Bytes(key), nullptr, nullptr) == 1 &&
             decrypt_ != nullptr &&
             EVP_DecryptInit_ex2(decrypt_.get(), Aes256Gcm(), Bytes(key), nullptr, nullptr) == 1,
         "AES key");
  }

  // `sealed` begins with its nonce; ciphertext and tag are written behind it.
  void Encrypt(absl::string_view plain, absl::string_view context, std::string& sealed) {
    EVP_CIPHER_CTX* cipher = encrypt_.get();
    Must(EVP_EncryptInit_ex2(cipher, nullptr, nullptr, Bytes(sealed), nullptr) == 1, "AES nonce");
    CipherUpdate(cipher, context, nullptr);
    CipherUpdate(cipher, plain, Bytes(sealed) + kNonceSize);
    int rest = 0;
    uint8_t* tag = Bytes(sealed) + kNonceSize + plain.size();
    Must(EVP_EncryptFinal_ex(cipher, tag, &rest) == 1 &&
             EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, kTagSize, tag) == 1,
         "AES tag");
  }

  bool Decrypt(absl::string_view nonce, absl::string_view body, absl::string_view tag,
               absl::string_view context, std::string& plain) {
    EVP_CIPHER_CTX* cipher = decrypt_.get();
    Must(EVP_DecryptInit_ex2(cipher, nullptr, nullptr, Bytes(nonce), nullptr) == 1, "AES nonce");
    CipherUpdate(cipher, context, nullptr);
    CipherUpdate(cipher, body, Bytes(plain));
    int rest = 0;
    uint8_t none[kTagSize];
    return EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, kTagSize, const_cast<char*>(tag.data())) == 1 &&
           EVP_DecryptFinal_ex(cipher, none, &rest) == 1;
  }

 private:
  const Owned<EVP_CIPHER_CTX> encrypt_;
  const Owned<EVP_CIPHER_CTX> decrypt_;
};

struct HmacSha256 : KeyedHmac {
  explicit HmacSha256(absl::string_view key) : KeyedHmac(Sha256Md(), key) {}
};

class InternationalSuite : public Suite {
 public:
  SuiteId id() const override { return SuiteId::kInternational; }
  std::string Hash(absl::string_view data) const override { return Sha256(data); }
  std::string Hmac(absl::string_view key, absl::string_view data) const override {
    return ReadyFor<HmacSha256>(key).Of({data});
  }

  std::string Encrypt(absl::string_view key, absl::string_view plain,
                      absl::string_view context) const override {
    Must(key.size() == kKeySize, "key of 32 bytes");
    std::string sealed = RandomBytes(kNonceSize);
    sealed.resize(kNonceSize + plain.size() + kTagSize);
    ReadyFor<GcmKey>(key).Encrypt(plain, context, sealed);
    return sealed;
  }

  absl::StatusOr<std::string> Decrypt(absl::string_view key, absl::string_view sealed,
                                      absl::string_view context) const override {
    if (key.size() != kKeySize || sealed.size() < kNonceSize + kTagSize) return Damaged();
    const size_t body_size = sealed.size() - kNonceSize - kTagSize;
    std::string plain(body_size, '\0');
    const bool whole =
        ReadyFor<GcmKey>(key).Decrypt(sealed.substr(0, kNonceSize), sealed.substr(kNonceSize, body_size),
                                      sealed.substr(kNonceSize + body_size), context, plain);
    if (whole) return plain;
    OPENSSL_cleanse(plain.data(), plain.size());
    return Damaged();
  }

  std::string NewSigningKey() const override { return internal::NewSigningKey(kSigningType); }
  absl::StatusOr<std::string> PublicKeyOf(absl::string_view private_pem) const override {
    return PublicPemOf(kSigningType, private_pem);
  }
  absl::StatusOr<std::string> Sign(absl::string_view private_pem, absl::string_view data) const override {
    return SignWith(kSigningType, private_pem, data);
  }
  bool Verify(absl::string_view public_pem, absl::string_view data,
              absl::string_view signature) const override {
    return VerifyWith(kSigningType, public_pem, data, signature);
  }
};

}  // namespace

const Suite& International() {
  static const auto* const suite = new InternationalSuite;
  return *suite;
}

absl::Status Damaged() {
  return sifa::Error(absl::StatusCode::kDataLoss, "CIPHERTEXT_DAMAGED",
                     "密文无法解开：内容已损坏，或不属于此处");
}

}  // namespace sifa::crypto::internal
