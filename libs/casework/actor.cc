#include "libs/casework/actor.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/casework/object_type.h"
#include "libs/core/organisation_path.h"

namespace sifa::casework {

std::string Actor::id() const {
  if (call_ == nullptr) return "system";
  if (call_->signed_in()) return call_->claims().sub();
  return call_->method().access.public_() ? "public" : absl::StrCat("service:", call_->peer());
}

std::string Actor::account() const {
  return call_ == nullptr ? "system" : call_->claims().account();
}

absl::StatusOr<rpc::Grant> Actor::Entitled(absl::string_view permission, procedure::Level level, absl::string_view path,
                                           absl::string_view what) const {
  if (call_ == nullptr || !call_->signed_in()) return rpc::Grant();
  // Of a method for any account (signed_in): a guard of the row says who may.
  if (permission.empty()) return rpc::Grant();
  bool reached = false;
  const rpc::Grant* of_another = nullptr;
  for (const rpc::Grant* grant : call_->GrantsFor(permission)) {
    if (!call_->Reaches(*grant, path)) continue;
    reached = true;
    if (level != procedure::Level::kOwner && grant->level() != static_cast<uint32_t>(level)) continue;
    if (grant->acting_for().empty()) return *grant;
    if (of_another == nullptr) of_another = grant;
  }
  if (of_another != nullptr) return *of_another;
  if (!reached) return NotFound(what);
  return Error(absl::StatusCode::kPermissionDenied, "LEVEL_NOT_ENTITLED",
               absl::StrCat("此事项由", procedure::LevelName(level), "决定，您的岗位级别不符"));
}

absl::StatusOr<rpc::Grant> Actor::EntitledTo(const ObjectType& type, int act, absl::string_view permission,
                                             procedure::Level level, const google::protobuf::Message& object) const {
  absl::StatusOr<rpc::Grant> grant;
  for (const std::string& path : type.PathsOfAct(act, object)) {
    grant = Entitled(permission, level, path, type.label);
    if (!absl::IsNotFound(grant.status())) return grant;
  }
  if (!ReachesObject(type, object)) return NotFound(type.label);
  if (call_->GrantsFor(permission).empty()) {
    return Error(absl::StatusCode::kPermissionDenied, "PERMISSION_MISSING", "您的岗位没有此项权限");
  }
  return Error(absl::StatusCode::kPermissionDenied, "ACT_OF_ANOTHER", "此事项由其他单位办理，不由您办理");
}

bool Actor::Reaches(absl::string_view path) const {
  if (call_ == nullptr || !call_->signed_in()) return true;
  const std::string& permission = call_->method().access.permission();
  return permission.empty() || call_->MayAct(permission, path);
}

bool Actor::ReachesObject(const ObjectType& type, const google::protobuf::Message& object) const {
  return type.PathReached(object, [&](absl::string_view path) { return Reaches(path); }).has_value();
}

std::string Intersection(absl::string_view one, absl::string_view other) {
  absl::string_view path = one, other_path = other;
  const bool exact = absl::ConsumePrefix(&path, "="), other_exact = absl::ConsumePrefix(&other_path, "=");
  if (absl::StartsWith(path, other_path) && (!other_exact || path == other_path)) return std::string(other_exact ? other : one);
  if (absl::StartsWith(other_path, path) && (!exact || path == other_path)) return std::string(other);
  return "";
}

// Without what is sealed.
static std::vector<std::string> PlainScopesOf(const rpc::Call& call, absl::string_view permission) {
  std::vector<std::string> scopes;
  for (const rpc::Grant* grant : call.GrantsFor(permission)) {
    scopes.push_back(absl::StrCat(grant->descendants() ? "" : "=", grant->path()));
  }
  return scopes;
}

std::vector<std::string> ScopesOf(const rpc::Call& call, absl::string_view permission) {
  std::vector<std::string> scopes = PlainScopesOf(call, permission);
  const size_t plain = scopes.size();
  for (const std::string& sealed : PlainScopesOf(call, call.sealed_read())) {
    for (size_t i = 0; i < plain; ++i) {
      const std::string both = Intersection(scopes[i], sealed);
      absl::string_view path = both;
      const bool exact = absl::ConsumePrefix(&path, "=");
      if (!path.empty()) scopes.push_back(absl::StrCat(exact ? "=" : "", Seal(path)));
    }
  }
  return scopes;
}

}  // namespace sifa::casework
