#include "libs/rpc/authority.h"

#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/text_format.h"
#include "libs/core/status.h"

namespace sifa::rpc {
namespace {

absl::Status ReadText(const std::string& path, google::protobuf::Message* message) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file || !google::protobuf::TextFormat::ParseFromString(text.str(), message)) {
    return Error(absl::StatusCode::kFailedPrecondition, "CONFIG_INVALID", absl::StrCat("cannot read ", path));
  }
  return absl::OkStatus();
}

}  // namespace

bool Covers(absl::string_view pattern, absl::string_view permission) {
  if (absl::ConsumeSuffix(&pattern, "*")) return absl::StartsWith(permission, pattern);
  return pattern == permission;
}

absl::StatusOr<Authority> Authority::Load(const std::string& directory) {
  Authority authority;
  casework::v1::PeerCatalogue peers;
  RETURN_IF_ERROR(ReadText(directory + "/roles.textproto", &authority.catalogue_));
  RETURN_IF_ERROR(ReadText(directory + "/peers.textproto", &peers));
  for (const auto& role : authority.catalogue_.roles()) {
    if (!authority.by_name_.emplace(role.name(), &role).second) {
      return Error(absl::StatusCode::kFailedPrecondition, "CONFIG_INVALID", absl::StrCat("role twice: ", role.name()));
    }
  }
  for (const auto& peer : peers.peers()) {
    authority.peers_[peer.name()] = peer;
  }
  return authority;
}

const casework::v1::Role* Authority::FindRole(absl::string_view role) const {
  const auto found = by_name_.find(std::string(role));
  return found == by_name_.end() ? nullptr : found->second;
}

bool Authority::RoleHolds(absl::string_view role, absl::string_view permission) const {
  const auto* known = FindRole(role);
  if (known == nullptr) return false;
  for (const auto& pattern : known->permissions()) {
    if (Covers(pattern, permission)) return true;
  }
  return false;
}

bool Authority::PeerMayCall(absl::string_view peer, absl::string_view path, bool service) const {
  const auto found = peers_.find(std::string(peer));
  if (found == peers_.end() || (service && !found->second.service())) return false;
  for (const auto& prefix : found->second.may_call()) {
    if (absl::StartsWith(path, prefix)) return true;
  }
  return false;
}

}  // namespace sifa::rpc
