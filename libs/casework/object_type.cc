#include "libs/casework/object_type.h"

#include <algorithm>

#include "libs/core/organisation_path.h"

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
  for (const Further& other : further(object)) paths.push_back(IsSealed(paths[0]) ? Seal(other.path) : other.path);
  return paths;
}

std::optional<std::string> ObjectType::PathReached(const Message& object,
                                                   const std::function<bool(absl::string_view path)>& reaches) const {
  for (std::string& path : PathsOf(object)) {
    if (reaches(path)) return std::move(path);
  }
  return std::nullopt;
}

std::vector<std::string> ObjectType::PathsOfAct(int act, const Message& object) const {
  const std::vector<std::string> all = PathsOf(object);
  std::vector<std::string> paths;
  bool own = true;
  const std::vector<Further> others = further ? further(object) : std::vector<Further>();
  for (size_t i = 0; i < others.size(); ++i) {
    if (std::find(others[i].acts.begin(), others[i].acts.end(), act) == others[i].acts.end()) continue;
    paths.push_back(all[i + 1]);
    own = own && others[i].also;
  }
  if (own) paths.insert(paths.begin(), all[0]);
  return paths;
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
