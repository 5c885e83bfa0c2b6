#include "services/identity/session_store.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/telemetry/log.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

constexpr absl::Duration kKept = absl::Hours(24);
constexpr size_t kIdSize = 16, kNonceSize = 16;
constexpr char kSelect[] =
    "SELECT id, account_id, created_at, last_used_at, expires_at, ended_at, nonce, seal FROM session WHERE ";

int64_t Micros(absl::Time time) { return absl::ToUnixMicros(time); }

std::string SealOf(const crypto::Keyring& keyring, const SessionRow& s) {
  return keyring.BlindIndex(
      "session", absl::StrCat(s.id.AsBytes(), s.account.AsBytes(), Micros(s.created_at), " ", Micros(s.last_used_at), " ",
                              Micros(s.expires_at), " ", s.ended_at ? Micros(*s.ended_at) : 0, " ", s.nonce));
}

// Nullopt where it is not as it was written.
std::optional<SessionRow> Read(const crypto::Keyring& keyring, const mysql::Row& row) {
  SessionRow session{row.AsId(0), row.AsId(1), row.Time(2), row.Time(3), row.Time(4), std::nullopt, row.Bytes(6)};
  if (!row.IsNull(5)) session.ended_at = row.Time(5);
  if (crypto::ConstantTimeEquals(SealOf(keyring, session), row.Bytes(7))) return session;
  telemetry::Error("session altered in its table", {{"session", session.id.ToString()}});
  return std::nullopt;
}

absl::StatusOr<std::optional<SessionRow>> Lock(const crypto::Keyring& keyring, mysql::Connection& connection, const Id& id) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat(kSelect, "id = ? FOR UPDATE"), {id}));
  return rows.empty() ? std::nullopt : Read(keyring, rows[0]);
}

absl::Status Write(const crypto::Keyring& keyring, mysql::Connection& connection, const SessionRow& s) {
  return connection
      .Execute(
          "INSERT INTO session (id, account_id, created_at, last_used_at, expires_at, ended_at, nonce, seal)"
          " VALUES (?,?,?,?,?,?,?,?) ON DUPLICATE KEY UPDATE last_used_at = VALUES(last_used_at),"
          " ended_at = VALUES(ended_at), nonce = VALUES(nonce), seal = VALUES(seal)",
          {s.id, s.account, s.created_at, s.last_used_at, s.expires_at, s.ended_at, s.nonce, SealOf(keyring, s)})
      .status();
}

// Session and nonce, then their keyed digest.
std::string TokenOf(const crypto::Keyring& keyring, const SessionRow& session, absl::string_view nonce) {
  const std::string what = absl::StrCat(session.id.AsBytes(), nonce);
  return absl::WebSafeBase64Escape(
      absl::StrCat(what, keyring.BlindIndex("refresh_token", absl::StrCat(what, session.account.AsBytes()))));
}

absl::Time Whole(absl::Time time) { return absl::FromUnixMicros(Micros(time)); }  // as a column keeps it

}  // namespace

bool SessionRow::LivesAt(absl::Time now) const { return !ended_at && now < expires_at && now - last_used_at < kSessionIdle; }

absl::StatusOr<NewSession> OpenSession(const casework::Backend& backend, mysql::Connection& connection, const Id& account) {
  const absl::Time now = Whole(backend.clock.Now());
  const SessionRow session{NewId(now), account, now, now, now + kSessionLife, std::nullopt, crypto::RandomBytes(kNonceSize)};
  RETURN_IF_ERROR(Write(backend.keyring, connection, session));
  return NewSession{session.id, TokenOf(backend.keyring, session, session.nonce)};
}

absl::StatusOr<std::optional<SessionRow>> FindSession(const casework::Backend& backend, mysql::Connection& connection,
                                                      const Id& id) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat(kSelect, "id = ?"), {id}));
  return rows.empty() ? std::nullopt : Read(backend.keyring, rows[0]);
}

absl::StatusOr<std::optional<Presented>> FindRefreshToken(const casework::Backend& backend, mysql::Connection& connection,
                                                          absl::string_view token) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) || bytes.size() < kIdSize + kNonceSize) return std::nullopt;
  const absl::string_view id = absl::string_view(bytes).substr(0, kIdSize),
                          nonce = absl::string_view(bytes).substr(kIdSize, kNonceSize);
  ASSIGN_OR_RETURN(const auto session, Lock(backend.keyring, connection, IdFromBytes(id)));
  if (!session || !crypto::ConstantTimeEquals(TokenOf(backend.keyring, *session, nonce), token)) return std::nullopt;
  return Presented{*session, nonce != session->nonce};
}

absl::StatusOr<std::string> RotateRefreshToken(const casework::Backend& backend, mysql::Connection& connection,
                                               SessionRow session) {
  session.last_used_at = Whole(backend.clock.Now());
  session.nonce = crypto::RandomBytes(kNonceSize);
  RETURN_IF_ERROR(Write(backend.keyring, connection, session));
  return TokenOf(backend.keyring, session, session.nonce);
}

absl::StatusOr<bool> MarkEnded(const casework::Backend& backend, mysql::Connection& connection, const Id& id) {
  ASSIGN_OR_RETURN(auto session, Lock(backend.keyring, connection, id));
  if (!session || session->ended_at) return false;
  session->ended_at = Whole(backend.clock.Now());
  RETURN_IF_ERROR(Write(backend.keyring, connection, *session));
  return true;
}

absl::StatusOr<std::vector<SessionRow>> ListSessions(const casework::Backend& backend, mysql::Connection& connection,
                                                     const Id& account) {
  const absl::Time now = backend.clock.Now();
  ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query(absl::StrCat(kSelect, "account_id = ? AND ended_at IS NULL AND expires_at > ? ORDER BY id DESC LIMIT 200"),
                       {account, now}));
  std::vector<SessionRow> sessions;
  for (const auto& row : rows) {
    const auto session = Read(backend.keyring, row);
    if (session && session->LivesAt(now)) sessions.push_back(*session);
  }
  return sessions;
}

absl::StatusOr<std::vector<Id>> AlteredSessions(const crypto::Keyring& keyring, mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat(kSelect, "TRUE ORDER BY id")));
  std::vector<Id> altered;
  for (const auto& row : rows) {
    if (!Read(keyring, row)) altered.push_back(row.AsId(0));
  }
  return altered;
}

absl::Status PruneSessions(const casework::Backend& backend) {
  const absl::Time old = backend.clock.Now() - kKept;
  return backend.pool.WithConnection([&](mysql::Connection& connection) {
    return connection.Execute("DELETE FROM session WHERE expires_at < ?", {old}).status();
  });
}

}  // namespace sifa::identity
