// What the files of this library share of OpenSSL 3: algorithms fetched once (a fetch takes longer than
// encrypting a page), handles that free themselves, and the parts that both suites are made of. Not for use
// outside libs/crypto.
#pragma once

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace sifa::crypto::internal {

// Ends the process where `ok` is false: for what fails only without memory, randomness or the algorithm. To
// go on would mean to store in clear or to sign nothing.
void Must(bool ok, const char* what);

const EVP_MD* Sha256Md();
const EVP_MD* Sm3Md();
const EVP_CIPHER* Aes256Gcm();
const EVP_CIPHER* Sm4Ctr();

struct Free {
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
  void operator()(EVP_MAC_CTX* p) const { EVP_MAC_CTX_free(p); }
  void operator()(EVP_CIPHER_CTX* p) const { EVP_CIPHER_CTX_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(BIO* p) const { BIO_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

inline const uint8_t* Bytes(absl::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }
inline uint8_t* Bytes(std::string& text) { return reinterpret_cast<uint8_t*>(text.data()); }

// Bytes that are wiped when they go. Not copied by accident.
class Secret {
 public:
  Secret() = default;
  explicit Secret(absl::string_view bytes) : bytes_(bytes) {}
  Secret(Secret&& other) noexcept : bytes_(other.bytes_) { other.Wipe(); }
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { Wipe(); }

  // Takes over a string that was made elsewhere and wipes it there.
  static Secret Take(std::string& bytes);
  absl::string_view view() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }
  void Wipe();

 private:
  std::string bytes_;
};

std::string Digest(const EVP_MD* md, absl::string_view data);

// HMAC under one key, ready to run many times. One thread at a time.
class KeyedHmac {
 public:
  KeyedHmac(const EVP_MD* md, absl::string_view key);
  // Of the parts one after another; the caller sees to it that they cannot be cut differently.
  std::string Of(std::initializer_list<absl::string_view> parts);

 private:
  Owned<EVP_MAC_CTX> context_;
};

// RFC 5869 without salt.
Secret Hkdf(const EVP_MD* md, absl::string_view key, absl::string_view info, size_t size);

// A number as eight bytes, to set a length before a part.
std::string BigEndian64(uint64_t number);

// Runs a cipher over data of any length: EVP itself counts in int. `out` null means additional data.
void CipherUpdate(EVP_CIPHER_CTX* context, absl::string_view in, uint8_t* out);

// `Ready` is made from a key, at some cost. This thread's last few are kept, so that a run of texts under one
// key pays once; they are wiped when others push them out and when the thread ends.
template <class Ready>
Ready& ReadyFor(absl::string_view key) {
  struct Entry {
    Secret key;
    std::unique_ptr<Ready> ready;
  };
  thread_local std::array<Entry, 8> entries;
  thread_local size_t next = 0;
  for (Entry& entry : entries) {
    const absl::string_view kept = entry.key.view();
    if (entry.ready != nullptr && kept.size() == key.size() &&
        CRYPTO_memcmp(kept.data(), key.data(), key.size()) == 0) {
      return *entry.ready;
    }
  }
  Entry& entry = entries[next++ % entries.size()];
  entry.ready = std::make_unique<Ready>(key);
  entry.key = Secret(key);
  return *entry.ready;
}

}  // namespace sifa::crypto::internal
