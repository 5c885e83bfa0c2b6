#include "libs/casework/signing_keys.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/telemetry/log.h"

namespace sifa::casework {
namespace {

constexpr absl::Duration kLeaseLength = absl::Seconds(10);

// Id and time are bound to the key, so that neither can be changed in its row.
std::string Context(const KeyTerms& terms, const std::string& id, absl::Time made_at) {
  return absl::StrCat(terms.table, ":", id, "/", absl::ToUnixMicros(made_at));
}

const crypto::Suite& Signer() { return crypto::GetSuite(crypto::SuiteId::kInternational); }

// The keys that were made here, newest first; `altered`: the ids of the rows that were not.
absl::StatusOr<std::vector<SigningKey>> ReadKeys(const KeyTerms& terms, const crypto::Keyring& keyring,
                                                 mysql::Connection& connection, std::vector<std::string>* altered) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat("SELECT id, created_at, private_pem FROM ", terms.table,
                                                                  " ORDER BY created_at DESC, id DESC")));
  std::vector<SigningKey> keys;
  for (const auto& row : rows) {
    const std::string& id = row.Bytes(0);
    auto private_pem = keyring.Decrypt(row.Bytes(2), Context(terms, id, row.Time(1)));
    auto public_pem = private_pem.ok() ? Signer().PublicKeyOf(*private_pem) : private_pem.status();
    if (public_pem.ok()) {
      keys.push_back({id, row.Time(1), *std::move(public_pem), *std::move(private_pem)});
    } else {
      altered->push_back(id);
    }
  }
  return keys;
}

}  // namespace

SigningKeys::SigningKeys(const Backend& backend, KeyTerms terms, std::string holder)
    : backend_(backend), terms_(std::move(terms)) {
  lease_.name = terms_.table;
  lease_.holder = std::move(holder);
}

// Those that may have signed what is still shown, or will sign.
std::vector<SigningKey> SigningKeys::Needed(std::vector<SigningKey> keys) const {
  for (size_t i = 1; i < keys.size(); ++i) {
    if (backend_.clock.Now() - keys[i - 1].made_at < terms_.published_first + terms_.stays) continue;
    keys.resize(i);  // their successors have signed for long enough
  }
  return keys;
}

absl::StatusOr<std::vector<SigningKey>> SigningKeys::Read(mysql::Connection& connection) const {
  std::vector<std::string> altered;
  ASSIGN_OR_RETURN(auto keys, ReadKeys(terms_, backend_.keyring, connection, &altered));
  // They sign nothing, and nothing that they signed is accepted.
  for (const std::string& id : altered)
    telemetry::Error("signing key altered in its table", {{"table", terms_.table}, {"key", id}});
  return keys;
}

absl::StatusOr<std::vector<std::string>> AlteredKeys(const KeyTerms& terms, const crypto::Keyring& keyring,
                                                     mysql::Connection& connection) {
  std::vector<std::string> altered;
  RETURN_IF_ERROR(ReadKeys(terms, keyring, connection, &altered).status());
  return altered;
}

absl::Status SigningKeys::Make(mysql::Connection& connection) {
  const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(backend_.clock.Now()));  // as the column keeps it
  const std::string id = NewId(now).ToString();
  RETURN_IF_ERROR(connection
                      .Execute(absl::StrCat("INSERT INTO ", terms_.table, " (id, created_at, private_pem) VALUES (?,?,?)"),
                               {id, now, backend_.keyring.Encrypt(Signer().NewSigningKey(), Context(terms_, id, now))})
                      .status());
  telemetry::Info("signing key made", {{"table", terms_.table}, {"key", id}});
  return absl::OkStatus();
}

absl::Status SigningKeys::Refresh() {
  const absl::MutexLock refreshing(&refreshing_);
  bool may_make = false;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    refreshing_.AssertHeld();
    ASSIGN_OR_RETURN(may_make, AcquireLease(connection, lease_, kLeaseLength));
    return absl::OkStatus();
  }));
  std::vector<SigningKey> keys;
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(keys, Read(connection));
    if (!may_make) return absl::OkStatus();
    refreshing_.AssertHeld();
    RETURN_IF_ERROR(mysql::CheckLease(connection, lease_));
    const absl::Time now = backend_.clock.Now();
    if (keys.empty() || now - keys[0].made_at >= terms_.life) {
      RETURN_IF_ERROR(Make(connection));
    }
    // A key is unused once its successor signs, and what it has signed ends some time after.
    for (size_t i = Needed(keys).size(); i < keys.size(); ++i) {
      RETURN_IF_ERROR(connection.Execute(absl::StrCat("DELETE FROM ", terms_.table, " WHERE id = ?"), {keys[i].id}).status());
    }
    ASSIGN_OR_RETURN(keys, Read(connection));
    return absl::OkStatus();
  }));
  keys = Needed(std::move(keys));
  if (keys.empty()) return Unavailable("KEYS_UNAVAILABLE", "no signing key yet: another process makes it");
  const absl::MutexLock lock(&mutex_);
  keys_ = std::move(keys);
  return absl::OkStatus();
}

SigningKey SigningKeys::Signing() const {
  const absl::MutexLock lock(&mutex_);
  const absl::Time now = backend_.clock.Now();
  for (const SigningKey& key : keys_) {
    if (now - key.made_at >= terms_.published_first) return key;
  }
  return keys_.back();  // the first ever: whoever verifies waits for it
}

std::vector<SigningKey> SigningKeys::Published() const {
  const absl::MutexLock lock(&mutex_);
  return keys_;
}

std::string PublicPoint(const SigningKey& key) {
  std::string base64;
  for (absl::string_view line : absl::StrSplit(key.public_pem, '\n')) {
    if (!line.empty() && line[0] != '-') absl::StrAppend(&base64, line);
  }
  std::string der;
  absl::Base64Unescape(base64, &der);
  // SubjectPublicKeyInfo of Ed25519 ends with the 32 bytes of the key (RFC 8410).
  return absl::WebSafeBase64Escape(absl::string_view(der).substr(der.size() - 32));
}

}  // namespace sifa::casework
