#include "libs/crypto/keyring_file.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/core/status.h"
#include "libs/crypto/suites.h"

namespace sifa::crypto::internal {
namespace {

constexpr absl::string_view kMasterHead = "sifa-master-key 1 ";
constexpr absl::string_view kKeyringHead = "sifa-keyring 2 ";
constexpr absl::string_view kSealHead = "seal ";

absl::Status Malformed(absl::string_view what) {
  return sifa::Error(absl::StatusCode::kFailedPrecondition, "KEYRING_MALFORMED",
                     absl::StrCat("密钥库文件已损坏，或与主密钥不符：", what));
}

const EVP_MD* MdOf(SuiteId suite) { return suite == SuiteId::kGuomi ? Sm3Md() : Sha256Md(); }

// Wraps, unwraps and seals under the master key.
class Master {
 public:
  Master(SuiteId home, absl::string_view master)
      : suite_(GetSuite(home)),
        wrap_(Hkdf(MdOf(home), master, "sifa keyring wrap", kKeySize)),
        seal_(Hkdf(MdOf(home), master, "sifa keyring seal", kKeySize)) {}

  std::string Line(absl::string_view name, uint32_t number, const Secret& secret, int64_t from = 0) const {
    const std::string place = absl::StrCat(name, " ", number);
    return absl::StrCat(place, " ", absl::Base64Escape(suite_.Encrypt(wrap_.view(), secret.view(), place)),
                        from == 0 ? "" : absl::StrCat(" ", from), "\n");
  }

  absl::StatusOr<Secret> Unwrap(absl::string_view place, absl::string_view base64) const {
    std::string sealed;
    if (!absl::Base64Unescape(base64, &sealed)) return Malformed(place);
    ASSIGN_OR_RETURN(std::string plain, suite_.Decrypt(wrap_.view(), sealed, place));
    return Secret::Take(plain);
  }

  std::string Seal(absl::string_view body) const { return Hex(suite_.Hmac(seal_.view(), body)); }

 private:
  const Suite& suite_;
  const Secret wrap_;
  const Secret seal_;
};

bool ParseSuite(absl::string_view text, SuiteId* suite) {
  uint32_t number = 0;
  if (!absl::SimpleAtoi(text, &number) || number < 1 || number > 2) return false;
  *suite = static_cast<SuiteId>(number);
  return true;
}

absl::Status ParseLine(absl::string_view line, const Master& master, KeyringFile& keyring) {
  const std::vector<absl::string_view> parts = absl::StrSplit(line, ' ');
  uint32_t number = 0;
  if (parts.size() < 3 || !absl::SimpleAtoi(parts[1], &number) || number == 0) return Malformed(parts[0]);
  int64_t from = 0;
  if (parts.size() == 4 && (parts[0] == "data" || parts[0] == "mac") && absl::SimpleAtoi(parts[3], &from) && from > 0) {
    (parts[0] == "data" ? keyring.data_from : keyring.mac_from)[number] = from;
  } else if (parts.size() != 3) {
    return Malformed(parts[0]);
  }
  const std::string place = absl::StrCat(parts[0], " ", number);
  ASSIGN_OR_RETURN(Secret secret, master.Unwrap(place, parts[2]));
  SuiteId suite;
  if (parts[0] == "data" && secret.view().size() == kKeySize) {
    keyring.data_keys[number] = std::move(secret);
  } else if (parts[0] == "mac" && secret.view().size() == kKeySize) {
    keyring.mac_keys[number] = std::move(secret);
  } else if (parts[0] == "index" && secret.view().size() == kKeySize) {
    keyring.index_key = std::move(secret);
  } else if (parts[0] == "signing" && ParseSuite(parts[1], &suite)) {
    keyring.signing_keys[suite] = std::move(secret);
  } else {
    return Malformed(place);
  }
  return absl::OkStatus();
}

}  // namespace

std::string MasterPath(const std::string& directory) { return absl::StrCat(directory, "/master.key"); }
std::string KeyringPath(const std::string& directory) { return absl::StrCat(directory, "/keyring"); }

Secret NewKey() {
  std::string key = RandomBytes(kKeySize);
  return Secret::Take(key);
}

void AddKeys(KeyringFile& keyring, int64_t from) {
  const uint32_t data = keyring.data_keys.rbegin()->first + 1, mac = keyring.mac_keys.rbegin()->first + 1;
  keyring.data_keys[data] = NewKey();
  keyring.mac_keys[mac] = NewKey();
  if (from == 0) return;
  keyring.data_from[data] = from;
  keyring.mac_from[mac] = from;
}

KeyringFile NewKeyring(SuiteId home) {
  KeyringFile keyring;
  keyring.home = home;
  keyring.data_keys[1] = NewKey();
  keyring.mac_keys[1] = NewKey();
  keyring.index_key = NewKey();
  for (SuiteId suite : {SuiteId::kInternational, SuiteId::kGuomi}) {
    std::string pem = GetSuite(suite).NewSigningKey();
    keyring.signing_keys[suite] = Secret::Take(pem);
  }
  return keyring;
}

std::string FormatKeyring(const KeyringFile& keyring, absl::string_view master_key) {
  const Master master(keyring.home, master_key);
  const auto from = [](const std::map<uint32_t, int64_t>& times, uint32_t number) {
    const auto found = times.find(number);
    return found == times.end() ? 0 : found->second;
  };
  std::string text = absl::StrCat(kKeyringHead, static_cast<int>(keyring.home), "\n");
  for (const auto& [number, key] : keyring.data_keys) {
    text += master.Line("data", number, key, from(keyring.data_from, number));
  }
  for (const auto& [number, key] : keyring.mac_keys) {
    text += master.Line("mac", number, key, from(keyring.mac_from, number));
  }
  text += master.Line("index", 1, keyring.index_key);
  for (const auto& [suite, pem] : keyring.signing_keys)
    text += master.Line("signing", static_cast<int>(suite), pem);
  return absl::StrCat(text, kSealHead, master.Seal(text), "\n");
}

absl::StatusOr<KeyringFile> ParseKeyring(absl::string_view text, absl::string_view master_key) {
  KeyringFile keyring;
  absl::string_view head = text.substr(0, text.find('\n'));
  if (!absl::ConsumePrefix(&head, kKeyringHead) || !ParseSuite(head, &keyring.home)) return Malformed("head");
  const Master master(keyring.home, master_key);
  const size_t seal_at = text.rfind(absl::StrCat("\n", kSealHead));
  if (seal_at == absl::string_view::npos) return Malformed("seal");
  const absl::string_view body = text.substr(0, seal_at + 1);
  if (!ConstantTimeEquals(text.substr(body.size()), absl::StrCat(kSealHead, master.Seal(body), "\n"))) {
    return Malformed("seal");
  }
  const std::vector<absl::string_view> lines = absl::StrSplit(absl::StripSuffix(body, "\n"), '\n');
  for (size_t i = 1; i < lines.size(); ++i) RETURN_IF_ERROR(ParseLine(lines[i], master, keyring));
  if (keyring.data_keys.empty() || keyring.mac_keys.empty() || keyring.index_key.empty() || keyring.signing_keys.size() != 2) {
    return Malformed("keys");
  }
  return keyring;
}

std::string FormatMaster(absl::string_view master) { return absl::StrCat(kMasterHead, Hex(master), "\n"); }

absl::StatusOr<Secret> ParseMaster(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, kMasterHead) || !absl::ConsumeSuffix(&text, "\n"))
    return Malformed("master.key");
  const bool is_hex = text.find_first_not_of("0123456789abcdef") == absl::string_view::npos;
  if (text.size() != 2 * kKeySize || !is_hex) return Malformed("master.key");
  std::string key = absl::HexStringToBytes(text);
  return Secret::Take(key);
}

}  // namespace sifa::crypto::internal
