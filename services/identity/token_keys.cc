#include "services/identity/token_keys.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/telemetry/log.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

constexpr absl::Duration kLeaseLength = absl::Seconds(10);

std::string Context(const std::string& id) { return absl::StrCat("token_key:", id); }

const crypto::Suite& Signer() { return crypto::GetSuite(crypto::SuiteId::kInternational); }

}  // namespace

TokenKeys::TokenKeys(const casework::Backend& backend, std::string holder) : backend_(backend) {
  lease_.name = "token_keys";
  lease_.holder = std::move(holder);
}

absl::StatusOr<std::vector<SigningKey>> TokenKeys::Read(mysql::Connection& connection) const {
  ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query(
          "SELECT id, created_at, public_pem, private_pem FROM token_key ORDER BY created_at DESC, id DESC"));
  std::vector<SigningKey> keys;
  for (const auto& row : rows) {
    const std::string& id = row.Bytes(0);
    ASSIGN_OR_RETURN(std::string private_pem, backend_.keyring.Decrypt(row.Bytes(3), Context(id)));
    keys.push_back({id, row.Time(1), row.Bytes(2), std::move(private_pem)});
  }
  return keys;
}

absl::Status TokenKeys::Make(mysql::Connection& connection) {
  const absl::Time now = backend_.clock.Now();
  const std::string id = NewId(now).ToString();
  const std::string private_pem = Signer().NewSigningKey();
  ASSIGN_OR_RETURN(const std::string public_pem, Signer().PublicKeyOf(private_pem));
  RETURN_IF_ERROR(
      connection
          .Execute("INSERT INTO token_key (id, created_at, public_pem, private_pem) VALUES (?,?,?,?)",
                   {id, now, public_pem, backend_.keyring.Encrypt(private_pem, Context(id))})
          .status());
  telemetry::Info("token key made", {{"key", id}});
  return absl::OkStatus();
}

absl::Status TokenKeys::Refresh() {
  std::lock_guard refreshing(refreshing_);
  bool may_make = false;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(may_make, AcquireLease(connection, lease_, kLeaseLength));
    return absl::OkStatus();
  }));
  std::vector<SigningKey> keys;
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(keys, Read(connection));
    if (!may_make) return absl::OkStatus();
    RETURN_IF_ERROR(mysql::CheckLease(connection, lease_));
    const absl::Time now = backend_.clock.Now();
    if (keys.empty() || now - keys[0].made_at >= kKeyLife) {
      RETURN_IF_ERROR(Make(connection));
    }
    // A key is unused once its successor signs; its last tokens die soon after.
    for (size_t i = 1; i < keys.size(); ++i) {
      if (now - keys[i - 1].made_at < kKeyPublishedFirst + kKeyStays) continue;
      RETURN_IF_ERROR(connection.Execute("DELETE FROM token_key WHERE id = ?", {keys[i].id}).status());
    }
    ASSIGN_OR_RETURN(keys, Read(connection));
    return absl::OkStatus();
  }));
  if (keys.empty()) return Unavailable("KEYS_UNAVAILABLE", "no token key yet: another process makes it");
  std::lock_guard lock(mutex_);
  keys_ = std::move(keys);
  return absl::OkStatus();
}

SigningKey TokenKeys::Signing() const {
  std::lock_guard lock(mutex_);
  const absl::Time now = backend_.clock.Now();
  for (const SigningKey& key : keys_) {
    if (now - key.made_at >= kKeyPublishedFirst) return key;
  }
  return keys_.back();  // the first ever: whoever verifies waits for it
}

std::vector<SigningKey> TokenKeys::Published() const {
  std::lock_guard lock(mutex_);
  return keys_;
}

v1::JsonWebKey ToJsonWebKey(const SigningKey& key) {
  std::string der;
  std::string base64;
  for (absl::string_view line : absl::StrSplit(key.public_pem, '\n')) {
    if (!line.empty() && line[0] != '-') absl::StrAppend(&base64, line);
  }
  absl::Base64Unescape(base64, &der);
  v1::JsonWebKey jwk;
  jwk.set_kty("OKP");
  jwk.set_crv("Ed25519");
  // SubjectPublicKeyInfo of Ed25519 ends with the 32 bytes of the key (RFC 8410).
  jwk.set_x(absl::WebSafeBase64Escape(absl::string_view(der).substr(der.size() - 32)));
  jwk.set_kid(key.id);
  jwk.set_alg("EdDSA");
  jwk.set_use("sig");
  return jwk;
}

}  // namespace sifa::identity
