#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "services/identity/account.h"
#include "services/identity/organisation_table.h"
#include "services/identity/posts.h"
#include "services/identity/reach.h"

namespace sifa::identity {
namespace {

using A = v1::Account;

// A role is held at organisations of certain levels only.
absl::Status CheckRole(const rpc::Authority& authority, const std::string& role,
                       const OrganisationRow& organisation) {
  const auto* known = authority.FindRole(role);
  if (known == nullptr) return InvalidField("role", "ROLE_UNKNOWN", absl::StrCat("没有角色 ", role));
  const auto& levels = known->levels();
  if (std::find(levels.begin(), levels.end(), static_cast<uint32_t>(organisation.level)) != levels.end())
    return absl::OkStatus();
  return InvalidField("organisation", "ROLE_NOT_AT_LEVEL",
                      absl::StrCat(known->label(), "不能设在", organisation.name, "这一级"));
}

// A person's own account is his at his own record: it names that record, and has no office's post beside it.
absl::Status CheckPerson(const rpc::Authority& authority, const v1::GrantPostRequest& r) {
  const bool of_person = authority.FindRole(r.role())->of_person();
  if (of_person && r.person().empty()) return InvalidField("person", "PERSON_MISSING", "本人账号应当写明本人的记录");
  if (of_person && r.valid_to().empty()) return InvalidField("valid_to", "FIELD_REQUIRED", "本人账号应当写明结束日期");
  if (!of_person && !r.person().empty()) return InvalidField("person", "PERSON_UNEXPECTED", "只有本人账号写明本人的记录");
  return absl::OkStatus();
}

bool IsOwnAccount(const A& account) {
  return std::any_of(account.posts().begin(), account.posts().end(), [](const v1::Post& post) { return !post.person().empty(); });
}

absl::Status CheckPeriod(absl::string_view field, const std::string& from, const std::string& to) {
  if (to.empty() || from <= to) return absl::OkStatus();
  return InvalidField(field, "PERIOD_REVERSED", "结束日期不能早于开始日期");
}

}  // namespace

absl::StatusOr<v1::Post> AccountService::NewPost(const rpc::Call& call, const v1::GrantPostRequest& r) const {
  ASSIGN_OR_RETURN(const OrganisationRow organisation,
                   RequireOrganisation(backend_, "organisation", r.organisation()));
  RETURN_IF_ERROR(CheckReach(call, organisation, r.descendants()));
  RETURN_IF_ERROR(CheckRole(authority_, r.role(), organisation));
  RETURN_IF_ERROR(CheckPerson(authority_, r));
  v1::Post post;
  post.set_id(NewId(call.now()).ToString());
  post.set_role(r.role());
  post.set_organisation(organisation.code);
  post.set_descendants(r.descendants());
  post.set_valid_from(r.valid_from().empty() ? FormatDay(call.today()) : r.valid_from());
  post.set_valid_to(r.valid_to());
  post.set_granted_by(call.claims().sub());
  post.set_person(r.person());
  RETURN_IF_ERROR(CheckPeriod("valid_to", post.valid_from(), post.valid_to()));
  return post;
}

absl::StatusOr<A> AccountService::GrantPost(rpc::Call& call, const v1::GrantPostRequest& r) {
  v1::Post post;
  const auto prepare = [&]() -> absl::StatusOr<Id> {
    ASSIGN_OR_RETURN(const Id id, IdOf(r.id()));
    ASSIGN_OR_RETURN(post, NewPost(call, r));
    return id;
  };
  return casework_.ActOn(call, A::GRANT_POST, r, prepare, [&](A& account) -> absl::Status {
    if (!account.posts().empty() && IsOwnAccount(account) != !post.person().empty()) {
      return InvalidField("role", "OWN_ACCOUNT_APART", "本人账号不能同时有工作岗位");
    }
    for (const auto& held : account.posts()) {
      if (held.role() == post.role() && held.organisation() == post.organisation() && Overlap(held, post)) {
        return InvalidField("role", "POST_HELD_ALREADY", "该账号在此期间已有同一岗位");
      }
    }
    *account.add_posts() = post;
    return absl::OkStatus();
  });
}

absl::StatusOr<A> AccountService::EndPost(rpc::Call& call, const v1::EndPostRequest& r) {
  return casework_.ActOn(
      call, A::END_POST, r, [&] { return IdOf(r.id()); }, [&](A& account, const casework::Act& act) -> absl::Status {
        auto* posts = account.mutable_posts();
        const auto post =
            std::find_if(posts->begin(), posts->end(), [&](const v1::Post& p) { return p.id() == r.post(); });
        if (post == posts->end()) return InvalidField("post", "POST_UNKNOWN", "该账号没有此岗位");
        RETURN_IF_ERROR(CheckReach(backend_, act.connection(), call, *post));
        if (Ended(*post, call.today())) {
          return InvalidField("post", "POST_ENDED", absl::StrCat("该岗位已于 ", post->valid_to(), " 届满"));
        }
        // What ends at once is taken out: the journal keeps that it was.
        if (r.last_day().empty()) {
          posts->erase(post);
          return absl::OkStatus();
        }
        RETURN_IF_ERROR(CheckPeriod("last_day", post->valid_from(), r.last_day()));
        if (!post->valid_to().empty() && r.last_day() > post->valid_to()) {
          return InvalidField("last_day", "POST_PROLONGED", "岗位只能提前免去；延长任期应另行授予");
        }
        post->set_valid_to(r.last_day());
        return absl::OkStatus();
      });
}

absl::StatusOr<A> AccountService::SetActing(rpc::Call& call, const v1::SetActingRequest& r) {
  Id principal_id;
  v1::Acting acting;
  const auto prepare = [&]() -> absl::StatusOr<Id> {
    ASSIGN_OR_RETURN(const Id id, IdOf(r.id()));
    ASSIGN_OR_RETURN(principal_id, IdOf(r.principal()));
    acting.set_id(NewId(call.now()).ToString());
    acting.set_valid_from(r.valid_from().empty() ? FormatDay(call.today()) : r.valid_from());
    acting.set_valid_to(r.valid_to());
    acting.set_set_by(call.claims().sub());
    acting.set_reason(r.reason());
    RETURN_IF_ERROR(CheckPeriod("valid_to", acting.valid_from(), acting.valid_to()));
    if (acting.valid_to() < FormatDay(call.today())) return InvalidField("valid_to", "PERIOD_OVER", "代理的期限已经过去");
    return id;
  };
  return casework_.ActOn(
      call, A::SET_ACTING, r, prepare, [&](A& account, const casework::Act& act) -> absl::Status {
        ASSIGN_OR_RETURN(const auto principal,
                         LoadAccount(backend_, act.connection(), casework_.type(), principal_id));
        if (!principal) return NotFound("账号");
        if (std::any_of(principal->posts().begin(), principal->posts().end(),
                        [](const v1::Post& p) { return IsAdministrator(p.role()); })) {
          // GB/T 22239-2019, 8.1.5: the three administrators are apart, also through others.
          return InvalidField("principal", "ADMINISTRATOR_NOT_ACTED_FOR", "管理员岗位不能由他人代理，应另行授予");
        }
        if (IsOwnAccount(*principal) || IsOwnAccount(account)) {
          return InvalidField("principal", "OWN_ACCOUNT_APART", "本人账号不能代理他人，也不能由他人代理");
        }
        // Acting gives the principal's posts: all of them must be the granter's to give.
        RETURN_IF_ERROR(CheckPostsReached(backend_, act.connection(), call, *principal));
        for (const auto& other : account.acting()) {
          const bool apart = other.valid_to() < acting.valid_from() || acting.valid_to() < other.valid_from();
          if (other.principal() != principal->id() || apart) continue;
          return Error(absl::StatusCode::kAlreadyExists, "ACTING_ALREADY",
                       absl::StrCat("该账号在这段时间已代理“", principal->account(), "”，期限有变的，应当先终止原来的代理"));
        }
        acting.set_principal(principal->id());
        acting.set_principal_account(principal->account());
        *account.add_acting() = acting;
        return absl::OkStatus();
      });
}

absl::StatusOr<A> AccountService::EndActing(rpc::Call& call, const v1::EndActingRequest& r) {
  return casework_.ActOn(call, A::END_ACTING, r, [&] { return IdOf(r.id()); }, [&](A& account) -> absl::Status {
    auto* list = account.mutable_acting();
    const auto acting =
        std::find_if(list->begin(), list->end(), [&](const v1::Acting& a) { return a.id() == r.acting(); });
    if (acting == list->end()) return InvalidField("acting", "ACTING_UNKNOWN", "该账号没有此项代理");
    list->erase(acting);
    return absl::OkStatus();
  });
}

}  // namespace sifa::identity
