// SessionService: log-in, refresh, log-out, and ending other people's sessions.
#pragma once

#include "libs/casework/signing_keys.h"
#include "libs/rpc/described_service.h"
#include "services/identity/account.h"
#include "services/identity/lockout.h"
#include "services/identity/session_store.h"
#include "sifa/identity/v1/session.pb.h"

namespace sifa::identity {

class SessionService {
 public:
  // `administrators_need_totp`: one of the three administrators gets no posts before he has enrolled a
  // one-time code.
  SessionService(const casework::Backend& backend, AccountService& accounts, Passwords& passwords,
                 const casework::SigningKeys& keys, bool administrators_need_totp);
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::SessionTokens> CreateSession(rpc::Call& call, const v1::CreateSessionRequest& r);
  absl::StatusOr<v1::SessionTokens> RefreshSession(rpc::Call& call, const v1::RefreshSessionRequest& r);
  absl::StatusOr<google::protobuf::Empty> LogOut(rpc::Call& call, const v1::LogOutRequest& r);
  absl::StatusOr<v1::ListSessionsResponse> ListSessions(rpc::Call& call, const v1::ListSessionsRequest& r);
  absl::StatusOr<v1::RevokeSessionsResponse> RevokeSessions(rpc::Call& call,
                                                            const v1::RevokeSessionsRequest& r);

  // A further access token for a session that lives, where one is wanted: without a refresh token. SESSION_ENDED.
  absl::StatusOr<v1::SessionTokens> AccessOf(mysql::Connection& connection, const rpc::Call& call, const SessionRow& session,
                                             bool with_token);

 private:
  // The account of a log-in name, if there is one.
  absl::StatusOr<std::optional<v1::Account>> Find(const std::string& normal_name);
  // Name and password, one-time code, lock and state: OK, or why not. `step` is the code's, 0 without one.
  absl::Status Check(const rpc::Call& call, const std::string& normal_name, const std::optional<v1::Account>& account,
                     const v1::CreateSessionRequest& r, Caller* caller, int64_t* step);
  // Hashes a password that was just found right anew, where it was hashed with other parameters than today's.
  absl::Status RenewHash(const Caller& caller, const Id& id, const std::string& password, v1::Account* account);
  // The answer of a log-in or refresh; inside its transaction.
  absl::StatusOr<v1::SessionTokens> Issue(mysql::Connection& connection, const rpc::Call& call,
                                          const v1::Account& account, const Id& session,
                                          const std::string& refresh_token);

  const casework::Backend& backend_;
  AccountService& accounts_;
  Passwords& passwords_;
  const casework::SigningKeys& keys_;
  const bool administrators_need_totp_;
  Lockout lockout_;
};

}  // namespace sifa::identity
