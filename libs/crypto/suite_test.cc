#include "libs/crypto/suite.h"

#include <catch2/catch.hpp>
#include <set>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/crypto/openssl.h"
#include "libs/crypto/sha256_stream.h"

namespace sifa::crypto {
namespace {

std::string Raw(absl::string_view hex) { return absl::HexStringToBytes(hex); }

// A public key as PEM, from the bytes of its SubjectPublicKeyInfo.
std::string PublicPem(absl::string_view hex) {
  return absl::StrCat("-----BEGIN PUBLIC KEY-----\n", absl::Base64Escape(Raw(hex)),
                      "\n-----END PUBLIC KEY-----\n");
}

const std::vector<SuiteId> kSuites = {SuiteId::kInternational, SuiteId::kGuomi};

}  // namespace

TEST_CASE("SM3 of GB/T 32905, appendix A") {
  CHECK(Hex(Sm3("abc")) == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  std::string text;
  for (int i = 0; i < 16; ++i) text += "abcd";
  CHECK(Hex(Sm3(text)) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST_CASE("SHA-256 of FIPS 180-4") {
  CHECK(Hex(Sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(Hex(Sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("SHA-256 of content in pieces is that of the whole") {
  Sha256Stream stream;
  for (const char* piece : {"a", "", "bc"}) stream.Add(piece);
  CHECK(stream.Finish() == Sha256("abc"));
}

TEST_CASE("HMAC-SHA256 of RFC 4231, also under an empty key and one longer than a block") {
  const Suite& suite = GetSuite(SuiteId::kInternational);
  CHECK(Hex(suite.Hmac("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(Hex(suite.Hmac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(Hex(suite.Hmac("", "")) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("HMAC-SM3 is what its definition gives over SM3") {
  const std::string key = "Jefe", data = "what do ya want for nothing?";
  std::string inner(64, '\x36'), outer(64, '\x5c');
  for (size_t i = 0; i < key.size(); ++i) inner[i] ^= key[i], outer[i] ^= key[i];
  CHECK(GetSuite(SuiteId::kGuomi).Hmac(key, data) == Sm3(outer + Sm3(inner + data)));
}

TEST_CASE("SM4 of GB/T 32907, appendix A") {
  const std::string key = Raw("0123456789abcdeffedcba9876543210");
  const internal::Owned<EVP_CIPHER_CTX> cipher(EVP_CIPHER_CTX_new());
  // The counter's first block is the example's plain text, so over zeros the stream is the example's
  // ciphertext.
  REQUIRE(EVP_EncryptInit_ex2(cipher.get(), internal::Sm4Ctr(), internal::Bytes(key), internal::Bytes(key),
                              nullptr) == 1);
  std::string out(16, '\0');
  internal::CipherUpdate(cipher.get(), std::string(16, '\0'), internal::Bytes(out));
  CHECK(Hex(out) == "681edf34d206965e86b3e94f536e4246");
}

TEST_CASE("AES-256-GCM of the algorithm's own test case 16") {
  const std::string key = Raw("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const std::string sealed =
      Raw("cafebabefacedbaddecaf888"
          "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5"
          "f61e6393ba7a0abcc9f662"
          "76fc6ece0f4e1768cddf8853bb2d551b");
  const auto plain =
      GetSuite(SuiteId::kInternational).Decrypt(key, sealed, Raw("feedfacedeadbeeffeedfacedeadbeefabaddad2"));
  REQUIRE(plain.ok());
  CHECK(Hex(*plain) ==
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16a"
        "edf5aa0de657ba637b39");
}

TEST_CASE("HKDF-SHA256 of RFC 5869, test case 3") {
  CHECK(Hex(internal::Hkdf(internal::Sha256Md(), std::string(22, '\x0b'), "", 42).view()) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST_CASE("Ed25519 of RFC 8032, test 2") {
  const Suite& suite = GetSuite(SuiteId::kInternational);
  const std::string pem =
      PublicPem("302a300506032b65700321003d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const std::string signature =
      Raw("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  CHECK(suite.Verify(pem, "\x72", signature));
  CHECK_FALSE(suite.Verify(pem, "\x73", signature));
}

TEST_CASE("SM2 with SM3 and the default identity of GB/T 32918.5, appendix A") {
  const Suite& suite = GetSuite(SuiteId::kGuomi);
  const std::string pem = PublicPem(
      "3059301306072a8648ce3d020106082a811ccf5501822d03420004"
      "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
      "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");
  const std::string signature =
      Raw("3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
          "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa");
  CHECK(suite.Verify(pem, "message digest", signature));
  CHECK_FALSE(suite.Verify(pem, "message digesu", signature));
}

TEST_CASE("what is encrypted decrypts, at any length") {
  for (SuiteId id : kSuites) {
    const Suite& suite = GetSuite(id);
    const std::string key = RandomBytes(32);
    for (size_t size : {0, 1, 15, 16, 17, 1024, 100000}) {
      const std::string plain = RandomBytes(size);
      const auto back = suite.Decrypt(key, suite.Encrypt(key, plain, "cases/1"), "cases/1");
      REQUIRE(back.ok());
      CHECK(*back == plain);
    }
  }
}

TEST_CASE("the same text is never encrypted to the same bytes") {
  for (SuiteId id : kSuites) {
    const std::string key = RandomBytes(32);
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) seen.insert(GetSuite(id).Encrypt(key, "same", "same"));
    CHECK(seen.size() == 100);
  }
}

TEST_CASE("a change of any bit, a cut or an addition is refused") {
  for (SuiteId id : kSuites) {
    const Suite& suite = GetSuite(id);
    const std::string key = RandomBytes(32);
    const std::string sealed = suite.Encrypt(key, "调解协议书", "agreements/7");
    for (size_t i = 0; i < sealed.size() * 8; ++i) {
      std::string changed = sealed;
      changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << (i % 8)));
      REQUIRE(suite.Decrypt(key, changed, "agreements/7").status().code() == absl::StatusCode::kDataLoss);
    }
    for (size_t size = 0; size < sealed.size(); ++size) {
      REQUIRE(suite.Decrypt(key, sealed.substr(0, size), "agreements/7").status().code() ==
              absl::StatusCode::kDataLoss);
    }
    CHECK_FALSE(suite.Decrypt(key, sealed + '\0', "agreements/7").ok());
  }
}

TEST_CASE("another context or another key is refused") {
  for (SuiteId id : kSuites) {
    const Suite& suite = GetSuite(id);
    const std::string key = RandomBytes(32);
    const std::string sealed = suite.Encrypt(key, "body", "cases/1");
    for (const char* context : {"cases/2", "", "cases/1 ", "cases/"})
      CHECK_FALSE(suite.Decrypt(key, sealed, context).ok());
    CHECK_FALSE(suite.Decrypt(RandomBytes(32), sealed, "cases/1").ok());
    CHECK_FALSE(suite.Decrypt(key.substr(1), sealed, "cases/1").ok());
  }
}

TEST_CASE("a byte cannot pass from the context to the text") {
  // nonce + "b" + mac of context "a": shifted to context "ab" and no text, or to context "" and text "ab".
  const Suite& suite = GetSuite(SuiteId::kGuomi);
  const std::string key = RandomBytes(32);
  const std::string sealed = suite.Encrypt(key, "b", "a");
  const std::string nonce = sealed.substr(0, 16), body = sealed.substr(16, 1), mac = sealed.substr(17);
  CHECK(suite.Decrypt(key, nonce + body + mac, "a").ok());
  CHECK_FALSE(suite.Decrypt(key, nonce + mac, "a" + body).ok());
  CHECK_FALSE(suite.Decrypt(key, nonce + "a" + body + mac, "").ok());
}

TEST_CASE("more keys than a thread keeps ready still each open their own texts") {
  for (SuiteId id : kSuites) {
    const Suite& suite = GetSuite(id);
    std::vector<std::pair<std::string, std::string>> texts;  // key, sealed
    for (int i = 0; i < 20; ++i) {
      const std::string key = RandomBytes(32);
      texts.emplace_back(key, suite.Encrypt(key, absl::StrCat("text ", i), ""));
    }
    for (int i = 0; i < 20; ++i)
      CHECK(*suite.Decrypt(texts[i].first, texts[i].second, "") == absl::StrCat("text ", i));
  }
}

TEST_CASE("threads encrypt side by side") {
  for (SuiteId id : kSuites) {
    const Suite& suite = GetSuite(id);
    const std::string key = RandomBytes(32);
    std::vector<std::thread> threads;
    std::vector<int> good(4, 0);
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 200; ++i) {
          const std::string plain = RandomBytes(100);
          const auto back = suite.Decrypt(key, suite.Encrypt(key, plain, "c"), "c");
          good[t] += back.ok() && *back == plain;
        }
      });
    }
    for (auto& thread : threads) thread.join();
    CHECK(good == std::vector<int>(4, 200));
  }
}

TEST_CASE("what is signed verifies by the public half only, and only unchanged") {
  for (SuiteId id : kSuites) {
    const Suite& suite = GetSuite(id);
    const std::string pem = suite.NewSigningKey();
    const auto public_pem = suite.PublicKeyOf(pem);
    REQUIRE(public_pem.ok());
    const auto signature = suite.Sign(pem, "head of block 9");
    REQUIRE(signature.ok());
    CHECK(suite.Verify(*public_pem, "head of block 9", *signature));
    CHECK_FALSE(suite.Verify(*public_pem, "head of block 8", *signature));
    CHECK_FALSE(suite.Verify(*public_pem, "head of block 9", ""));
    CHECK_FALSE(suite.Verify(*suite.PublicKeyOf(suite.NewSigningKey()), "head of block 9", *signature));
    for (size_t i = 0; i < signature->size(); ++i) {
      std::string changed = *signature;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      REQUIRE_FALSE(suite.Verify(*public_pem, "head of block 9", changed));
    }
  }
}

TEST_CASE("threads sign and verify side by side, with more keys than are kept") {
  for (SuiteId id : kSuites) {
    const Suite& suite = GetSuite(id);
    std::vector<std::string> keys;
    for (int i = 0; i < 20; ++i) keys.push_back(suite.NewSigningKey());
    std::vector<int> good(4, 0);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (const auto& key : keys)
          good[t] += suite.Verify(*suite.PublicKeyOf(key), "x", *suite.Sign(key, "x"));
      });
    }
    for (auto& thread : threads) thread.join();
    CHECK(good == std::vector<int>(4, 20));
  }
}

TEST_CASE("a suite refuses the other's keys and what is no key") {
  for (SuiteId id : kSuites) {
    const Suite& suite = GetSuite(id);
    const Suite& other = GetSuite(id == SuiteId::kGuomi ? SuiteId::kInternational : SuiteId::kGuomi);
    const std::string foreign = other.NewSigningKey();
    CHECK(ReasonOf(suite.Sign(foreign, "x").status()) == "SIGNING_KEY_MALFORMED");
    CHECK(ReasonOf(suite.PublicKeyOf("no PEM").status()) == "SIGNING_KEY_MALFORMED");
    CHECK_FALSE(suite.Verify(*other.PublicKeyOf(foreign), "x", *other.Sign(foreign, "x")));
    CHECK_FALSE(suite.Verify("no PEM", "x", "y"));
  }
}

TEST_CASE("comparison is of content and length") {
  CHECK(ConstantTimeEquals("", ""));
  CHECK(ConstantTimeEquals("abc", "abc"));
  CHECK_FALSE(ConstantTimeEquals("abc", "abd"));
  CHECK_FALSE(ConstantTimeEquals("abc", "ab"));
}

}  // namespace sifa::crypto
