#include "libs/statistics/keys.h"

#include <algorithm>
#include <numeric>

namespace sifa::statistics {

KeySet::KeySet(const KeySet& other) {
  for (const std::string* key : other.keys_) NumberOf(*key);
}

uint32_t KeySet::NumberOf(absl::string_view key) {
  // Rows come in order: most keys are the one before.
  if (last_ < keys_.size() && *keys_[last_] == key) return last_;
  const auto [found, is_new] = numbers_.try_emplace(key, keys_.size());
  if (is_new) keys_.push_back(&found->first);
  return last_ = found->second;
}

std::vector<uint32_t> KeySet::Ranks() const {
  std::vector<uint32_t> order(keys_.size()), ranks(keys_.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) { return *keys_[a] < *keys_[b]; });
  for (uint32_t i = 0; i < order.size(); ++i) ranks[order[i]] = i;
  return ranks;
}

}  // namespace sifa::statistics
