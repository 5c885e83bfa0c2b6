// The keys (Ed25519) with which a service signs what others check by published keys: made and rotated here, kept encrypted in a
// table of the service, shared by all replicas. What is published is derived from the private halves: no column says which key is
// ours. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/casework/backend.h"

namespace sifa::casework {

struct SigningKey {
  std::string id;
  absl::Time made_at;
  std::string public_pem;
  std::string private_pem;
};

// What keys are for, and how long they last.
struct KeyTerms {
  std::string table;               // of the columns id, created_at and private_pem; it names the lease, too
  absl::Duration life;             // a key signs for so long
  absl::Duration published_first;  // and is published so long before it does
  absl::Duration stays;            // and after that, while what it has signed may be shown
};

class SigningKeys {
 public:
  // `holder`: unique among living processes. Borrows the backend.
  SigningKeys(const Backend& backend, KeyTerms terms, std::string holder);

  // Reads the keys that are there, makes a new one where the newest has served its time, forgets those that are needed no longer.
  // At start and then as often as `published_first` asks; one replica at a time makes keys, by lease. UNAVAILABLE
  // "KEYS_UNAVAILABLE" while another process makes the first.
  absl::Status Refresh();

  // The newest that has been published long enough for those who check to know it. REQUIRES: Refresh has succeeded once.
  SigningKey Signing() const;
  // All that may have signed what is still shown, and the one that will sign next; newest first.
  std::vector<SigningKey> Published() const;

 private:
  absl::StatusOr<std::vector<SigningKey>> Read(mysql::Connection& connection) const;
  absl::Status Make(mysql::Connection& connection);
  std::vector<SigningKey> Needed(std::vector<SigningKey> keys) const;

  const Backend& backend_;
  const KeyTerms terms_;
  mysql::Lease lease_ ABSL_GUARDED_BY(refreshing_);
  absl::Mutex refreshing_;
  mutable absl::Mutex mutex_;
  std::vector<SigningKey> keys_ ABSL_GUARDED_BY(mutex_);  // newest first
};

// The ids of rows that are not as they were made here: for the verifier.
absl::StatusOr<std::vector<std::string>> AlteredKeys(const KeyTerms& terms, const crypto::Keyring& keyring,
                                                     mysql::Connection& connection);

// The 32 bytes of the public half in base64url.
std::string PublicPoint(const SigningKey& key);
// The public half in a message that is a JSON Web Key, as RFC 8037 writes it.
template <class JsonWebKey>
void FillJsonWebKey(const SigningKey& key, JsonWebKey* jwk) {
  jwk->set_kty("OKP");
  jwk->set_crv("Ed25519");
  jwk->set_x(PublicPoint(key));
  jwk->set_kid(key.id);
  jwk->set_alg("EdDSA");
  jwk->set_use("sig");
}

}  // namespace sifa::casework
