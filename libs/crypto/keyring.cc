#include "libs/crypto/keyring.h"

#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "libs/core/status.h"
#include "libs/crypto/keyring_file.h"
#include "libs/crypto/openssl.h"
#include "libs/crypto/private_file.h"
#include "libs/crypto/rotation.h"
#include "libs/crypto/suites.h"

namespace sifa::crypto {
namespace {

using internal::KeyringFile;
using internal::Secret;

constexpr size_t kHeaderSize = 5;
constexpr size_t kBlindIndexSize = 16;

// One key, as each suite uses it for `purpose`: a key never serves two algorithms.
struct SuiteKeys {
  SuiteKeys(absl::string_view key, absl::string_view purpose)
      : international(internal::Hkdf(internal::Sha256Md(), key, purpose, internal::kKeySize)),
        guomi(internal::Hkdf(internal::Sm3Md(), key, purpose, internal::kKeySize)) {}
  absl::string_view For(SuiteId suite) const {
    return suite == SuiteId::kGuomi ? guomi.view() : international.view();
  }

  const Secret international;
  const Secret guomi;
};

// What a keyring file held at one time. Never changes, so readers share it without a lock.
struct Snapshot {
  explicit Snapshot(KeyringFile read) : file(std::move(read)) {
    for (const auto& [number, key] : file.data_keys) data_keys.try_emplace(number, key.view(), "sifa data");
    for (const auto& [number, key] : file.mac_keys) mac_keys.try_emplace(number, key.view(), "sifa mac");
  }
  uint32_t current() const { return Current(data_keys, file.data_from); }
  uint32_t current_mac() const { return Current(mac_keys, file.mac_from); }

  // The greatest whose time has come; by this machine's clock, since every other holder has the key long before.
  static uint32_t Current(const std::map<uint32_t, SuiteKeys>& keys, const std::map<uint32_t, int64_t>& from) {
    if (from.empty()) return keys.rbegin()->first;
    const int64_t now = absl::ToUnixSeconds(absl::Now());
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
      const auto time = from.find(key->first);
      if (time == from.end() || time->second <= now) return key->first;
    }
    return keys.begin()->first;
  }

  KeyringFile file;
  std::map<uint32_t, SuiteKeys> data_keys;
  std::map<uint32_t, SuiteKeys> mac_keys;
};

bool IsSuite(uint8_t byte) { return byte == 1 || byte == 2; }

std::string Header(SuiteId suite, uint32_t key) {
  return {static_cast<char>(suite), static_cast<char>(key >> 24), static_cast<char>(key >> 16),
          static_cast<char>(key >> 8), static_cast<char>(key)};
}

bool Exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

// The directory with both files, where none of the two is there. One alone is a loss that a person must look
// at: a fresh file beside it would make every stored body unreadable.
absl::Status CreateIfNew(const std::string& directory, SuiteId suite) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(directory).parent_path(), error);
  mkdir(directory.c_str(), 0700);
  ASSIGN_OR_RETURN(const auto lock, internal::DirectoryLock::Take(directory));
  if (Exists(internal::MasterPath(directory)) || Exists(internal::KeyringPath(directory)))
    return absl::OkStatus();
  const Secret master = internal::NewKey();
  RETURN_IF_ERROR(internal::WritePrivateFile(
      internal::KeyringPath(directory), internal::FormatKeyring(internal::NewKeyring(suite), master.view())));
  std::string text = internal::FormatMaster(master.view());
  const absl::Status written = internal::WritePrivateFile(internal::MasterPath(directory), text);
  OPENSSL_cleanse(text.data(), text.size());
  return written;
}

absl::StatusOr<Secret> ReadMaster(const std::string& directory) {
  ASSIGN_OR_RETURN(std::string text, internal::ReadPrivateFile(internal::MasterPath(directory)));
  const Secret wiped = Secret::Take(text);
  return internal::ParseMaster(wiped.view());
}

class FileKeyring : public Keyring {
 public:
  FileKeyring(std::string directory, SuiteId suite, Secret master)
      : directory_(std::move(directory)), suite_(GetSuite(suite)), master_(std::move(master)) {}

  // Reads the file anew.
  absl::Status Load() const {
    const std::string version = internal::FileVersion(internal::KeyringPath(directory_));
    ASSIGN_OR_RETURN(const std::string text, internal::ReadPrivateFile(internal::KeyringPath(directory_)));
    ASSIGN_OR_RETURN(KeyringFile file, internal::ParseKeyring(text, master_.view()));
    Publish(std::move(file), version);
    return absl::OkStatus();
  }

  std::string Encrypt(absl::string_view plain, absl::string_view context) const override {
    const auto now = Now();
    const uint32_t number = now->current();
    const absl::string_view key = now->data_keys.at(number).For(suite_.id());
    return absl::StrCat(Header(suite_.id(), number), suite_.Encrypt(key, plain, context));
  }

  absl::StatusOr<std::string> Decrypt(absl::string_view text, absl::string_view context) const override {
    const uint32_t number = KeyIdOf(text);
    if (number == 0) return internal::Damaged();
    const auto now = Knowing(&Snapshot::data_keys, number);
    const auto key = now->data_keys.find(number);
    if (key == now->data_keys.end()) {
      return sifa::Error(absl::StatusCode::kDataLoss, "KEY_UNKNOWN", "密文所用的数据密钥不在密钥库中");
    }
    const auto suite = static_cast<SuiteId>(text[0]);
    return GetSuite(suite).Decrypt(key->second.For(suite), text.substr(kHeaderSize), context);
  }

  uint32_t current_key() const override { return Now()->current(); }

  absl::Status Rotate() override {
    ASSIGN_OR_RETURN(const auto lock, internal::DirectoryLock::Take(directory_));
    const std::string path = internal::KeyringPath(directory_);
    ASSIGN_OR_RETURN(const std::string text, internal::ReadPrivateFile(path));
    ASSIGN_OR_RETURN(KeyringFile file, internal::ParseKeyring(text, master_.view()));
    internal::AddKeys(file, 0);
    RETURN_IF_ERROR(internal::WritePrivateFile(path, internal::FormatKeyring(file, master_.view())));
    Publish(std::move(file), internal::FileVersion(path));
    return absl::OkStatus();
  }

  absl::Status Refresh() override { return LoadIfChanged(); }

  // By the suite of the file and not of this process, so that values still meet after a change of suite.
  std::string BlindIndex(absl::string_view kind, absl::string_view value) const override {
    const auto now = Now();
    return GetSuite(now->file.home).Hmac(now->file.index_key.view(), Framed(kind, value)).substr(0, kBlindIndexSize);
  }

  std::string Mac(absl::string_view kind, absl::string_view data) const override {
    const auto now = Now();
    const uint32_t number = now->current_mac();
    const SuiteKeys& key = now->mac_keys.at(number);
    return absl::StrCat(Header(suite_.id(), number), suite_.Hmac(key.For(suite_.id()), Framed(kind, data)));
  }

  bool CheckMac(absl::string_view kind, absl::string_view data, absl::string_view mac) const override {
    const uint32_t number = KeyIdOf(mac);
    if (number == 0) return false;
    const auto now = Knowing(&Snapshot::mac_keys, number);
    const auto key = now->mac_keys.find(number);
    if (key == now->mac_keys.end()) return false;
    const auto suite = static_cast<SuiteId>(mac[0]);
    return ConstantTimeEquals(mac.substr(kHeaderSize), GetSuite(suite).Hmac(key->second.For(suite), Framed(kind, data)));
  }

  std::string Sign(absl::string_view data) const override {
    const auto now = Now();
    const auto signature = suite_.Sign(now->file.signing_keys.at(suite_.id()).view(), data);
    internal::Must(signature.ok(), "signing key of the keyring");
    return absl::StrCat(std::string(1, static_cast<char>(suite_.id())), *signature);
  }

  bool VerifyOwn(absl::string_view data, absl::string_view signature) const override {
    if (signature.empty() || !IsSuite(static_cast<uint8_t>(signature[0]))) return false;
    return Verify(PublicKey(static_cast<SuiteId>(signature[0])), data, signature);
  }

  std::string PublicKey(SuiteId suite) const override {
    const auto now = Now();
    const auto pem = GetSuite(suite).PublicKeyOf(now->file.signing_keys.at(suite).view());
    internal::Must(pem.ok(), "signing key of the keyring");
    return *pem;
  }

 private:
  static std::string Framed(absl::string_view kind, absl::string_view data) {
    return absl::StrCat(internal::BigEndian64(kind.size()), kind, data);
  }

  std::shared_ptr<const Snapshot> Now() const {
    const absl::MutexLock lock(&mutex_);
    return now_;
  }

  // With key `number` where the file has it: another process may have rotated. What was read before stays good.
  std::shared_ptr<const Snapshot> Knowing(std::map<uint32_t, SuiteKeys> Snapshot::*keys, uint32_t number) const {
    auto now = Now();
    if ((*now.*keys).contains(number)) return now;
    LoadIfChanged().IgnoreError();
    return Now();
  }

  void Publish(KeyringFile file, const std::string& version) const {
    auto next = std::make_shared<const Snapshot>(std::move(file));
    const absl::MutexLock lock(&mutex_);
    now_ = std::move(next);
    version_ = version;
  }

  // The file is read only where it was replaced, so that texts with numbers made up cost no reading.
  absl::Status LoadIfChanged() const {
    const std::string version = internal::FileVersion(internal::KeyringPath(directory_));
    bool changed;
    {
      const absl::MutexLock lock(&mutex_);
      changed = version != version_;
    }
    return changed ? Load() : absl::OkStatus();
  }

  const std::string directory_;
  const Suite& suite_;
  const Secret master_;
  mutable absl::Mutex mutex_;
  mutable std::shared_ptr<const Snapshot> now_ ABSL_GUARDED_BY(mutex_);
  mutable std::string version_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<std::unique_ptr<Keyring>> Keyring::Open(const std::string& directory, SuiteId suite,
                                                       bool create) {
  if (create) RETURN_IF_ERROR(CreateIfNew(directory, suite));
  ASSIGN_OR_RETURN(Secret master, ReadMaster(directory));
  auto keyring = std::make_unique<FileKeyring>(directory, suite, std::move(master));
  RETURN_IF_ERROR(keyring->Load());
  return keyring;
}

absl::Status RotateFrom(const std::string& directory, absl::Time from) {
  ASSIGN_OR_RETURN(const auto lock, internal::DirectoryLock::Take(directory));
  ASSIGN_OR_RETURN(const Secret master, ReadMaster(directory));
  ASSIGN_OR_RETURN(const std::string text, internal::ReadPrivateFile(internal::KeyringPath(directory)));
  ASSIGN_OR_RETURN(KeyringFile file, internal::ParseKeyring(text, master.view()));
  internal::AddKeys(file, absl::ToUnixSeconds(from));
  return internal::WritePrivateFile(internal::KeyringPath(directory), internal::FormatKeyring(file, master.view()));
}

absl::StatusOr<uint32_t> NewestDataKey(const std::string& directory) {
  ASSIGN_OR_RETURN(const Secret master, ReadMaster(directory));
  ASSIGN_OR_RETURN(const std::string text, internal::ReadPrivateFile(internal::KeyringPath(directory)));
  ASSIGN_OR_RETURN(const KeyringFile file, internal::ParseKeyring(text, master.view()));
  return file.data_keys.rbegin()->first;
}

uint32_t Keyring::KeyIdOf(absl::string_view text) {
  if (text.size() < kHeaderSize || !IsSuite(static_cast<uint8_t>(text[0]))) return 0;
  uint32_t number = 0;
  for (size_t i = 1; i < kHeaderSize; ++i) number = (number << 8) | static_cast<uint8_t>(text[i]);
  return number;
}

bool Keyring::Verify(absl::string_view public_pem, absl::string_view data, absl::string_view signature) {
  if (signature.empty() || !IsSuite(static_cast<uint8_t>(signature[0]))) return false;
  return GetSuite(static_cast<SuiteId>(signature[0])).Verify(public_pem, data, signature.substr(1));
}

}  // namespace sifa::crypto
