#include "libs/statistics/divisions.h"

#include <algorithm>
#include <set>

namespace sifa::statistics {
namespace {

constexpr int kMostSteps = 20;  // of a table that leads in a circle

// The smallest division that holds all of them; nothing across provinces.
std::optional<RegionCode> Together(const std::vector<RegionCode>& codes) {
  if (codes.empty()) return std::nullopt;
  for (std::optional<RegionCode> around = codes[0]; around; around = around->Parent()) {
    if (std::all_of(codes.begin(), codes.end(), [&](RegionCode code) { return code.IsWithin(*around); })) return around;
  }
  return std::nullopt;
}

}  // namespace

Divisions::Divisions(const RegionTable& regions, absl::CivilDay day, RegionCode region) {
  for (const RegionCode code : regions.AbolishedBy(day, region)) {
    if (const auto heir = Together(regions.ValidOn(code, day))) heirs_[code] = *heir;
  }
}

std::optional<RegionCode> Divisions::Abolished(RegionCode code) const {
  if (heirs_.empty() || code.IsEmpty()) return std::nullopt;
  for (std::optional<RegionCode> around = code; around; around = around->Parent()) {
    if (heirs_.contains(*around)) return around;
  }
  return std::nullopt;
}

RegionCode Divisions::Of(RegionCode recorded) const {
  RegionCode here = recorded;
  for (int step = 0; step < kMostSteps; ++step) {
    const auto abolished = Abolished(here);
    if (!abolished) return here;
    here = heirs_.at(*abolished);
  }
  return recorded;
}

std::vector<Divisions::Move> Divisions::Moves() const {
  std::vector<Move> moves;
  for (const auto& [from, heir] : heirs_) {  // codes sort so that a division comes right before all within it
    Move move{from, Of(from), std::nullopt};
    if (move.to == from) continue;
    const auto parent = from.Parent();
    if (parent && Abolished(*parent)) move.with = Of(*parent);
    moves.push_back(move);
  }
  return moves;
}

std::vector<std::pair<uint64_t, uint64_t>> Divisions::CountedIn(RegionCode place) const {
  // Between two neighbouring borders all codes count in the same place.
  std::set<uint64_t> borders = {place.packed(), place.packed_end()};
  for (const auto& [from, heir] : heirs_) borders.insert({from.packed(), from.packed_end()});
  std::vector<std::pair<uint64_t, uint64_t>> ranges;
  for (auto border = borders.begin(); std::next(border) != borders.end(); ++border) {
    const uint64_t begin = *border, end = *std::next(border);
    if (!Of(RegionCode::FromPacked(begin)).IsWithin(place)) continue;
    if (!ranges.empty() && ranges.back().second == begin) {
      ranges.back().second = end;
    } else {
      ranges.emplace_back(begin, end);
    }
  }
  return ranges;
}

}  // namespace sifa::statistics
