#include "libs/statistics/contribution.h"

#include <optional>

#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/statistics/place.h"
#include "libs/telemetry/log.h"

namespace sifa::statistics {
namespace {

std::optional<Contribution> Read(const Cubes& cubes, const casework::v1::Count& count, absl::CivilDay act_day, int sign) {
  Contribution made;
  made.cube = cubes.Find(count.cube());
  if (made.cube == nullptr) return std::nullopt;
  if (made.cube->stock) {
    made.day = act_day;
  } else if (!ParseDay(count.day(), &made.day)) {
    return std::nullopt;
  }
  if (count.quarter_hour() < 0 || count.quarter_hour() >= kQuarterHours) return std::nullopt;
  made.quarter_hour = count.quarter_hour();
  if (const auto region = RegionCode::Parse(count.region()); region.ok()) made.region = *region;
  if (DepthOf(count.organisation_path()) > 0) made.organisation_path = count.organisation_path();
  if (count.dimensions_size() > static_cast<int>(made.cube->dimensions.size()) ||
      count.measures_size() > static_cast<int>(made.cube->measures.size())) {
    return std::nullopt;
  }
  for (int i = 0; i < count.dimensions_size(); ++i) {
    if (count.dimensions(i).size() > kLongestValue) return std::nullopt;
    made.dimensions[i] = count.dimensions(i);
  }
  for (int i = 0; i < count.measures_size(); ++i) made.measures[i] = sign * count.measures(i);
  return made;
}

bool SameCell(const Contribution& a, const Contribution& b) {
  return a.cube == b.cube && a.day == b.day && a.quarter_hour == b.quarter_hour && a.region == b.region &&
         a.organisation_path == b.organisation_path && a.dimensions == b.dimensions;
}

// Into the row of the same cell where there is one: an act that changes no class makes one row, not two.
void Merge(Contribution&& made, std::vector<Contribution>* rows) {
  for (Contribution& row : *rows) {
    if (!SameCell(row, made)) continue;
    for (size_t i = 0; i < kMostMeasures; ++i) row.measures[i] += made.measures[i];
    return;
  }
  rows->push_back(std::move(made));
}

}  // namespace

absl::StatusOr<std::vector<Contribution>> ContributionsOf(mysql::Connection& connection, const Cubes& cubes, const journal::Row& row) {
  casework::v1::ActRecord record;
  std::vector<Contribution> rows;
  int left_out = record.ParseFromString(row.record) ? 0 : 1;
  const auto take = [&](const auto& counts, int sign) {
    for (const auto& count : counts) {
      auto made = Read(cubes, count, row.occurred_on, sign);
      if (made) {
        Merge(*std::move(made), &rows);
      } else {
        ++left_out;
      }
    }
  };
  if (cubes.count_anew() && record.counts().definition() != cubes.definition()) {
    auto counted = cubes.count_anew()(connection, row);
    const bool unreadable = absl::IsDataLoss(counted.status()) || absl::IsInternal(counted.status());
    if (!counted.ok() && !unreadable) return counted.status();
    if (counted.ok()) *record.mutable_counts() = *std::move(counted);
    left_out += unreadable ? 1 : 0;
  }
  take(record.counts().before(), -1);
  take(record.counts().after(), 1);
  std::erase_if(rows, [](const Contribution& each) { return each.measures == Measures{}; });
  if (left_out > 0) telemetry::Warn("statistics_count_left_out", {{"journal_id", row.id.ToString()}});
  return rows;
}

}  // namespace sifa::statistics
