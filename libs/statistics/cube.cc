#include "libs/statistics/cube.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/core/status.h"

namespace sifa::statistics {

const Cube* Cubes::Find(absl::string_view name) const {
  for (const Cube* cube : cubes_) {
    if (cube->name == name) return cube;
  }
  return nullptr;
}

absl::StatusOr<const Cube*> Cubes::Require(absl::string_view name) const {
  if (const Cube* cube = Find(name)) return cube;
  const auto names = absl::StrJoin(
      cubes_, "、", [](std::string* out, const Cube* cube) { absl::StrAppend(out, cube->name); });
  return InvalidField("cube", "CUBE_UNKNOWN", absl::StrCat("没有“", name, "”这张统计表，现有：", names));
}

}  // namespace sifa::statistics
