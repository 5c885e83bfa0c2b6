// The Chinese names of what a result is about: columns and keys, as reports print them.
#pragma once

#include <string>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "libs/statistics/query.h"

namespace sifa::statistics {

// Of one entry of group_by: "纠纷类型", "月份", "区域".
std::string GroupLabel(const Cube& cube, absl::string_view group);
// Of a key under it: "婚姻家庭纠纷", "吴宁街道"; the key itself where it has no name.
std::string KeyLabel(const Cube& cube, const Reference& reference, absl::string_view group,
                     const std::string& key);
// Those of a table's keys, each looked up once. Not thread-safe; borrows all that it is given.
class KeyLabels {
 public:
  KeyLabels(const Cube& cube, const Reference& reference, const std::vector<std::string>& group_by)
      : cube_(cube), reference_(reference), group_by_(group_by), known_(group_by.size()) {}
  // Lives as long as this.
  const std::string& Of(size_t column, const std::string& key);

 private:
  const Cube& cube_;
  const Reference& reference_;
  const std::vector<std::string>& group_by_;
  std::vector<absl::node_hash_map<std::string, std::string>> known_;
};
// "浙江省金华市东阳市", or the path of the organisation.
std::string PlaceLabel(const Reference& reference, const Query& query);

}  // namespace sifa::statistics
