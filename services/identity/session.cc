#include "services/identity/session.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/queries.h"
#include "libs/core/status.h"
#include "libs/crypto/password.h"
#include "libs/rpc/token.h"
#include "services/identity/organisation_table.h"
#include "services/identity/posts.h"
#include "services/identity/revocations.h"
#include "services/identity/session_events.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

using A = v1::Account;

absl::Status Unauthenticated(absl::string_view reason, absl::string_view message) {
  return Error(absl::StatusCode::kUnauthenticated, reason, message);
}
// One answer for a wrong name and a wrong password, so that names cannot be found out.
absl::Status LogInRefused() { return Unauthenticated("LOG_IN_REFUSED", "账号或口令不正确"); }
absl::Status SessionEnded() { return Unauthenticated("SESSION_ENDED", "登录已结束，请重新登录"); }
absl::Status AccountDisabled() {
  return Error(absl::StatusCode::kPermissionDenied, "ACCOUNT_DISABLED", "该账号已停用，请联系系统管理员");
}

v1::SessionEvent EventOf(const rpc::Call& call, const Id& session) {
  v1::SessionEvent event;
  event.set_network(NetworkOf(call.caller_address()));
  if (!session.IsZero()) event.set_session(session.ToString());
  return event;
}

// What ended a session is in the journal or the account, whatever its row says now.
absl::StatusOr<bool> Ended(const casework::Backend& backend, mysql::Connection& connection, const A& account,
                           const SessionRow& session) {
  if (session.id.MadeAt() < absl::FromUnixMillis(account.credentials().sessions_from())) return true;
  ASSIGN_OR_RETURN(const auto ends, EventsSince(backend, connection, session.account, session.created_at,
                                                {A::LOG_OUT, A::REVOKE_SESSIONS, A::REFRESH_REUSED}));
  return std::any_of(ends.begin(), ends.end(), [&](const PastEvent& end) {
    return end.id > session.id && (end.event.session().empty() || end.event.session() == session.id.ToString());
  });
}

// The latest step of which a one-time code has been taken (RFC 6238 §5.2: no code is taken twice). A code is good for a step
// before and after its own.
absl::StatusOr<int64_t> LastTotpStep(const casework::Backend& backend, mysql::Connection& connection, const A& account,
                                     absl::Time now) {
  int64_t last = account.credentials().totp_step();
  ASSIGN_OR_RETURN(const auto log_ins,
                   EventsSince(backend, connection, *ParseId(account.id()), now - absl::Minutes(3), {A::LOG_IN}));
  for (const PastEvent& log_in : log_ins) last = std::max(last, log_in.event.totp_step());
  return last;
}

void SetTime(google::protobuf::Timestamp* field, absl::Time time) {
  field->set_seconds(absl::ToUnixSeconds(time));
}

}  // namespace

SessionService::SessionService(const casework::Backend& backend, AccountService& accounts, Passwords& passwords,
                               const casework::SigningKeys& keys, bool administrators_need_totp)
    : backend_(backend),
      accounts_(accounts),
      passwords_(passwords),
      keys_(keys),
      administrators_need_totp_(administrators_need_totp),
      lockout_(backend, accounts.casework()) {}

void SessionService::Register(rpc::DescribedService& service) {
  service.On("CreateSession", this, &SessionService::CreateSession);
  service.On("RefreshSession", this, &SessionService::RefreshSession);
  service.On("LogOut", this, &SessionService::LogOut);
  service.On("ListSessions", this, &SessionService::ListSessions);
  service.On("RevokeSessions", this, &SessionService::RevokeSessions);
}

absl::StatusOr<std::optional<A>> SessionService::Find(const std::string& normal_name) {
  std::optional<A> account;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    account.reset();
    ASSIGN_OR_RETURN(const auto id, FindAccountId(backend_, connection, accounts_.casework().type(), normal_name));
    if (!id) return absl::OkStatus();
    ASSIGN_OR_RETURN(account, LoadAccount(backend_, connection, accounts_.casework().type(), *id));
    return absl::OkStatus();
  }));
  if (account && account->account() != normal_name) account.reset();  // an id is no log-in name
  return account;
}

absl::Status SessionService::Check(const rpc::Call& call, const std::string& normal_name, const std::optional<A>& account,
                                   const v1::CreateSessionRequest& r, Caller* caller, int64_t* step) {
  const A* known = account ? &*account : nullptr;
  ASSIGN_OR_RETURN(*caller, lockout_.Admit(call, normal_name, known));
  const v1::Credentials& credentials =
      known != nullptr ? known->credentials() : v1::Credentials::default_instance();
  ASSIGN_OR_RETURN(const bool right, passwords_.Verify(*caller, credentials.password_hash(), r.password()));
  if (!right || known == nullptr) return lockout_.Fail(call, normal_name, known, LogInRefused());
  if (known->state() == A::DISABLED) return AccountDisabled();
  *step = 0;
  if (!known->totp_enabled()) return absl::OkStatus();
  if (r.totp_code().empty()) return Unauthenticated("TOTP_REQUIRED", "请输入动态口令");
  *step = crypto::VerifyTotp(credentials.totp_secret(), r.totp_code(), call.now());
  if (*step == 0)
    return lockout_.Fail(call, normal_name, known, Unauthenticated("TOTP_REFUSED", "动态口令不正确"));
  return absl::OkStatus();
}

absl::StatusOr<v1::SessionTokens> SessionService::CreateSession(rpc::Call& call,
                                                                const v1::CreateSessionRequest& r) {
  const std::string name = NormalName(r.account());
  ASSIGN_OR_RETURN(std::optional<A> found, Find(name));
  int64_t step = 0;
  Caller caller;
  RETURN_IF_ERROR(Check(call, name, found, r, &caller, &step));
  A& account = *found;
  ASSIGN_OR_RETURN(const Id id, ParseId(account.id()));
  if (account.state() == A::LOCKED) {
    // Somebody elsewhere may still be locked out; that does not keep the holder out.
    ASSIGN_OR_RETURN(const bool locked, lockout_.AnyLocked(call, account));
    if (!locked) {
      ASSIGN_OR_RETURN(account, accounts_.casework().ActAsSystem(A::RELEASE, id));
    }
  }
  if (crypto::PasswordNeedsRehash(account.credentials().password_hash())) {
    RETURN_IF_ERROR(RenewHash(caller, id, r.password(), &account));
  }
  v1::SessionTokens tokens;
  bool step_used = false;
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    // Locked: whoever disables the account now waits, and then ends this session too.
    ASSIGN_OR_RETURN(const auto still,
                     LoadAccount(backend_, connection, accounts_.casework().type(), id, true));
    if (!still || still->state() == A::DISABLED ||
        still->credentials().password_hash() != account.credentials().password_hash()) {
      return LogInRefused();
    }
    if (step != 0) {
      ASSIGN_OR_RETURN(const int64_t last, LastTotpStep(backend_, connection, *still, call.now()));
      step_used = step <= last;
      if (step_used) return absl::OkStatus();
    }
    RETURN_IF_ERROR(lockout_.Succeed(connection, call, account));
    ASSIGN_OR_RETURN(const NewSession session, OpenSession(backend_, connection, id));
    v1::SessionEvent event;
    event.set_network(caller.network);
    event.set_totp_step(step);
    event.set_session(session.id.ToString());
    RETURN_IF_ERROR(JournalEvent(backend_, connection, {backend_, name, &account}, A::LOG_IN, account.id(), Origin(call), event));
    ASSIGN_OR_RETURN(tokens, Issue(connection, call, *still, session.id, session.refresh_token));
    return absl::OkStatus();
  }));
  if (step_used)
    return lockout_.Fail(call, name, &account,
                         Unauthenticated("TOTP_USED", "此动态口令已使用过，请等待下一个"));
  backend_.committed();
  call.GrantUnmasked();  // one's own name
  return tokens;
}

absl::Status SessionService::RenewHash(const Caller& caller, const Id& id, const std::string& password, A* account) {
  const std::string before = account->credentials().password_hash();
  ASSIGN_OR_RETURN(const std::string hash, passwords_.Hash(caller, password));
  ASSIGN_OR_RETURN(*account, accounts_.casework().ActAsSystem(A::RENEW_HASH, id, [&](A& a) -> absl::Status {
    if (a.credentials().password_hash() != before) return LogInRefused();  // changed meanwhile
    a.mutable_credentials()->set_password_hash(hash);
    return absl::OkStatus();
  }));
  return absl::OkStatus();
}

absl::StatusOr<v1::SessionTokens> SessionService::RefreshSession(rpc::Call& call,
                                                                 const v1::RefreshSessionRequest& r) {
  v1::SessionTokens tokens;
  absl::Status refusal;
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    refusal = SessionEnded();
    ASSIGN_OR_RETURN(const auto presented, FindRefreshToken(backend_, connection, r.refresh_token()));
    if (!presented || !presented->session.LivesAt(call.now())) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto account, LoadAccount(backend_, connection, accounts_.casework().type(),
                                                     presented->session.account, true));
    if (!account) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool ended, Ended(backend_, connection, *account, presented->session));
    if (ended) return absl::OkStatus();
    if (presented->used) {
      // Two parties hold this session: neither keeps it.
      RETURN_IF_ERROR(EndSession(backend_, connection, presented->session.id).status());
      return JournalEvent(backend_, connection, {backend_, account->account(), &*account}, A::REFRESH_REUSED, account->id(),
                          Origin(call), EventOf(call, presented->session.id));
    }
    if (account->state() == A::DISABLED) return absl::OkStatus();
    refusal = absl::OkStatus();
    ASSIGN_OR_RETURN(const std::string next, RotateRefreshToken(backend_, connection, presented->session));
    ASSIGN_OR_RETURN(tokens, Issue(connection, call, *account, presented->session.id, next));
    return absl::OkStatus();
  }));
  backend_.committed();
  RETURN_IF_ERROR(refusal);
  call.GrantUnmasked();
  return tokens;
}

absl::StatusOr<v1::SessionTokens> SessionService::AccessOf(mysql::Connection& connection, const rpc::Call& call,
                                                           const SessionRow& session, bool with_token) {
  if (!session.LivesAt(call.now())) return SessionEnded();
  ASSIGN_OR_RETURN(const auto account, LoadAccount(backend_, connection, accounts_.casework().type(), session.account));
  if (!account || account->state() == A::DISABLED) return SessionEnded();
  ASSIGN_OR_RETURN(const bool ended, Ended(backend_, connection, *account, session));
  if (ended) return SessionEnded();
  if (!with_token) return v1::SessionTokens();
  return Issue(connection, call, *account, session.id, "");
}

absl::StatusOr<v1::SessionTokens> SessionService::Issue(mysql::Connection& connection, const rpc::Call& call,
                                                        const A& account, const Id& session,
                                                        const std::string& refresh_token) {
  ASSIGN_OR_RETURN(const Id id, ParseId(account.id()));
  ASSIGN_OR_RETURN(const uint32_t issued, IssueSecond(backend_, connection, id));
  v1::TokenClaims claims;
  claims.set_iss("sifa-identity");
  claims.set_sub(account.id());
  claims.set_sid(session.ToString());
  claims.set_iat(issued);
  claims.set_exp(static_cast<uint32_t>(absl::ToUnixSeconds(call.now() + kTokenLife)));
  claims.set_account(account.account());
  v1::SessionTokens tokens;
  const bool must_enrol =
      administrators_need_totp_ && !account.totp_enabled() && IsAdministratorOn(account, call.today());
  if (!account.must_change_password() && !must_enrol) {
    ASSIGN_OR_RETURN(auto grants,
                     GrantsOn(backend_, connection, accounts_.casework().type(), account, call.today()));
    for (auto& grant : grants) {
      auto* post = tokens.add_posts();
      post->set_role(grant.role());
      if (const auto* role = accounts_.authority().FindRole(grant.role()); role != nullptr)
        post->set_role_label(role->label());
      post->set_organisation(grant.organisation());
      ASSIGN_OR_RETURN(const auto organisation, FindOrganisation(backend_, connection, grant.organisation()));
      if (organisation) post->set_organisation_name(organisation->name);
      post->set_descendants(grant.descendants());
      for (const auto& acting : account.acting()) {
        if (!grant.acting_for().empty() && acting.principal() == grant.acting_for())
          post->set_acting_for(acting.principal_account());
      }
      *claims.add_grants() = std::move(grant);
    }
  }
  const casework::SigningKey key = keys_.Signing();
  ASSIGN_OR_RETURN(*tokens.mutable_access_token(), rpc::SignToken(claims, key.id, key.private_pem));
  tokens.set_expires_in(static_cast<int32_t>(absl::ToInt64Seconds(kTokenLife)));
  tokens.set_refresh_token(refresh_token);
  tokens.set_session(session.ToString());
  tokens.set_account_id(account.id());
  tokens.set_account(account.account());
  tokens.set_display_name(account.display_name());
  tokens.set_must_change_password(account.must_change_password());
  tokens.set_must_enrol_totp(must_enrol);
  return tokens;
}

absl::StatusOr<google::protobuf::Empty> SessionService::LogOut(rpc::Call& call, const v1::LogOutRequest&) {
  ASSIGN_OR_RETURN(const Id session, ParseId(call.claims().sid()));
  ASSIGN_OR_RETURN(const Id id, ParseId(call.claims().sub()));
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const bool ended, EndSession(backend_, connection, session));
    if (!ended) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto account, LoadAccount(backend_, connection, accounts_.casework().type(), id));
    if (!account) return absl::OkStatus();
    return JournalEvent(backend_, connection, {backend_, account->account(), &*account}, A::LOG_OUT, account->id(), Origin(call),
                        EventOf(call, session));
  }));
  backend_.committed();
  return google::protobuf::Empty();
}

absl::StatusOr<v1::ListSessionsResponse> SessionService::ListSessions(rpc::Call& call,
                                                                      const v1::ListSessionsRequest&) {
  ASSIGN_OR_RETURN(const Id id, ParseId(call.claims().sub()));
  v1::ListSessionsResponse response;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto sessions, identity::ListSessions(backend_, connection, id));
    response.Clear();
    for (const SessionRow& row : sessions) {
      auto* session = response.add_sessions();
      session->set_id(row.id.ToString());
      session->set_account(row.account.ToString());
      SetTime(session->mutable_create_time(), row.created_at);
      SetTime(session->mutable_last_used_time(), row.last_used_at);
      SetTime(session->mutable_expire_time(), row.expires_at);
      session->set_current(session->id() == call.claims().sid());
    }
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::RevokeSessionsResponse> SessionService::RevokeSessions(
    rpc::Call& call, const v1::RevokeSessionsRequest& r) {
  ASSIGN_OR_RETURN(const A account, accounts_.Get(call, [&] {
    v1::GetAccountRequest get;
    get.set_id(r.id());
    return get;
  }()));
  ASSIGN_OR_RETURN(const Id id, ParseId(account.id()));
  v1::RevokeSessionsResponse response;
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    int ended = 0;
    Id session;  // zero: all of them
    if (r.session().empty()) {
      ASSIGN_OR_RETURN(ended, EndSessions(backend_, connection, id, Id{}));
      RETURN_IF_ERROR(RevokeTokens(backend_, connection, id));
    } else {
      ASSIGN_OR_RETURN(session, ParseId(r.session()));
      ASSIGN_OR_RETURN(
          const auto rows,
          connection.Query("SELECT 1 FROM session WHERE id = ? AND account_id = ?", {session, id}));
      if (rows.empty()) return NotFound("登录会话");
      ASSIGN_OR_RETURN(const bool one, EndSession(backend_, connection, session));
      ended = one ? 1 : 0;
    }
    response.set_revoked(ended);
    return JournalEvent(backend_, connection, {backend_, account.account(), &account}, A::REVOKE_SESSIONS, call.claims().sub(),
                        r.reason(), EventOf(call, session));
  }));
  backend_.committed();
  return response;
}

}  // namespace sifa::identity
