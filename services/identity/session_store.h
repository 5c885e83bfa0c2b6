// Sessions and refresh tokens in their tables. Functions work inside the caller's
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
  bool ended = false;

  bool LivesAt(absl::Time now) const;
};

// A new session and its first refresh token (a secret; only its digest is stored).
struct NewSession {
  Id id;
  std::string refresh_token;
};
absl::StatusOr<NewSession> OpenSession(mysql::Connection& connection, const Id& account, absl::Time now);

// What a refresh token says. The row of its session is locked.
struct Presented {
  SessionRow session;
  bool used = false;  // a second time: stolen, or the thief was faster
};
absl::StatusOr<std::optional<Presented>> FindRefreshToken(mysql::Connection& connection,
                                                          const std::string& token);
// Uses it up; the next one.
absl::StatusOr<std::string> RotateRefreshToken(mysql::Connection& connection, const std::string& token,
                                               const Id& session, absl::Time now);

// Living sessions of an account, latest first.
absl::StatusOr<std::vector<SessionRow>> ListSessions(mysql::Connection& connection, const Id& account,
                                                     absl::Time now);

// Deletes sessions that no longer matter.
absl::Status PruneSessions(const casework::Backend& backend);

}  // namespace sifa::identity
