// The keys of a table's cells. Tables have thousands of cells of few keys: numbers are compared and copied where texts would be
// built and taken apart.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "absl/strings/string_view.h"

namespace sifa::statistics {

inline constexpr size_t kMostGroups = 8;  // of QueryRequest.group_by

// The keys of a cell by the plan's groups, each by its number among the keys of its group.
using CellKey = std::array<uint32_t, kMostGroups>;

// The keys that one group has in a table, numbered as they come.
class KeySet {
 public:
  KeySet() = default;
  KeySet(const KeySet& other);
  KeySet(KeySet&&) = default;
  KeySet& operator=(const KeySet& other) { return *this = KeySet(other); }
  KeySet& operator=(KeySet&&) = default;

  uint32_t NumberOf(absl::string_view key);
  const std::string& operator[](uint32_t number) const { return *keys_[number]; }
  uint32_t size() const { return static_cast<uint32_t>(keys_.size()); }
  // For each key its place in the order of their texts.
  std::vector<uint32_t> Ranks() const;

 private:
  absl::node_hash_map<std::string, uint32_t> numbers_;
  std::vector<const std::string*> keys_;  // live in numbers_
  uint32_t last_ = 0;
};
using KeySets = std::array<KeySet, kMostGroups>;

}  // namespace sifa::statistics
