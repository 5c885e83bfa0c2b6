// Access tokens: JWT (RFC 7519) signed with EdDSA (RFC 8037). Identity signs them; every service verifies them itself.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "libs/core/clock.h"
#include "sifa/identity/v1/token.pb.h"

namespace sifa::rpc {

absl::StatusOr<std::string> SignToken(const identity::v1::TokenClaims& claims, const std::string& key_id,
                                      const std::string& private_pem);

// No token is good for longer: it lives five minutes, and there is room for clocks that differ.
inline constexpr absl::Duration kLongestTokenLife = absl::Minutes(10);

// Verifies tokens against the published keys and the revocation list. Verified tokens are cached by their text until they
// expire or their key is no longer published: a signature check costs more than a request. Thread-safe.
class TokenVerifier {
 public:
  explicit TokenVerifier(const Clock& clock) : clock_(clock) {}

  // UNAUTHENTICATED with TOKEN_MISSING, TOKEN_MALFORMED, TOKEN_EXPIRED, TOKEN_REVOKED, TOKEN_TOO_LONG_LIVED for one that would
  // live longer than any is meant to, or UNAVAILABLE KEYS_UNAVAILABLE while no key has ever been seen.
  absl::StatusOr<identity::v1::TokenClaims> Verify(absl::string_view authorization);

  // Of a call that goes on after its token was verified: TOKEN_REVOKED. Its five minutes may be over by then.
  absl::Status CheckRevoked(const identity::v1::TokenClaims& claims) const;

  // Takes in an answer of TokenService.SyncTokens.
  void Update(const identity::v1::SyncTokensResponse& sync);
  int64_t position() const;
  bool has_keys() const;

 private:
  // A token that has been verified, and the key that it was verified by.
  struct Verified {
    identity::v1::TokenClaims claims;
    std::string key_id;
  };
  absl::StatusOr<Verified> Check(absl::string_view token);
  bool Revoked(const identity::v1::TokenClaims& claims) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  mutable absl::Mutex mutex_;
  std::map<std::string, std::string> keys_ ABSL_GUARDED_BY(mutex_);  // id → public PEM
  std::map<std::string, uint32_t> revoked_sessions_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, uint32_t> revoked_accounts_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, Verified> verified_ ABSL_GUARDED_BY(mutex_);
  int64_t position_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Keeps a verifier in step with identity: every two seconds, and at once at the start. While identity is away tokens
// stay good for the rest of their five minutes.
class TokenFollower {
 public:
  using Fetch = std::function<absl::StatusOr<identity::v1::SyncTokensResponse>(int64_t after_position)>;
  // Asks identity through a channel to it.
  static Fetch From(std::shared_ptr<grpc::Channel> identity);
  TokenFollower(TokenVerifier& verifier, Fetch fetch);
  ~TokenFollower();

 private:
  struct Stop;
  std::shared_ptr<Stop> stop_;
  std::thread thread_;
};

}  // namespace sifa::rpc
