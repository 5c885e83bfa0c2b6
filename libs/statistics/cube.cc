#include "libs/statistics/cube.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"

namespace sifa::statistics {
namespace {

uint64_t DefinitionOf(const std::vector<const Cube*>& cubes) {
  std::string text;
  for (const Cube* cube : cubes) {
    absl::StrAppend(&text, "\ncube ", cube->id, " ", cube->name, " ", cube->revision, cube->ahead ? " ahead" : "", cube->stock ? " stock" : "", " by ", static_cast<int>(cube->finest));
    for (const Dimension& dimension : cube->dimensions) absl::StrAppend(&text, "\nd ", dimension.name);
    for (const Measure& measure : cube->measures) absl::StrAppend(&text, "\nm ", measure.name);
  }
  const std::string digest = crypto::Sha256(text);
  uint64_t definition = 0;
  for (int i = 0; i < 8; ++i) definition = definition << 8 | static_cast<unsigned char>(digest[i]);
  return definition;
}

}  // namespace

Cubes::Cubes(std::vector<const Cube*> cubes, CountAnew count_anew)
    : cubes_(std::move(cubes)), count_anew_(std::move(count_anew)), definition_(DefinitionOf(cubes_)) {}

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
