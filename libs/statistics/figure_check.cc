#include "libs/statistics/figure_check.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/statistics/folder.h"
#include "libs/statistics/schema.h"
#include "libs/statistics/statement.h"
#include "sifa/casework/v1/casework.pb.h"

namespace sifa::statistics {
namespace {

constexpr size_t kMostFindings = 100;

std::string TextOf(const Contribution& c, int ordinal, const Id& object) {
  std::string text = absl::StrCat(c.cube->name, "\x1f", ordinal, "\x1f", FormatDay(c.day), "\x1f", c.quarter_hour, "\x1f",
                                  c.region.packed(), "\x1f", c.organisation_path, "\x1f", object.AsBytes());
  for (size_t i = 0; i < c.cube->dimensions.size(); ++i) absl::StrAppend(&text, "\x1f", c.dimensions[i]);
  for (size_t i = 0; i < c.cube->measures.size(); ++i) absl::StrAppend(&text, "\x1f", c.measures[i]);
  return text;
}

}  // namespace

FigureCheck::FigureCheck(const Cubes& cubes) : cubes_(cubes) {
  for (const Cube* cube : cubes.all()) sums_.try_emplace(cube, *cube);
}

void FigureCheck::Find(int64_t position, const Id& act, std::string text) {
  if (findings_.size() < kMostFindings) {
    findings_.push_back({"FIGURE_CHANGED", position, act.IsZero() ? "" : act.ToString(), std::move(text)});
  }
}

absl::Status FigureCheck::Take(mysql::Connection& connection, const std::vector<journal::Sealed>& rows, bool last) {
  for (const journal::Sealed& sealed : rows) {
    if (sealed.position == 0) continue;
    casework::v1::ActRecord record;
    if (!record.ParseFromString(sealed.row.record)) continue;
    Counted& counted = waiting_[sealed.position];
    counted.act = sealed.row.id;
    const uint64_t definition = record.counts().definition();
    counted.known = definition == 0 || definition == cubes_.definition();
    if (!counted.known) continue;
    ASSIGN_OR_RETURN(counted.contributions, ContributionsOf(connection, cubes_, sealed.row));
    for (size_t i = 0; i < counted.contributions.size(); ++i) {
      counted.texts.push_back(TextOf(counted.contributions[i], static_cast<int>(i), sealed.row.object_id));
    }
    std::sort(counted.texts.begin(), counted.texts.end());
  }
  ASSIGN_OR_RETURN(const Generation living, LivingGeneration(connection));
  ASSIGN_OR_RETURN(const auto follower, connection.Query("SELECT position FROM follower WHERE name = ?", {kFollowerName}));
  const int64_t counted = follower.empty() ? 0 : follower[0].Int(0);
  RETURN_IF_ERROR(Compare(connection, living.number, counted));
  return last ? CompareCounters(connection, living.number, counted) : absl::OkStatus();
}

absl::StatusOr<FigureCheck::ByPosition> FigureCheck::Stored(mysql::Connection& connection, int64_t generation, int64_t first,
                                                            int64_t last) const {
  ByPosition stored;
  for (const Cube* cube : cubes_.all()) {
    Statement statement(absl::StrCat("SELECT position, ordinal, region, day, quarter_hour, organisation_path, object_id",
                                     CellColumns(*cube), " FROM statistics_contribution"));
    statement.Add(" WHERE generation = ? AND cube_number = ? AND position >= ? AND position <= ?",
                  {generation, cube->id, first, last});
    RETURN_IF_ERROR(statement.Each(connection, [&](const mysql::Row& row) {
      Contribution c;
      c.cube = cube;
      c.region = RegionCode::FromPacked(static_cast<uint64_t>(row.Int(2)));
      c.day = row.Day(3);
      c.quarter_hour = static_cast<int>(row.Int(4));
      c.organisation_path = row.Bytes(5);
      for (size_t i = 0; i < cube->dimensions.size(); ++i) c.dimensions[i] = row.Bytes(7 + static_cast<int>(i));
      c.measures = ReadMeasures(*cube, row, 7 + static_cast<int>(cube->dimensions.size()));
      Counted& counted = stored[row.Int(0)];
      counted.texts.push_back(TextOf(c, static_cast<int>(row.Int(1)), row.AsId(6)));
      counted.contributions.push_back(std::move(c));
    }));
  }
  for (auto& [position, counted] : stored) std::sort(counted.texts.begin(), counted.texts.end());
  return stored;
}

absl::Status FigureCheck::Compare(mysql::Connection& connection, int64_t generation, int64_t counted) {
  if (waiting_.empty() || waiting_.begin()->first > counted) return absl::OkStatus();
  const auto end = waiting_.upper_bound(counted);
  ASSIGN_OR_RETURN(ByPosition stored, Stored(connection, generation, waiting_.begin()->first, std::prev(end)->first));
  for (auto at = waiting_.begin(); at != end; ++at) {
    auto found = stored.extract(at->first);
    Counted& right = at->second;
    if (!right.known) {
      if (!found.empty()) right.contributions = std::move(found.mapped().contributions);
    } else if (found.empty() ? !right.texts.empty() : found.mapped().texts != right.texts) {
      Find(at->first, right.act, "统计明细与日志不符");
    }
    for (const Contribution& contribution : right.contributions) sums_.at(contribution.cube).Add(contribution);
  }
  for (const auto& [position, strange] : stored) Find(position, {}, "统计明细没有日志，系插入");
  waiting_.erase(waiting_.begin(), end);
  return absl::OkStatus();
}

absl::Status FigureCheck::CompareCounters(mysql::Connection& connection, int64_t generation, int64_t counted) {
  ASSIGN_OR_RETURN(const auto beyond,
                   connection.Query("SELECT DISTINCT position FROM statistics_contribution WHERE generation = ?"
                                    " AND (position < 1 OR position > ?)",
                                    {generation, counted}));
  for (const auto& row : beyond) Find(row.Int(0), {}, "统计明细没有日志，系插入");
  for (const Cube* cube : cubes_.all()) {
    RETURN_IF_ERROR(sums_.at(cube).Compare(connection, generation, [&](const std::string& where) {
      Find(0, {}, absl::StrCat("统计数 ", cube->name, " ", where, " 与日志不符"));
    }));
  }
  return absl::OkStatus();
}

}  // namespace sifa::statistics
