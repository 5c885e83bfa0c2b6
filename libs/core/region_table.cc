#include "libs/core/region_table.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/core/clock.h"
#include "libs/core/csv.h"
#include "libs/core/status.h"

namespace sifa {
namespace {

enum Column { kCode, kName, kIsPlace, kValidFrom, kValidTo, kSuccessor };
constexpr absl::string_view kColumns[] = {"code", "name", "is_place", "valid_from", "valid_to", "successor"};
constexpr size_t kRequired = 2;

absl::StatusOr<std::optional<absl::CivilDay>> ParseOptionalDay(absl::string_view text) {
  absl::CivilDay day;
  if (text.empty()) return std::nullopt;
  if (!ParseDay(text, &day)) return Error(absl::StatusCode::kInvalidArgument, "DATE_MALFORMED", "日期不存在");
  return day;
}

absl::StatusOr<std::vector<RegionCode>> ParseCodes(absl::string_view text) {
  std::vector<RegionCode> codes;
  for (absl::string_view part : absl::StrSplit(text, '/', absl::SkipEmpty())) {
    ASSIGN_OR_RETURN(codes.emplace_back(), RegionCode::Parse(part));
  }
  return codes;
}

}  // namespace

absl::StatusOr<RegionTable> RegionTable::Parse(absl::Span<const std::string> texts) {
  RegionTable table;
  for (const std::string& text : texts) {
    RETURN_IF_ERROR(ReadCsv(text, kColumns, kRequired, [&](auto fields) { return table.Add(fields); }));
  }
  table.Index();
  return table;
}

absl::StatusOr<RegionTable> RegionTable::Load(const std::string& folder) {
  ASSIGN_OR_RETURN(const std::vector<std::string> texts, ReadDataFolder(folder));
  return Parse(texts);
}

absl::Status RegionTable::Add(absl::Span<const absl::string_view> fields) {
  ASSIGN_OR_RETURN(const RegionCode code, RegionCode::Parse(fields[kCode]));
  if (fields[kName].empty()) return Error(absl::StatusCode::kInvalidArgument, "NAME_EMPTY", "名称不能为空");
  Time time{{static_cast<uint32_t>(names_.size()), static_cast<uint32_t>(fields[kName].size())}, {}, {}, {}};
  ASSIGN_OR_RETURN(time.valid_from, ParseOptionalDay(fields[kValidFrom]));
  ASSIGN_OR_RETURN(time.valid_to, ParseOptionalDay(fields[kValidTo]));
  ASSIGN_OR_RETURN(time.successors, ParseCodes(fields[kSuccessor]));
  rows_.push_back({code.packed(), fields[kIsPlace] != "0", false, time.name});
  absl::StrAppend(&names_, fields[kName]);
  if (time.valid_from || time.valid_to || !time.successors.empty()) times_[code.packed()].push_back(std::move(time));
  return absl::OkStatus();
}

void RegionTable::Index() {
  std::stable_sort(rows_.begin(), rows_.end(),
                   [](const Row& a, const Row& b) { return a.packed < b.packed; });
  rows_.erase(std::unique(rows_.begin(), rows_.end(),
                          [](const Row& a, const Row& b) { return a.packed == b.packed; }),
              rows_.end());
  for (auto& [packed, times] : times_) {
    std::stable_sort(times.begin(), times.end(), [](const Time& a, const Time& b) { return a.valid_from < b.valid_from; });
    const RegionCode code = RegionCode::FromPacked(packed);
    for (const Time& time : times) {
      for (const RegionCode successor : time.successors) {
        auto& before = predecessors_[successor];
        if (successor != code && (before.empty() || before.back() != code)) before.push_back(code);
      }
    }
  }
  for (Row& row : rows_) {
    row.has_times = times_.count(row.packed) != 0;
    if (row.has_times) row.name = TimesOf(row).back().name;
  }
  rows_.shrink_to_fit();
  names_.shrink_to_fit();
}

std::vector<RegionTable::Row>::const_iterator RegionTable::At(uint64_t packed) const {
  return std::lower_bound(rows_.begin(), rows_.end(), packed,
                          [](const Row& row, uint64_t at) { return row.packed < at; });
}

const RegionTable::Row* RegionTable::RowOf(RegionCode code) const {
  const auto at = At(code.packed());
  return at != rows_.end() && at->packed == code.packed() ? &*at : nullptr;
}

Region RegionTable::Make(const Row& row, const Time& time) const {
  return {
      RegionCode::FromPacked(row.packed), TextOf(time.name), row.is_place != 0, time.valid_from, time.valid_to, time.successors};
}

Region RegionTable::Make(const Row& row) const {
  if (row.has_times) return Make(row, TimesOf(row).back());
  return {RegionCode::FromPacked(row.packed), TextOf(row.name), row.is_place != 0, {}, {}, {}};
}

std::optional<Region> RegionTable::MakeOn(const Row& row, absl::CivilDay day) const {
  if (!row.has_times) return Make(row);
  const std::vector<Time>& times = TimesOf(row);
  for (auto time = times.rbegin(); time != times.rend(); ++time) {
    const Region region = Make(row, *time);
    if (region.IsValidOn(day)) return region;
  }
  return std::nullopt;
}

std::optional<Region> RegionTable::Find(RegionCode code) const {
  const Row* row = RowOf(code);
  if (row == nullptr) return std::nullopt;
  return Make(*row);
}

std::optional<Region> RegionTable::Find(RegionCode code, absl::CivilDay day) const {
  const Row* row = RowOf(code);
  return row == nullptr ? std::nullopt : MakeOn(*row, day);
}

std::vector<Region> RegionTable::Times(RegionCode code) const {
  const Row* row = RowOf(code);
  if (row == nullptr) return {};
  if (!row->has_times) return {Make(*row)};
  std::vector<Region> times;
  for (const Time& time : TimesOf(*row)) times.push_back(Make(*row, time));
  return times;
}

std::vector<RegionCode> RegionTable::Predecessors(RegionCode code) const {
  const auto known = predecessors_.find(code);
  return known == predecessors_.end() ? std::vector<RegionCode>() : known->second;
}

absl::string_view RegionTable::NameOf(RegionCode code) const {
  const Row* row = RowOf(code);
  return row == nullptr ? absl::string_view() : TextOf(row->name);
}

absl::string_view RegionTable::NameOf(RegionCode code, absl::CivilDay day) const {
  const auto region = Find(code, day);
  return region ? region->name : NameOf(code);
}

absl::StatusOr<Region> RegionTable::Require(RegionCode code) const {
  if (auto region = Find(code)) return *std::move(region);
  return Error(absl::StatusCode::kNotFound, "REGION_UNKNOWN",
               absl::StrCat("没有代码为", code.ToString(), "的行政区划"));
}

std::optional<Region> RegionTable::Listed(const Row& row, std::optional<absl::CivilDay> day) const {
  if (day) return MakeOn(row, *day);
  Region region = Make(row);
  if (region.valid_to) return std::nullopt;
  return region;
}

// Walks from child to child, leaping over what lies within each.
void RegionTable::AddChildren(RegionCode code, std::optional<absl::CivilDay> day,
                              std::vector<Region>& children) const {
  const uint64_t end = code.IsEmpty() ? UINT64_MAX : code.packed_end();
  for (auto at = At(code.packed() + 1); at != rows_.end() && at->packed < end;) {
    const RegionCode child = RegionCode::FromPacked(at->packed);
    if (!at->is_place) {
      AddChildren(child, day, children);
    } else if (auto region = Listed(*at, day)) {
      children.push_back(*std::move(region));
    }
    at = At(child.packed_end());
  }
}

std::vector<Region> RegionTable::Children(RegionCode code, std::optional<absl::CivilDay> day) const {
  std::vector<Region> children;
  AddChildren(code, day, children);
  return children;
}

std::optional<RegionCode> RegionTable::ParentOf(RegionCode code) const {
  for (RegionCode above : code.Ancestors()) {
    const Row* row = RowOf(above);
    if (row != nullptr && row->is_place) return above;
  }
  return std::nullopt;
}

size_t RegionTable::Count(RegionCode within, RegionLevel level) const {
  const auto end = within.IsEmpty() ? rows_.end() : At(within.packed_end());
  return static_cast<size_t>(std::count_if(At(within.packed()), end, [&](const Row& row) {
    return row.is_place && RegionCode::FromPacked(row.packed).level() == level && Listed(row, std::nullopt);
  }));
}

std::vector<Region> RegionTable::Search(absl::string_view text, RegionCode within, size_t limit) const {
  std::vector<Region> found;
  const auto end = within.IsEmpty() ? rows_.end() : At(within.packed_end());
  const auto holds = [&](Name name) { return absl::StrContains(TextOf(name), text); };
  for (auto at = At(within.packed()); at != end && found.size() < limit && !text.empty(); ++at) {
    if (!at->is_place) continue;
    if (!at->has_times) {
      if (holds(at->name)) found.push_back(Make(*at));
      continue;
    }
    const std::vector<Time>& times = TimesOf(*at);
    const auto time = std::find_if(times.rbegin(), times.rend(), [&](const Time& time) { return holds(time.name); });
    if (time != times.rend()) found.push_back(Make(*at, *time));
  }
  return found;
}

std::string RegionTable::Path(RegionCode code, std::optional<absl::CivilDay> day) const {
  const auto region = Find(code);
  if (!region) return "";
  if (!day) day = region->valid_to;
  const auto above = ParentOf(code);
  return absl::StrCat(above ? Path(*above, day) : "", day ? NameOf(code, *day) : region->name);
}

std::vector<RegionCode> RegionTable::AbolishedBy(absl::CivilDay day, RegionCode region) const {
  std::set<RegionCode> asked, around;
  if (region.IsEmpty()) {
    for (const auto& [packed, times] : times_) asked.insert(RegionCode::FromPacked(packed));
  } else {
    std::vector<RegionCode> open = region.Ancestors();
    for (auto at = times_.lower_bound(region.packed()); at != times_.end() && at->first < region.packed_end(); ++at) {
      open.push_back(RegionCode::FromPacked(at->first));
    }
    for (auto at = predecessors_.lower_bound(region); at != predecessors_.end() && at->first.IsWithin(region); ++at)
      open.push_back(at->first);
    while (!open.empty()) {
      const RegionCode code = open.back();
      open.pop_back();
      if (!asked.insert(code).second) continue;
      for (const RegionCode before : Predecessors(code)) {
        open.push_back(before);
        if (const auto parent = before.Parent()) around.insert(*parent);
      }
    }
    asked.merge(around);
  }
  std::vector<RegionCode> abolished;
  for (const RegionCode code : asked) {
    const std::vector<Region> times = Times(code);
    const bool was = !times.empty() && times.front().valid_to && *times.front().valid_to < day;
    if (was && !Find(code, day)) abolished.push_back(code);
  }
  return abolished;
}

std::vector<RegionCode> RegionTable::ValidOn(RegionCode code, absl::CivilDay day) const {
  if (Find(code, day)) return {code};
  const std::vector<Region> times = Times(code);
  const auto last =
      std::find_if(times.rbegin(), times.rend(), [&](const Region& time) { return time.valid_to && *time.valid_to < day; });
  std::vector<RegionCode> heirs;
  std::vector<Region> passed;
  if (last != times.rend()) Follow(*last, day, passed, heirs);
  return heirs;
}

// A successor takes over in the time that begins as the one before ends: a code given out again later is another division.
void RegionTable::Follow(const Region& from, absl::CivilDay day, std::vector<Region>& passed,
                         std::vector<RegionCode>& heirs) const {
  const auto is_passed = [&](const Region& time) { return time.code == from.code && time.valid_from == from.valid_from; };
  if (std::any_of(passed.begin(), passed.end(), is_passed)) return;
  passed.push_back(from);
  for (const RegionCode successor : from.successors) {
    auto next = Find(successor, *from.valid_to);
    if (!next || (next->code == from.code && next->valid_from == from.valid_from)) next = Find(successor, *from.valid_to + 1);
    if (!next) continue;
    if (next->IsValidOn(day)) {
      if (std::find(heirs.begin(), heirs.end(), successor) == heirs.end()) heirs.push_back(successor);
    } else if (next->valid_to && *next->valid_to < day) {
      Follow(*next, day, passed, heirs);
    }
  }
}

}  // namespace sifa
