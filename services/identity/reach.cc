#include "services/identity/reach.h"

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "services/identity/posts.h"

namespace sifa::identity {

absl::Status CheckReach(const rpc::Call& call, const OrganisationRow& organisation, bool descendants) {
  for (const rpc::Grant* grant : call.GrantsFor(call.method().access.permission())) {
    if (rpc::Reaches(*grant, organisation.path) && (grant->descendants() || !descendants))
      return absl::OkStatus();
  }
  return Error(absl::StatusCode::kPermissionDenied, "OUT_OF_REACH",
               absl::StrCat(organisation.name, "的岗位不在您的管理范围内"));
}

absl::Status CheckReach(mysql::Connection& connection, const rpc::Call& call, const v1::Post& post) {
  ASSIGN_OR_RETURN(const auto organisation, FindOrganisation(connection, post.organisation()));
  if (!organisation) return Internal(absl::StrCat("post at no organisation: ", post.organisation()));
  return CheckReach(call, *organisation, post.descendants());
}

absl::Status CheckPostsReached(mysql::Connection& connection, const rpc::Call& call,
                               const v1::Account& account) {
  for (const v1::Post& post : account.posts()) {
    if (!Ended(post, call.today())) RETURN_IF_ERROR(CheckReach(connection, call, post));
  }
  return absl::OkStatus();
}

absl::Status CheckAccountReached(const casework::Backend& backend, mysql::Connection& connection,
                                 const casework::ObjectType& type, const rpc::Call& call,
                                 const v1::Account& account) {
  RETURN_IF_ERROR(CheckPostsReached(connection, call, account));
  for (const v1::Acting& acting : account.acting()) {
    if (Ended(acting, call.today())) continue;
    ASSIGN_OR_RETURN(const Id id, ParseId(acting.principal()));
    ASSIGN_OR_RETURN(const auto principal, LoadAccount(backend, connection, type, id));
    if (principal) RETURN_IF_ERROR(CheckPostsReached(connection, call, *principal));
  }
  return absl::OkStatus();
}

}  // namespace sifa::identity
