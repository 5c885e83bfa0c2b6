#include "libs/casework/object_type.h"

#include <algorithm>

namespace sifa::casework {

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
