#include "libs/casework/object_type.h"

#include <algorithm>

namespace sifa::casework {

std::vector<std::string> SeenFurther(const std::vector<const ObjectType*>& types) {
  std::vector<std::string> names;
  for (const ObjectType* type : types) {
    if (type->further) names.push_back(type->name);
  }
  return names;
}

std::vector<std::string> ObjectType::PathsOf(const Message& object) const {
  std::vector<std::string> paths = {common(object).organisation_path};
  if (!further) return paths;
  for (Further& other : further(object)) paths.push_back(std::move(other.path));
  return paths;
}

std::optional<std::string> ObjectType::PathReached(const Message& object,
                                                   const std::function<bool(absl::string_view path)>& reaches) const {
  for (std::string& path : PathsOf(object)) {
    if (reaches(path)) return std::move(path);
  }
  return std::nullopt;
}

std::string ObjectType::PathOfAct(int act, const Message& object) const {
  if (further) {
    for (const Further& other : further(object)) {
      if (std::find(other.acts.begin(), other.acts.end(), act) != other.acts.end()) return other.path;
    }
  }
  return common(object).organisation_path;
}

const std::string& ObjectType::PermissionOf(int act) const {
  static const std::string none;
  const auto found = methods.find(act);
  return found == methods.end() ? none : found->second->access.permission();
}

std::vector<std::string> ObjectType::WorkIn(int state) const {
  std::vector<std::string> permissions;
  for (const Course::Step& step : course->steps()) {
    const std::string& permission = PermissionOf(step.act);
    if (step.from.Has(state) && !permission.empty()) permissions.push_back(permission);
  }
  return permissions;
}

int ObjectType::WarnDays(const std::string& clock_kind) const {
  const auto found = warning.find(clock_kind);
  return found == warning.end() ? 3 : found->second;
}

}  // namespace sifa::casework
