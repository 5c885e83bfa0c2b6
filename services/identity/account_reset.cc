// 重置口令、解除动态口令: two administrators get one half of a code each, and the holder redeems both for a password
// that no administrator has ever known.
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "services/identity/account.h"
#include "services/identity/lockout.h"
#include "services/identity/password_rules.h"
#include "services/identity/reach.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

using A = v1::Account;

absl::Status ResetRefused() {
  return Error(absl::StatusCode::kUnauthenticated, "RESET_REFUSED", "账号或重置码不正确，或重置码已失效");
}

bool Expired(const v1::CredentialReset& reset, absl::Time now) {
  return absl::FromUnixSeconds(reset.expire_time().seconds()) <= now;
}

}  // namespace

std::string AccountService::HalfFor(const rpc::Call& call, const std::string& request_id) const {
  const std::string request = request_id.empty() ? NewId(call.now()).ToString() : request_id;
  return OneTimePassword(
      backend_.keyring.BlindIndex("half_of_a_code", absl::StrCat(call.claims().sub(), "/", call.method().path, "/", request)));
}

std::string AccountService::DigestOf(absl::string_view which, absl::string_view half) const {
  return crypto::Hex(backend_.keyring.BlindIndex("code_digest", absl::StrCat(which, "/", absl::StripAsciiWhitespace(half))));
}

v1::CredentialReset AccountService::ResetOf(const rpc::Call& call, const std::string& half) const {
  v1::CredentialReset reset;
  reset.set_asked_by(call.claims().sub());
  reset.set_first_half(DigestOf("first", half));
  reset.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(call.now() + kResetLife));
  return reset;
}

absl::StatusOr<v1::AccountWithHalf> AccountService::AskForReset(rpc::Call& call, A::Act ask, const v1::AccountActRequest& r) {
  v1::AccountWithHalf response;
  response.set_half(HalfFor(call, r.request_id()));
  ASSIGN_OR_RETURN(*response.mutable_account(),
                   casework_.ActOn(
                       call, ask, r, [&] { return IdOf(r.id()); },
                       [&](A& account, const casework::Act& act) -> absl::Status {
                         RETURN_IF_ERROR(CheckAccountReached(backend_, act.connection(), casework_.type(), call, account));
                         *account.mutable_reset() = ResetOf(call, response.half());
                         account.mutable_reset()->set_removes_totp(ask == A::REMOVE_TOTP);
                         return absl::OkStatus();
                       }));
  return response;
}

absl::StatusOr<v1::AccountWithHalf> AccountService::ResetPassword(rpc::Call& call, const v1::AccountActRequest& r) {
  return AskForReset(call, A::RESET_PASSWORD, r);
}

absl::StatusOr<v1::AccountWithHalf> AccountService::RemoveTotp(rpc::Call& call, const v1::AccountActRequest& r) {
  return AskForReset(call, A::REMOVE_TOTP, r);
}

absl::StatusOr<v1::AccountWithHalf> AccountService::ConfirmReset(rpc::Call& call, const v1::AccountActRequest& r) {
  v1::AccountWithHalf response;
  response.set_half(HalfFor(call, r.request_id()));
  ASSIGN_OR_RETURN(*response.mutable_account(),
                   casework_.ActOn(
                       call, A::CONFIRM_RESET, r, [&] { return IdOf(r.id()); },
                       [&](A& account, const casework::Act& act) -> absl::Status {
                         RETURN_IF_ERROR(CheckAccountReached(backend_, act.connection(), casework_.type(), call, account));
                         if (Expired(account.reset(), call.now())) {
                           return Error(absl::StatusCode::kFailedPrecondition, "RESET_EXPIRED", "重置申请已过期，请重新申请");
                         }
                         account.mutable_reset()->set_confirmed_by(call.claims().sub());
                         account.mutable_reset()->set_second_half(DigestOf("second", response.half()));
                         return absl::OkStatus();
                       }));
  return response;
}

absl::Status AccountService::CheckCode(const rpc::Call& call, const A& account, const v1::RedeemResetRequest& r) const {
  const v1::CredentialReset& reset = account.reset();
  const bool first = crypto::ConstantTimeEquals(reset.first_half(), DigestOf("first", r.first_half()));
  const bool second = crypto::ConstantTimeEquals(reset.second_half(), DigestOf("second", r.second_half()));
  if (!first || !second || Expired(reset, call.now()) || account.state() == A::DISABLED) return ResetRefused();
  return absl::OkStatus();
}

absl::StatusOr<google::protobuf::Empty> AccountService::RedeemReset(rpc::Call& call, const v1::RedeemResetRequest& r) {
  const std::string name = NormalName(r.account());
  RETURN_IF_ERROR(CheckPassword("new_password", r.new_password(), name));
  std::optional<A> account;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    account.reset();
    ASSIGN_OR_RETURN(const auto id, FindAccountId(backend_, connection, casework_.type(), name));
    if (!id) return absl::OkStatus();
    ASSIGN_OR_RETURN(account, LoadAccount(backend_, connection, casework_.type(), *id));
    return absl::OkStatus();
  }));
  if (account && account->account() != name) account.reset();  // an id is no log-in name
  const A* known = account ? &*account : nullptr;
  Lockout lockout(backend_, casework_);
  ASSIGN_OR_RETURN(const Caller caller, lockout.Admit(call, name, known));
  // Before the code is judged, so that it does not show in the time whether there is one.
  ASSIGN_OR_RETURN(const std::string hash, passwords_.Hash(caller, r.new_password()));
  const absl::Status right = known == nullptr ? ResetRefused() : CheckCode(call, *known, r);
  if (!right.ok()) return lockout.Fail(call, name, known, right);
  RETURN_IF_ERROR(CheckNotFormer(caller, known->credentials(), r.new_password()));
  ASSIGN_OR_RETURN(const Id id, ParseId(known->id()));
  RETURN_IF_ERROR(casework_
                      .ActAsSystem(A::REDEEM_RESET, id,
                                   [&](A& a) -> absl::Status {
                                     RETURN_IF_ERROR(CheckCode(call, a, r));  // it may have been used up meanwhile
                                     SetPassword(&a, hash, false, call.now());
                                     if (a.reset().removes_totp()) {
                                       a.set_totp_enabled(false);
                                       a.mutable_credentials()->clear_totp_secret();
                                     }
                                     a.clear_reset();
                                     return absl::OkStatus();
                                   })
                      .status());
  return google::protobuf::Empty();
}

}  // namespace sifa::identity
