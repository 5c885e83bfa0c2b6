// Numbers (案号) as counties allot them: by county, year and word.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "libs/casework/object_type.h"

namespace sifa::casework {

// （2026）330783矫外字第1号. nullopt where the object has its number already.
template <class T>
std::optional<Numbering> CountyNumbering(const T& object, absl::CivilDay act_day, const std::string& word) {
  if (!object.number().empty()) return std::nullopt;
  const int64_t year = act_day.year();
  const std::string county = object.region().substr(0, 6);
  return Numbering{absl::StrCat(county, "/", year, "/", word),
                   [=](int64_t number) { return absl::StrCat("（", year, "）", county, word, "字第", number, "号"); }};
}

}  // namespace sifa::casework
