#include "services/identity/session_store.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

constexpr absl::Duration kKept = absl::Hours(24);

SessionRow ReadSession(const mysql::Row& row, int c) {
  return {row.AsId(c),     row.AsId(c + 1), row.Time(c + 2),
          row.Time(c + 3), row.Time(c + 4), !row.IsNull(c + 5)};
}

absl::StatusOr<std::string> AddRefreshToken(mysql::Connection& connection, const Id& session) {
  const std::string token = absl::WebSafeBase64Escape(crypto::RandomBytes(32));
  RETURN_IF_ERROR(connection
                      .Execute("INSERT INTO refresh_token (digest, session_id, used) VALUES (?, ?, 0)",
                               {crypto::Sha256(token), session})
                      .status());
  return token;
}

}  // namespace

bool SessionRow::LivesAt(absl::Time now) const {
  return !ended && now < expires_at && now - last_used_at < kSessionIdle;
}

absl::StatusOr<NewSession> OpenSession(mysql::Connection& connection, const Id& account, absl::Time now) {
  NewSession session;
  session.id = NewId(now);
  RETURN_IF_ERROR(connection
                      .Execute("INSERT INTO session (id, account_id, created_at, last_used_at, expires_at, "
                               "ended_at) VALUES (?,?,?,?,?,NULL)",
                               {session.id, account, now, now, now + kSessionLife})
                      .status());
  ASSIGN_OR_RETURN(session.refresh_token, AddRefreshToken(connection, session.id));
  return session;
}

absl::StatusOr<std::optional<Presented>> FindRefreshToken(mysql::Connection& connection,
                                                          const std::string& token) {
  const std::string digest = crypto::Sha256(token);
  ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query(
          "SELECT s.id, s.account_id, s.created_at, s.last_used_at, s.expires_at, s.ended_at, t.used"
          " FROM refresh_token t JOIN session s ON s.id = t.session_id WHERE t.digest = ? FOR UPDATE",
          {digest}));
  if (rows.empty()) return std::nullopt;
  return Presented{ReadSession(rows[0], 0), rows[0].Int(6) != 0};
}

absl::StatusOr<std::string> RotateRefreshToken(mysql::Connection& connection, const std::string& token,
                                               const Id& session, absl::Time now) {
  const std::string digest = crypto::Sha256(token);
  RETURN_IF_ERROR(
      connection.Execute("UPDATE refresh_token SET used = 1 WHERE digest = ?", {digest}).status());
  RETURN_IF_ERROR(
      connection.Execute("UPDATE session SET last_used_at = ? WHERE id = ?", {now, session}).status());
  return AddRefreshToken(connection, session);
}

absl::StatusOr<std::vector<SessionRow>> ListSessions(mysql::Connection& connection, const Id& account,
                                                     absl::Time now) {
  ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query(
          "SELECT id, account_id, created_at, last_used_at, expires_at, ended_at FROM session"
          " WHERE account_id = ? AND ended_at IS NULL AND expires_at > ? ORDER BY id DESC LIMIT 200",
          {account, now}));
  std::vector<SessionRow> sessions;
  for (const auto& row : rows) {
    SessionRow session = ReadSession(row, 0);
    if (session.LivesAt(now)) sessions.push_back(session);
  }
  return sessions;
}

absl::Status PruneSessions(const casework::Backend& backend) {
  const absl::Time old = backend.clock.Now() - kKept;
  return backend.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(
        connection
            .Execute(
                "DELETE FROM refresh_token WHERE session_id IN (SELECT id FROM session WHERE expires_at < ?)",
                {old})
            .status());
    return connection.Execute("DELETE FROM session WHERE expires_at < ?", {old}).status();
  });
}

}  // namespace sifa::identity
