// The keys that sign access tokens: made and rotated here, kept encrypted in the database, shared by all replicas. What is
// published is derived from the private halves: no column says which key is ours. Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "sifa/identity/v1/token.pb.h"

namespace sifa::identity {

struct SigningKey {
  std::string id;
  absl::Time made_at;
  std::string public_pem;
  std::string private_pem;
};

class TokenKeys {
 public:
  // `holder`: unique among living processes.
  TokenKeys(const casework::Backend& backend, std::string holder);

  // Reads the keys that are there, makes a new one where the newest has served its time, forgets those that
  // no living token needs. At start and every few seconds; one replica at a time makes keys, by lease.
  absl::Status Refresh();

  // The newest that has been published long enough for every service to know it. REQUIRES: Refresh has
  // succeeded once.
  SigningKey Signing() const;
  // All that may have signed a living token, and the one that will sign next.
  std::vector<SigningKey> Published() const;

 private:
  absl::StatusOr<std::vector<SigningKey>> Read(mysql::Connection& connection) const;
  absl::Status Make(mysql::Connection& connection);
  std::vector<SigningKey> Needed(std::vector<SigningKey> keys) const;

  const casework::Backend& backend_;
  mysql::Lease lease_;
  std::mutex refreshing_;
  mutable std::mutex mutex_;
  std::vector<SigningKey> keys_;  // newest first
};

// The ids of rows that are not as they were made here: for the verifier.
absl::StatusOr<std::vector<std::string>> AlteredTokenKeys(const crypto::Keyring& keyring, mysql::Connection& connection);

// The public half as RFC 8037 writes it.
v1::JsonWebKey ToJsonWebKey(const SigningKey& key);

}  // namespace sifa::identity
