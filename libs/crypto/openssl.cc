#include "libs/crypto/openssl.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace sifa::crypto::internal {
namespace {

const EVP_MD* FetchMd(const char* name) {
  const EVP_MD* md = EVP_MD_fetch(nullptr, name, nullptr);
  Must(md != nullptr, name);
  return md;
}

const EVP_CIPHER* FetchCipher(const char* name) {
  const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name, nullptr);
  Must(cipher != nullptr, name);
  return cipher;
}

OSSL_PARAM DigestParam(const EVP_MD* md) {
  return OSSL_PARAM_construct_utf8_string(OSSL_ALG_PARAM_DIGEST, const_cast<char*>(EVP_MD_get0_name(md)), 0);
}

OSSL_PARAM BytesParam(const char* name, absl::string_view bytes) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(bytes.data()), bytes.size());
}

}  // namespace

void Must(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "{\"level\":\"error\",\"event\":\"crypto_failed\",\"what\":\"%s\"}\n", what);
  std::abort();
}

// Fetched once and kept for the life of the process.
const EVP_MD* Sha256Md() {
  static const EVP_MD* const md = FetchMd("SHA256");
  return md;
}
const EVP_MD* Sm3Md() {
  static const EVP_MD* const md = FetchMd("SM3");
  return md;
}
const EVP_CIPHER* Aes256Gcm() {
  static const EVP_CIPHER* const cipher = FetchCipher("AES-256-GCM");
  return cipher;
}
const EVP_CIPHER* Sm4Ctr() {
  static const EVP_CIPHER* const cipher = FetchCipher("SM4-CTR");
  return cipher;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    Wipe();
    bytes_ = other.bytes_;
    other.Wipe();
  }
  return *this;
}

Secret Secret::Take(std::string& bytes) {
  Secret secret{absl::string_view(bytes)};
  OPENSSL_cleanse(bytes.data(), bytes.size());
  bytes.clear();
  return secret;
}

void Secret::Wipe() {
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
  bytes_.clear();
}

std::string Digest(const EVP_MD* md, absl::string_view data) {
  thread_local const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  std::string digest(EVP_MD_get_size(md), '\0');
  Must(context != nullptr && EVP_DigestInit_ex2(context.get(), md, nullptr) == 1 &&
           EVP_DigestUpdate(context.get(), data.data(), data.size()) == 1 &&
           EVP_DigestFinal_ex(context.get(), Bytes(digest), nullptr) == 1,
       "digest");
  return digest;
}

KeyedHmac::KeyedHmac(const EVP_MD* md, absl::string_view key) {
  static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  Must(mac != nullptr, "HMAC");
  context_.reset(EVP_MAC_CTX_new(mac));
  const OSSL_PARAM params[] = {DigestParam(md), OSSL_PARAM_construct_end()};
  // A null key would mean "as before", so an empty one needs an address.
  const uint8_t* bytes = key.empty() ? reinterpret_cast<const uint8_t*>("") : Bytes(key);
  Must(context_ != nullptr && EVP_MAC_init(context_.get(), bytes, key.size(), params) == 1, "HMAC key");
}

std::string KeyedHmac::Of(std::initializer_list<absl::string_view> parts) {
  bool ok = EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1;
  for (absl::string_view part : parts)
    ok = ok && EVP_MAC_update(context_.get(), Bytes(part), part.size()) == 1;
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  size_t size = 0;
  Must(ok && EVP_MAC_final(context_.get(), Bytes(mac), &size, mac.size()) == 1, "HMAC");
  mac.resize(size);
  return mac;
}

Secret Hkdf(const EVP_MD* md, absl::string_view key, absl::string_view info, size_t size) {
  static EVP_KDF* const kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  Must(kdf != nullptr, "HKDF");
  EVP_KDF_CTX* context = EVP_KDF_CTX_new(kdf);
  const OSSL_PARAM params[] = {DigestParam(md), BytesParam(OSSL_KDF_PARAM_KEY, key),
                               BytesParam(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  std::string derived(size, '\0');
  Must(context != nullptr && EVP_KDF_derive(context, Bytes(derived), size, params) == 1, "HKDF");
  EVP_KDF_CTX_free(context);
  return Secret::Take(derived);
}

std::string BigEndian64(uint64_t number) {
  std::string bytes(8, '\0');
  for (int i = 7; i >= 0; --i, number >>= 8) bytes[i] = static_cast<char>(number & 0xff);
  return bytes;
}

void CipherUpdate(EVP_CIPHER_CTX* context, absl::string_view in, uint8_t* out) {
  constexpr size_t kMost = size_t{1} << 30;
  while (!in.empty()) {
    const absl::string_view part = in.substr(0, kMost);
    int written = 0;
    Must(EVP_CipherUpdate(context, out, &written, Bytes(part), static_cast<int>(part.size())) == 1, "cipher");
    if (out != nullptr) out += written;
    in.remove_prefix(part.size());
  }
}

}  // namespace sifa::crypto::internal
