#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/crypto/password.h"
#include "services/identity/account.h"
#include "services/identity/lockout.h"
#include "services/identity/password_rules.h"
#include "services/identity/reach.h"
#include "services/identity/session_store.h"
#include "services/identity/settings.h"

namespace sifa::identity {

using A = v1::Account;

void SetPassword(A* account, const std::string& hash, bool one_time, absl::Time now) {
  auto* credentials = account->mutable_credentials();
  if (!credentials->password_hash().empty()) {
    const auto former = credentials->former_hashes();
    credentials->clear_former_hashes();
    credentials->add_former_hashes(credentials->password_hash());
    for (const auto& hash_before : former) {
      if (credentials->former_hashes_size() < kPasswordsRemembered - 1)
        credentials->add_former_hashes(hash_before);
    }
  }
  credentials->set_password_hash(hash);
  account->set_must_change_password(one_time);
  account->set_password_changed_on(FormatDay(DayOf(now)));
  EndSessionsOf(account, now);
}

void EndSessionsOf(A* account, absl::Time now) { account->mutable_credentials()->set_sessions_from(absl::ToUnixMillis(now)); }

absl::Status AccountService::CheckNotFormer(const Caller& caller, const v1::Credentials& credentials,
                                            absl::string_view password) {
  const auto check = [&](const std::string& hash) -> absl::Status {
    ASSIGN_OR_RETURN(const bool same, passwords_.Verify(caller, hash, password));
    return same ? InvalidField("new_password", "PASSWORD_FORMER",
                               absl::StrCat("不能使用最近 ", kPasswordsRemembered, " 次用过的口令"))
                : absl::OkStatus();
  };
  RETURN_IF_ERROR(check(credentials.password_hash()));
  for (const auto& hash : credentials.former_hashes()) RETURN_IF_ERROR(check(hash));
  return absl::OkStatus();
}

absl::StatusOr<A> AccountService::Unlock(rpc::Call& call, const v1::AccountActRequest& r) {
  return casework_.ActOn(
      call, A::UNLOCK, r, [&] { return IdOf(r.id()); },
      [&](A& account, const casework::Act& act) -> absl::Status {
        RETURN_IF_ERROR(CheckAccountReached(backend_, act.connection(), casework_.type(), call, account));
        account.mutable_credentials()->set_failures_from(absl::ToUnixMillis(call.now()) + 1);
        return absl::OkStatus();
      });
}

absl::StatusOr<A> AccountService::GetMe(rpc::Call& call, const v1::GetMeRequest&) {
  call.GrantUnmasked();  // one's own name and number; secrets stay hidden
  return Load(call.claims().sub());
}

absl::StatusOr<A> AccountService::ChangePassword(rpc::Call& call, const v1::ChangePasswordRequest& r) {
  call.GrantUnmasked();
  A before;
  std::string hash;
  const auto prepare = [&]() -> absl::StatusOr<Id> {
    ASSIGN_OR_RETURN(before, Load(call.claims().sub()));
    RETURN_IF_ERROR(CheckPassword("new_password", r.new_password(), before.account()));
    // Whoever has got hold of a session must not guess on here.
    Lockout lockout(backend_, casework_);
    ASSIGN_OR_RETURN(const Caller caller, lockout.Admit(call, before.account(), &before));
    ASSIGN_OR_RETURN(const bool right, passwords_.Verify(caller, before.credentials().password_hash(), r.current_password()));
    if (!right) {
      return lockout.Fail(call, before.account(), &before,
                          InvalidField("current_password", "PASSWORD_WRONG", "当前口令不正确"));
    }
    RETURN_IF_ERROR(CheckNotFormer(caller, before.credentials(), r.new_password()));
    ASSIGN_OR_RETURN(hash, passwords_.Hash(caller, r.new_password()));
    return ParseId(before.id());
  };
  return casework_.ActOn(call, A::CHANGE_PASSWORD, r, prepare, [&](A& account) -> absl::Status {
    // What was checked must be what is replaced.
    if (account.credentials().password_hash() != before.credentials().password_hash()) {
      return Error(absl::StatusCode::kAborted, "PASSWORD_CHANGED_MEANWHILE", "口令已被更改，请重新登录");
    }
    SetPassword(&account, hash, false, call.now());
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::TotpEnrolment> AccountService::EnrolTotp(rpc::Call& call, const v1::EnrolTotpRequest& r) {
  const auto own = [&] { return ParseId(call.claims().sub()); };
  ASSIGN_OR_RETURN(const A account, casework_.ActOn(call, A::ENROL_TOTP, r, own, [&](A& a) {
    a.mutable_credentials()->set_pending_totp_secret(crypto::NewTotpSecret());
    return absl::OkStatus();
  }));
  v1::TotpEnrolment enrolment;
  enrolment.set_secret(account.credentials().pending_totp_secret());
  enrolment.set_uri(absl::StrCat("otpauth://totp/Sifa:", account.account(), "?secret=", enrolment.secret(),
                                 "&issuer=Sifa"));
  return enrolment;
}

absl::StatusOr<A> AccountService::ConfirmTotp(rpc::Call& call, const v1::ConfirmTotpRequest& r) {
  call.GrantUnmasked();
  return casework_.ActOn(
      call, A::CONFIRM_TOTP, r, [&] { return ParseId(call.claims().sub()); },
      [&](A& account) -> absl::Status {
        auto* credentials = account.mutable_credentials();
        const int64_t step = crypto::VerifyTotp(credentials->pending_totp_secret(), r.code(), call.now());
        if (step == 0) return InvalidField("code", "TOTP_REFUSED", "动态口令不正确");
        credentials->set_totp_step(step);  // good once, so no log-in takes it any more
        credentials->set_totp_secret(credentials->pending_totp_secret());
        credentials->clear_pending_totp_secret();
        account.set_totp_enabled(true);
        return absl::OkStatus();
      });
}

}  // namespace sifa::identity
