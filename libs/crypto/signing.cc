#include "libs/crypto/signing.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "libs/core/status.h"
#include "libs/crypto/openssl.h"
#include "libs/crypto/suite.h"

namespace sifa::crypto::internal {
namespace {

// GB/T 32918.2: the signer's identity enters the digest; GM/T 0009 gives this one where nothing else was
// agreed.
constexpr char kDefaultIdentity[] = "1234567812345678";

// OpenSSL's errors wait in a queue of the thread, where gRPC's TLS would take ours for its own.
struct CleanErrors {
  ~CleanErrors() { ERR_clear_error(); }
};

// Without it, OpenSSL asks for the password of an encrypted PEM at the terminal.
int NoPassword(char*, int, int, void*) { return -1; }

using PemReader = EVP_PKEY* (*)(BIO*, EVP_PKEY**, pem_password_cb*, void*);
using SharedKey = std::shared_ptr<EVP_PKEY>;

SharedKey ReadPem(PemReader read, absl::string_view pem) {
  const CleanErrors clean;
  const Owned<BIO> memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Must(memory != nullptr, "memory");
  return SharedKey(read(memory.get(), nullptr, NoPassword, nullptr), EVP_PKEY_free);
}

// The last few keys read. OpenSSL 3.0 takes half a millisecond to read a PEM, ten times what a signature
// takes, and a process signs and verifies with the same few keys all its life. Thread-safe.
class KeyCache {
 public:
  explicit KeyCache(PemReader read) : read_(read) {}

  // Null where it is no key of this type.
  SharedKey Get(const char* type, absl::string_view pem) {
    SharedKey key = Find(pem);
    if (key == nullptr && (key = ReadPem(read_, pem)) != nullptr) Keep(pem, key);
    return key != nullptr && EVP_PKEY_is_a(key.get(), type) == 1 ? key : nullptr;
  }

 private:
  struct Entry {
    Secret pem;
    SharedKey key;
  };

  SharedKey Find(absl::string_view pem) {
    const absl::MutexLock lock(&mutex_);
    for (const Entry& entry : entries_) {
      if (entry.key != nullptr && ConstantTimeEquals(entry.pem.view(), pem)) return entry.key;
    }
    return nullptr;
  }

  void Keep(absl::string_view pem, SharedKey key) {
    const absl::MutexLock lock(&mutex_);
    entries_[next_++ % entries_.size()] = Entry{Secret(pem), std::move(key)};
  }

  const PemReader read_;
  absl::Mutex mutex_;
  std::array<Entry, 16> entries_ ABSL_GUARDED_BY(mutex_);
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
};

SharedKey PrivateKey(const char* type, absl::string_view pem) {
  static auto* const cache = new KeyCache(PEM_read_bio_PrivateKey);
  return cache->Get(type, pem);
}

SharedKey PublicKey(const char* type, absl::string_view pem) {
  static auto* const cache = new KeyCache(PEM_read_bio_PUBKEY);
  return cache->Get(type, pem);
}

std::string TextOf(BIO* memory) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory, &text);
  std::string copy(text, static_cast<size_t>(size));
  OPENSSL_cleanse(text, static_cast<size_t>(size));
  return copy;
}

absl::Status KeyMalformed() {
  return sifa::Error(absl::StatusCode::kInvalidArgument, "SIGNING_KEY_MALFORMED",
                     "签名密钥无法读取，或算法不符");
}

using Init = int (*)(EVP_MD_CTX*, EVP_PKEY_CTX**, const char*, OSSL_LIB_CTX*, const char*, EVP_PKEY*,
                     const OSSL_PARAM*);

// A context ready to sign or to verify, or null.
Owned<EVP_MD_CTX> Begin(Init init, EVP_PKEY* key) {
  Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  Must(context != nullptr, "memory");
  const bool is_sm2 = EVP_PKEY_is_a(key, "SM2") == 1;
  EVP_PKEY_CTX* parameters = nullptr;
  bool ok = init(context.get(), &parameters, is_sm2 ? "SM3" : nullptr, nullptr, nullptr, key, nullptr) == 1;
  if (ok && is_sm2)
    ok = EVP_PKEY_CTX_set1_id(parameters, kDefaultIdentity, std::strlen(kDefaultIdentity)) == 1;
  if (!ok) context.reset();
  return context;
}

}  // namespace

std::string NewSigningKey(const char* type) {
  const Owned<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, type));
  const Owned<BIO> memory(BIO_new(BIO_s_mem()));
  Must(key != nullptr && memory != nullptr &&
           PEM_write_bio_PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
       "signing key");
  return TextOf(memory.get());
}

absl::StatusOr<std::string> PublicPemOf(const char* type, absl::string_view private_pem) {
  const SharedKey key = PrivateKey(type, private_pem);
  if (key == nullptr) return KeyMalformed();
  const Owned<BIO> memory(BIO_new(BIO_s_mem()));
  Must(memory != nullptr && PEM_write_bio_PUBKEY(memory.get(), key.get()) == 1, "public key");
  return TextOf(memory.get());
}

absl::StatusOr<std::string> SignWith(const char* type, absl::string_view private_pem,
                                     absl::string_view data) {
  const SharedKey key = PrivateKey(type, private_pem);
  if (key == nullptr) return KeyMalformed();
  const Owned<EVP_MD_CTX> context = Begin(EVP_DigestSignInit_ex, key.get());
  std::string signature(EVP_PKEY_get_size(key.get()), '\0');
  size_t size = signature.size();
  Must(context != nullptr &&
           EVP_DigestSign(context.get(), Bytes(signature), &size, Bytes(data), data.size()) == 1,
       "signature");
  signature.resize(size);
  return signature;
}

bool VerifyWith(const char* type, absl::string_view public_pem, absl::string_view data,
                absl::string_view signature) {
  const CleanErrors clean;
  const SharedKey key = PublicKey(type, public_pem);
  if (key == nullptr) return false;
  const Owned<EVP_MD_CTX> context = Begin(EVP_DigestVerifyInit_ex, key.get());
  return context != nullptr &&
         EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(data), data.size()) == 1;
}

}  // namespace sifa::crypto::internal
