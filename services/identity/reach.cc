#include "services/identity/reach.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/core/status.h"
#include "services/identity/posts.h"

namespace sifa::identity {
namespace {

// Has a worklist and may do more on it than read: "mediation.work.read", and anything of mediation that is no reading.
bool WorksOn(const casework::v1::Role& role, absl::string_view service) {
  const auto& held = role.permissions();
  const std::string prefix = absl::StrCat(service, ".");
  return std::any_of(held.begin(), held.end(), [&](const std::string& permission) {
    return absl::StartsWith(permission, prefix) && !absl::EndsWith(permission, ".read");
  });
}

// The services on whose objects a role works.
std::vector<std::string> ServicesOf(const rpc::Authority& authority, const std::string& role_name) {
  std::vector<std::string> services;
  const casework::v1::Role* role = authority.FindRole(role_name);
  if (role == nullptr) return services;
  for (absl::string_view service : role->permissions()) {
    if (absl::ConsumeSuffix(&service, ".work.read") && WorksOn(*role, service)) services.emplace_back(service);
  }
  return services;
}

bool Meet(const v1::TokenGrant& one, const v1::TokenGrant& other) {
  return rpc::Reaches(one, other.path()) || rpc::Reaches(other, one.path());
}

}  // namespace

absl::Status CheckSuccessor(const casework::Backend& backend, mysql::Connection& connection, const rpc::Authority& authority,
                            const v1::Account& giver, const v1::Account& receiver, absl::CivilDay day) {
  ASSIGN_OR_RETURN(const auto given, OwnGrantsOn(backend, connection, giver, day));
  ASSIGN_OR_RETURN(const auto held, OwnGrantsOn(backend, connection, receiver, day));
  bool works = false;
  for (const v1::TokenGrant& from : given) {
    for (const std::string& service : ServicesOf(authority, from.role())) {
      works = true;
      for (const v1::TokenGrant& to : held) {
        const auto services = ServicesOf(authority, to.role());
        if (Meet(from, to) && std::find(services.begin(), services.end(), service) != services.end())
          return absl::OkStatus();
      }
    }
  }
  for (const v1::TokenGrant& to : held) {
    if (works) break;  // his posts tell where his work is
    if (rpc::Reaches(to, giver.organisation_path()) && !ServicesOf(authority, to.role()).empty())
      return absl::OkStatus();
  }
  return InvalidField("to", "SUCCESSOR_NOT_ENTITLED",
                      "接收人在移交人任职的机构没有办理此类业务的岗位，移交后无人能够办理；请先授予接收人相应岗位");
}

absl::Status CheckReach(const rpc::Call& call, const OrganisationRow& organisation, bool descendants) {
  for (const rpc::Grant* grant : call.GrantsFor(call.method().access.permission())) {
    if (rpc::Reaches(*grant, organisation.path) && (grant->descendants() || !descendants))
      return absl::OkStatus();
  }
  return Error(absl::StatusCode::kPermissionDenied, "OUT_OF_REACH",
               absl::StrCat(organisation.name, "的岗位不在您的管理范围内"));
}

absl::Status CheckReach(const casework::Backend& backend, mysql::Connection& connection, const rpc::Call& call,
                        const v1::Post& post) {
  ASSIGN_OR_RETURN(const auto organisation, FindOrganisation(backend, connection, post.organisation()));
  if (!organisation) return Internal(absl::StrCat("post at no organisation: ", post.organisation()));
  return CheckReach(call, *organisation, post.descendants());
}

absl::Status CheckPostsReached(const casework::Backend& backend, mysql::Connection& connection, const rpc::Call& call,
                               const v1::Account& account) {
  for (const v1::Post& post : account.posts()) {
    if (!Ended(post, call.today())) RETURN_IF_ERROR(CheckReach(backend, connection, call, post));
  }
  return absl::OkStatus();
}

absl::Status CheckAccountReached(const casework::Backend& backend, mysql::Connection& connection,
                                 const casework::ObjectType& type, const rpc::Call& call,
                                 const v1::Account& account) {
  RETURN_IF_ERROR(CheckPostsReached(backend, connection, call, account));
  for (const v1::Acting& acting : account.acting()) {
    if (Ended(acting, call.today())) continue;
    ASSIGN_OR_RETURN(const Id id, ParseId(acting.principal()));
    ASSIGN_OR_RETURN(const auto principal, LoadAccount(backend, connection, type, id));
    if (principal) RETURN_IF_ERROR(CheckPostsReached(backend, connection, call, *principal));
  }
  return absl::OkStatus();
}

}  // namespace sifa::identity
