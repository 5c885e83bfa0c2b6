// The Chinese names of what a result is about: columns and keys, as reports print them.
#pragma once

#include <string>
#include <vector>

#include "libs/statistics/query.h"

namespace sifa::statistics {

// Of one entry of group_by: "纠纷类型", "月份", "区域".
std::string GroupLabel(const Cube& cube, absl::string_view group);
// Of all keys that a result has under one of its groups, by their numbers: "婚姻家庭纠纷", "吴宁街道"; the key itself where it has no
// name.
std::vector<std::string> KeyLabels(const Result& result, const Query& query, const Reference& reference, size_t group);
// "浙江省金华市东阳市", or the name of the organisation.
std::string PlaceLabel(const Result& result, const Query& query, const Reference& reference);

}  // namespace sifa::statistics
