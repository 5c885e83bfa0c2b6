#include "libs/rpc/call.h"

#include "absl/strings/match.h"

namespace sifa::rpc {

bool Reaches(const Grant& grant, absl::string_view path) {
  return grant.descendants() ? absl::StartsWith(path, grant.path()) : path == grant.path();
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

bool Call::MayAct(absl::string_view permission, absl::string_view path) const {
  for (const Grant* grant : GrantsFor(permission)) {
    if (Reaches(*grant, path)) return true;
  }
  return false;
}

}  // namespace sifa::rpc
