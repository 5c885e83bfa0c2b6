// Sessions in their table. No column decides who somebody is: a row bears a keyed seal over all of it, and a refresh token is a
// keyed digest of its session, the session's account and a number of its own. Functions work inside the caller's
// transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"

namespace sifa::identity {

struct SessionRow {
  Id id;
  Id account;
  absl::Time created_at, last_used_at, expires_at;
  std::optional<absl::Time> ended_at;
  std::string nonce;  // of the latest refresh token

  bool LivesAt(absl::Time now) const;
};

// A new session and its first refresh token (a secret, stored nowhere).
struct NewSession {
  Id id;
  std::string refresh_token;
};
absl::StatusOr<NewSession> OpenSession(const casework::Backend& backend, mysql::Connection& connection, const Id& account);

// Nullopt where it is not there, or not as it was written.
absl::StatusOr<std::optional<SessionRow>> FindSession(const casework::Backend& backend, mysql::Connection& connection,
                                                      const Id& session);

// What a refresh token says. The row of its session is locked.
struct Presented {
  SessionRow session;
  bool used = false;  // not the latest: stolen, or the thief was faster
};
// Nullopt where we have not made the token, or not the row as it stands.
absl::StatusOr<std::optional<Presented>> FindRefreshToken(const casework::Backend& backend, mysql::Connection& connection,
                                                          absl::string_view token);
// Uses the latest token of the session up; the next one.
absl::StatusOr<std::string> RotateRefreshToken(const casework::Backend& backend, mysql::Connection& connection,
                                               SessionRow session);
// Marks it. False where it had ended, or is none of ours.
absl::StatusOr<bool> MarkEnded(const casework::Backend& backend, mysql::Connection& connection, const Id& session);

// Living sessions of an account, latest first.
absl::StatusOr<std::vector<SessionRow>> ListSessions(const casework::Backend& backend, mysql::Connection& connection,
                                                     const Id& account);

// The ids of rows that are not as they were written: for the verifier.
absl::StatusOr<std::vector<Id>> AlteredSessions(const crypto::Keyring& keyring, mysql::Connection& connection);

// Deletes sessions that no longer matter.
absl::Status PruneSessions(const casework::Backend& backend);

}  // namespace sifa::identity
