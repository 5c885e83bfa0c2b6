#include "services/identity/account.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/queries.h"
#include "libs/core/status.h"
#include "services/identity/organisation_table.h"
#include "services/identity/password_rules.h"
#include "services/identity/reach.h"

namespace sifa::identity {

using A = v1::Account;

namespace {

// Accounts are made in, and moved to, the caller's own organisations.
absl::Status CheckWithin(const rpc::Call& call, const OrganisationRow& organisation) {
  if (call.MayAct(call.method().access.permission(), organisation.path)) return absl::OkStatus();
  absl::Status refused = Error(absl::StatusCode::kPermissionDenied, "OUT_OF_REACH",
                               absl::StrCat(organisation.name, "不在您的管理范围内"));
  AddFieldViolation(refused, "organisation", refused.message());
  return refused;
}

}  // namespace

AccountService::AccountService(const casework::Backend& backend, const rpc::Authority& authority, Passwords& passwords)
    : backend_(backend), authority_(authority), passwords_(passwords), casework_(backend) {}

const casework::Definition<A> kAccount = {
    .procedure = &kAccountProcedure,
    .index = IndexOfAccount,
    .project = ProjectAccount,
};

void AccountService::Register(rpc::DescribedService& service) {
  service.On("CreateAccount", this, &AccountService::Create);
  service.On("GetAccount", this, &AccountService::Get);
  service.On("ListAccounts", this, &AccountService::List);
  service.On("EditAccount", this, &AccountService::Edit);
  service.On("DisableAccount", this, &AccountService::Disable);
  service.On("EnableAccount", this, &AccountService::Enable);
  service.On("HandOver", this, &AccountService::HandOver);
  service.On("GetAccountActions", this, &AccountService::Actions);
  service.On("GetAccountHistory", this, &AccountService::History);
  service.On("GrantPost", this, &AccountService::GrantPost);
  service.On("EndPost", this, &AccountService::EndPost);
  service.On("SetActing", this, &AccountService::SetActing);
  service.On("EndActing", this, &AccountService::EndActing);
  service.On("ResetPassword", this, &AccountService::ResetPassword);
  service.On("RemoveTotp", this, &AccountService::RemoveTotp);
  service.On("ConfirmReset", this, &AccountService::ConfirmReset);
  service.On("RedeemReset", this, &AccountService::RedeemReset);
  service.On("UnlockAccount", this, &AccountService::Unlock);
  service.On("GetMe", this, &AccountService::GetMe);
  service.On("ChangePassword", this, &AccountService::ChangePassword);
  service.On("EnrolTotp", this, &AccountService::EnrolTotp);
  service.On("ConfirmTotp", this, &AccountService::ConfirmTotp);
}

absl::StatusOr<Id> AccountService::IdOf(const std::string& text) const {
  std::optional<Id> found;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(found, FindAccountId(backend_, connection, casework_.type(), text));
    return absl::OkStatus();
  }));
  if (!found) return NotFound("账号");
  return *found;
}

absl::StatusOr<A> AccountService::Load(const std::string& id_or_name) const {
  ASSIGN_OR_RETURN(const Id id, IdOf(id_or_name));
  std::optional<A> account;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(account, LoadAccount(backend_, connection, casework_.type(), id));
    return absl::OkStatus();
  }));
  if (!account) return NotFound("账号");
  return *std::move(account);
}

absl::StatusOr<v1::AccountWithHalf> AccountService::Create(rpc::Call& call, const v1::CreateAccountRequest& r) {
  v1::AccountWithHalf response;
  response.set_half(HalfFor(call, r.request_id()));
  const auto prepare = [&]() -> absl::StatusOr<A> {
    ASSIGN_OR_RETURN(const OrganisationRow organisation,
                     RequireOrganisation(backend_, "organisation", r.organisation()));
    RETURN_IF_ERROR(CheckWithin(call, organisation));
    A account;
    account.set_organisation(organisation.code);
    account.set_organisation_path(organisation.path);
    account.set_region(organisation.region);
    account.set_account(r.account());
    account.set_display_name(r.display_name());
    account.set_phone(r.phone());
    *account.mutable_reset() = ResetOf(call, response.half());
    return account;
  };
  ASSIGN_OR_RETURN(*response.mutable_account(), casework_.Create(call, A::CREATE, r, prepare));
  return response;
}

absl::StatusOr<A> AccountService::Get(rpc::Call& call, const v1::GetAccountRequest& r) {
  ASSIGN_OR_RETURN(const Id id, IdOf(r.id()));
  return casework_.Get(call, id.ToString());
}

absl::StatusOr<v1::ListAccountsResponse> AccountService::List(rpc::Call& call,
                                                              const v1::ListAccountsRequest& r) {
  casework::ListQuery query;
  if (!r.below().empty()) {
    RETURN_IF_ERROR(RequireOrganisation(backend_, "below", r.below()).status());
    query.organisation = r.below();
  }
  if (!r.role().empty()) query.terms.push_back({"role", r.role()});
  if (!r.post_organisation().empty()) query.terms.push_back({"post_at", r.post_organisation()});
  if (!r.phone().empty()) query.blind.push_back({"phone", r.phone()});
  if (r.state_filter() != A::STATE_UNSPECIFIED) query.states.push_back(r.state_filter());
  query.name = r.name();
  v1::ListAccountsResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                   casework_.List(call, query, r.page_size(), r.page_token(),
                                  [&](const A& a) { *response.add_accounts() = a; }));
  return response;
}

absl::StatusOr<A> AccountService::Edit(rpc::Call& call, const v1::EditAccountRequest& r) {
  std::optional<OrganisationRow> moved_to;
  const auto prepare = [&]() -> absl::StatusOr<Id> {
    if (!r.organisation().empty()) {
      ASSIGN_OR_RETURN(moved_to, RequireOrganisation(backend_, "organisation", r.organisation()));
      RETURN_IF_ERROR(CheckWithin(call, *moved_to));
    }
    return IdOf(r.id());
  };
  return casework_.ActOn(call, A::EDIT, r, prepare, [&](A& account) {
    if (moved_to) {
      account.set_organisation(moved_to->code);
      account.set_organisation_path(moved_to->path);
      account.set_region(moved_to->region);
    }
    if (!r.display_name().empty()) account.set_display_name(r.display_name());
    if (!r.phone().empty()) account.set_phone(r.phone());
    return absl::OkStatus();
  });
}

absl::StatusOr<A> AccountService::Disable(rpc::Call& call, const v1::AccountActRequest& r) {
  return casework_.ActOn(
      call, A::DISABLE, r, [&] { return IdOf(r.id()); },
      [&](A& account) {
        EndSessionsOf(&account, call.now());
        return absl::OkStatus();
      });
}

absl::StatusOr<A> AccountService::Enable(rpc::Call& call, const v1::AccountActRequest& r) {
  return casework_.ActOn(call, A::ENABLE, r, [&] { return IdOf(r.id()); });
}

absl::StatusOr<A> AccountService::HandOver(rpc::Call& call, const v1::HandOverRequest& r) {
  Id to_id;
  const auto prepare = [&]() -> absl::StatusOr<Id> {
    ASSIGN_OR_RETURN(to_id, IdOf(r.to()));
    return IdOf(r.id());
  };
  return casework_.ActOn(
      call, A::HAND_OVER, r, prepare, [&](A& account, const casework::Act& act) -> absl::Status {
        ASSIGN_OR_RETURN(const auto to, LoadAccount(backend_, act.connection(), casework_.type(), to_id));
        if (!to || !call.MayAct(call.method().access.permission(), to->organisation_path()))
          return NotFound("账号");
        if (to->state() == A::DISABLED) return InvalidField("to", "ACCOUNT_DISABLED", "接收人的账号已停用");
        // What may not be handed to oneself is for the table to say.
        if (to->id() != account.id())
          RETURN_IF_ERROR(CheckSuccessor(backend_, act.connection(), authority_, account, *to, call.today()));
        auto* handover = account.add_handovers();
        handover->set_id(NewId(call.now()).ToString());
        handover->set_to(to->id());
        handover->set_to_account(to->account());
        handover->set_ordered_on(FormatDay(call.today()));
        handover->set_ordered_by(call.claims().sub());
        handover->set_reason(r.reason());
        return absl::OkStatus();
      });
}

absl::StatusOr<casework::v1::AvailableActions> AccountService::Actions(rpc::Call& call,
                                                                      const v1::GetAccountActionsRequest& r) {
  ASSIGN_OR_RETURN(const Id id, IdOf(r.id()));
  return casework_.Actions(call, id.ToString());
}

absl::StatusOr<casework::v1::History> AccountService::History(rpc::Call& call,
                                                          const casework::v1::GetHistoryRequest& r) {
  casework::v1::GetHistoryRequest by_id = r;
  ASSIGN_OR_RETURN(const Id id, IdOf(r.id()));
  by_id.set_id(id.ToString());
  return casework::History(backend_, casework_.type(), call, by_id);
}

}  // namespace sifa::identity
