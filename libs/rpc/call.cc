#include "libs/rpc/call.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "libs/core/organisation_path.h"

namespace sifa::rpc {

bool Reaches(const Grant& grant, absl::string_view path) {
  const absl::string_view plain = Unseal(path);
  return grant.descendants() ? absl::StartsWith(plain, grant.path()) : plain == grant.path();
}

void Call::Fill(Fields fields) {
  claims_ = std::move(fields.claims);
  peer_ = std::move(fields.peer);
  purpose_ = std::move(fields.purpose);
  caller_address_ = std::move(fields.caller_address);
  request_id_ = std::move(fields.request_id);
  deadline_ = fields.deadline;
  trace_ = std::move(fields.trace);
}

std::vector<const Grant*> Call::GrantsFor(absl::string_view permission) const {
  std::vector<const Grant*> grants;
  for (const Grant& grant : claims_.grants()) {
    if (authority_.RoleHolds(grant.role(), permission)) grants.push_back(&grant);
  }
  return grants;
}

bool Call::of_person() const {
  return std::any_of(claims_.grants().begin(), claims_.grants().end(), [&](const Grant& grant) {
    const auto* role = authority_.FindRole(grant.role());
    return role != nullptr && role->of_person();
  });
}

bool Call::Reaches(const Grant& grant, absl::string_view path) const {
  if (!rpc::Reaches(grant, path)) return false;
  if (!IsSealed(path)) return true;
  const auto sealed = GrantsFor(sealed_read());
  return std::any_of(sealed.begin(), sealed.end(), [&](const Grant* other) { return rpc::Reaches(*other, path); });
}

bool Call::MayAct(absl::string_view permission, absl::string_view path) const {
  for (const Grant* grant : GrantsFor(permission)) {
    if (Reaches(*grant, path)) return true;
  }
  return false;
}

}  // namespace sifa::rpc
