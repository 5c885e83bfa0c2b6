// 国密: SM4 (GB/T 32907), SM3 (GB/T 32905), SM2 signatures (GB/T 32918.2). Encrypt-then-MAC, since
// OpenSSL 3.0 has no SM4-GCM. Sealed: nonce (16 bytes) + SM4-CTR ciphertext + HMAC-SM3 (32) over nonce,
// length of context (8 bytes), context and ciphertext. The two keys are derived from the one given, by HKDF
// with SM3.
#include "libs/crypto/openssl.h"
#include "libs/crypto/signing.h"
#include "libs/crypto/suites.h"

namespace sifa::crypto::internal {
namespace {

constexpr size_t kNonceSize = 16;
constexpr size_t kMacSize = 32;
constexpr size_t kSm4KeySize = 16;
constexpr char kSigningType[] = "SM2";

// SM4-CTR (the same in both directions) and HMAC-SM3, with what one key derives.
class Sm4Key {
 public:
  explicit Sm4Key(absl::string_view key)
      : cipher_(EVP_CIPHER_CTX_new()), mac_(Sm3Md(), Hkdf(Sm3Md(), key, "sifa hmac-sm3", kKeySize).view()) {
    const Secret sm4 = Hkdf(Sm3Md(), key, "sifa sm4-ctr", kSm4KeySize);
    Must(cipher_ != nullptr &&
             EVP_EncryptInit_ex2(cipher_.get(), Sm4Ctr(), Bytes(sm4.view()), nullptr, nullptr) == 1,
         "SM4 key");
  }

  void Run(absl::string_view nonce, absl::string_view in, uint8_t* out) {
    Must(EVP_EncryptInit_ex2(cipher_.get(), nullptr, nullptr, Bytes(nonce), nullptr) == 1, "SM4 nonce");
    CipherUpdate(cipher_.get(), in, out);
  }

  // The length stands before the context, so that no byte can pass from it to the ciphertext.
  std::string Mac(absl::string_view nonce, absl::string_view context, absl::string_view body) {
    return mac_.Of({nonce, BigEndian64(context.size()), context, body});
  }

 private:
  const Owned<EVP_CIPHER_CTX> cipher_;
  KeyedHmac mac_;
};

struct HmacSm3 : KeyedHmac {
  explicit HmacSm3(absl::string_view key) : KeyedHmac(Sm3Md(), key) {}
};

class GuomiSuite : public Suite {
 public:
  SuiteId id() const override { return SuiteId::kGuomi; }
  std::string Hash(absl::string_view data) const override { return Sm3(data); }
  std::string Hmac(absl::string_view key, absl::string_view data) const override {
    return ReadyFor<HmacSm3>(key).Of({data});
  }

  std::string Encrypt(absl::string_view key, absl::string_view plain,
                      absl::string_view context) const override {
    Must(key.size() == kKeySize, "key of 32 bytes");
    Sm4Key& ready = ReadyFor<Sm4Key>(key);
    std::string sealed = RandomBytes(kNonceSize);
    sealed.reserve(kNonceSize + plain.size() + kMacSize);
    sealed.resize(kNonceSize + plain.size());
    const absl::string_view nonce(sealed.data(), kNonceSize);
    ready.Run(nonce, plain, Bytes(sealed) + kNonceSize);
    sealed += ready.Mac(nonce, context, absl::string_view(sealed).substr(kNonceSize));
    return sealed;
  }

  absl::StatusOr<std::string> Decrypt(absl::string_view key, absl::string_view sealed,
                                      absl::string_view context) const override {
    if (key.size() != kKeySize || sealed.size() < kNonceSize + kMacSize) return Damaged();
    const absl::string_view nonce = sealed.substr(0, kNonceSize);
    const absl::string_view body = sealed.substr(kNonceSize, sealed.size() - kNonceSize - kMacSize);
    Sm4Key& ready = ReadyFor<Sm4Key>(key);
    if (!ConstantTimeEquals(ready.Mac(nonce, context, body), sealed.substr(kNonceSize + body.size())))
      return Damaged();
    std::string plain(body.size(), '\0');
    ready.Run(nonce, body, Bytes(plain));
    return plain;
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

const Suite& Guomi() {
  static const auto* const suite = new GuomiSuite;
  return *suite;
}

}  // namespace sifa::crypto::internal
