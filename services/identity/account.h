// AccountService: accounts and their posts, as administrators keep them, and what everybody may do with one's
// own.
#pragma once

#include "libs/casework/casework.h"
#include "libs/rpc/described_service.h"
#include "services/identity/account_procedure.h"
#include "services/identity/account_table.h"
#include "services/identity/passwords.h"

namespace sifa::identity {

class AccountService {
 public:
  AccountService(const casework::Backend& backend, const rpc::Authority& authority, Passwords& passwords);
  void Register(rpc::DescribedService& service);

  // Administration (account.cc).
  absl::StatusOr<v1::AccountWithHalf> Create(rpc::Call& call, const v1::CreateAccountRequest& r);
  absl::StatusOr<v1::Account> Get(rpc::Call& call, const v1::GetAccountRequest& r);
  absl::StatusOr<v1::ListAccountsResponse> List(rpc::Call& call, const v1::ListAccountsRequest& r);
  absl::StatusOr<v1::Account> Edit(rpc::Call& call, const v1::EditAccountRequest& r);
  absl::StatusOr<v1::Account> Disable(rpc::Call& call, const v1::AccountActRequest& r);
  absl::StatusOr<v1::Account> Enable(rpc::Call& call, const v1::AccountActRequest& r);
  absl::StatusOr<v1::Account> HandOver(rpc::Call& call, const v1::HandOverRequest& r);
  absl::StatusOr<casework::v1::AvailableActions> Actions(rpc::Call& call, const v1::GetAccountActionsRequest& r);
  absl::StatusOr<casework::v1::History> History(rpc::Call& call, const casework::v1::GetHistoryRequest& r);

  // Posts (account_posts.cc).
  absl::StatusOr<v1::Account> GrantPost(rpc::Call& call, const v1::GrantPostRequest& r);
  absl::StatusOr<v1::Account> EndPost(rpc::Call& call, const v1::EndPostRequest& r);
  absl::StatusOr<v1::Account> SetActing(rpc::Call& call, const v1::SetActingRequest& r);
  absl::StatusOr<v1::Account> EndActing(rpc::Call& call, const v1::EndActingRequest& r);

  // Credentials (account_credentials.cc).
  absl::StatusOr<v1::AccountWithHalf> ResetPassword(rpc::Call& call, const v1::AccountActRequest& r);
  absl::StatusOr<v1::AccountWithHalf> RemoveTotp(rpc::Call& call, const v1::AccountActRequest& r);
  absl::StatusOr<v1::AccountWithHalf> ConfirmReset(rpc::Call& call, const v1::AccountActRequest& r);
  absl::StatusOr<google::protobuf::Empty> RedeemReset(rpc::Call& call, const v1::RedeemResetRequest& r);
  absl::StatusOr<v1::Account> Unlock(rpc::Call& call, const v1::AccountActRequest& r);
  absl::StatusOr<v1::Account> GetMe(rpc::Call& call, const v1::GetMeRequest& r);
  absl::StatusOr<v1::Account> ChangePassword(rpc::Call& call, const v1::ChangePasswordRequest& r);
  absl::StatusOr<v1::TotpEnrolment> EnrolTotp(rpc::Call& call, const v1::EnrolTotpRequest& r);
  absl::StatusOr<v1::Account> ConfirmTotp(rpc::Call& call, const v1::ConfirmTotpRequest& r);

  const casework::Casework<v1::Account>& casework() const { return casework_; }
  const rpc::Authority& authority() const { return authority_; }

 private:
  // Of an account id or log-in name; NOT_FOUND.
  absl::StatusOr<Id> IdOf(const std::string& text) const;
  absl::StatusOr<v1::Account> Load(const std::string& id_or_name) const;
  // The post that is to be granted, where the caller may grant it.
  absl::StatusOr<v1::Post> NewPost(const rpc::Call& call, const v1::GrantPostRequest& r) const;
  // The same half of a code for the same request, so that a repeated one is answered alike; it cannot be found
  // without the keyring.
  std::string HalfFor(const rpc::Call& call, const std::string& request_id) const;
  absl::StatusOr<v1::AccountWithHalf> AskForReset(rpc::Call& call, v1::Account::Act act, const v1::AccountActRequest& r);
  // What makes up account.reset, of which the caller has `half`.
  v1::CredentialReset ResetOf(const rpc::Call& call, const std::string& half) const;
  std::string DigestOf(absl::string_view which, absl::string_view half) const;
  // Why the code opens nothing, or OK.
  absl::Status CheckCode(const rpc::Call& call, const v1::Account& account, const v1::RedeemResetRequest& r) const;
  // Refused where the new password is, or was lately, in use.
  absl::Status CheckNotFormer(const Caller& caller, const v1::Credentials& credentials, absl::string_view password);

  const casework::Backend& backend_;
  const rpc::Authority& authority_;
  Passwords& passwords_;
  casework::Casework<v1::Account> casework_;
};

// Puts a new password in the place of the present one and remembers that.
void SetPassword(v1::Account* account, const std::string& hash, bool one_time, absl::Time now);
// Sessions opened before are over, whatever their rows say.
void EndSessionsOf(v1::Account* account, absl::Time now);

}  // namespace sifa::identity
