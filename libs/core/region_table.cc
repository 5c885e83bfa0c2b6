#include "libs/core/region_table.h"

#include <algorithm>

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
  History history;
  ASSIGN_OR_RETURN(history.valid_from, ParseOptionalDay(fields[kValidFrom]));
  ASSIGN_OR_RETURN(history.valid_to, ParseOptionalDay(fields[kValidTo]));
  ASSIGN_OR_RETURN(history.successors, ParseCodes(fields[kSuccessor]));
  rows_.push_back({code.packed(), fields[kIsPlace] != "0", false, static_cast<uint32_t>(names_.size()),
                   static_cast<uint32_t>(fields[kName].size())});
  absl::StrAppend(&names_, fields[kName]);
  if (history.valid_from || history.valid_to || !history.successors.empty())
    history_[code.packed()] = std::move(history);
  return absl::OkStatus();
}

void RegionTable::Index() {
  std::stable_sort(rows_.begin(), rows_.end(),
                   [](const Row& a, const Row& b) { return a.packed < b.packed; });
  rows_.erase(std::unique(rows_.begin(), rows_.end(),
                          [](const Row& a, const Row& b) { return a.packed == b.packed; }),
              rows_.end());
  for (Row& row : rows_) row.has_history = history_.count(row.packed) != 0;
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

Region RegionTable::Make(const Row& row) const {
  Region region{RegionCode::FromPacked(row.packed), NameOf(row), row.is_place != 0};
  if (row.has_history) {
    const History& history = history_.at(row.packed);
    region.valid_from = history.valid_from;
    region.valid_to = history.valid_to;
    region.successors = history.successors;
  }
  return region;
}

std::optional<Region> RegionTable::Find(RegionCode code) const {
  const Row* row = RowOf(code);
  if (row == nullptr) return std::nullopt;
  return Make(*row);
}

absl::string_view RegionTable::NameOf(RegionCode code) const {
  const Row* row = RowOf(code);
  return row == nullptr ? absl::string_view() : NameOf(*row);
}

absl::StatusOr<Region> RegionTable::Require(RegionCode code) const {
  if (auto region = Find(code)) return *std::move(region);
  return Error(absl::StatusCode::kNotFound, "REGION_UNKNOWN",
               absl::StrCat("没有代码为", code.ToString(), "的行政区划"));
}

bool RegionTable::IsListed(const Row& row, std::optional<absl::CivilDay> day) const {
  if (!row.has_history) return true;
  const Region region = Make(row);
  return day ? region.IsValidOn(*day) : !region.valid_to;
}

// Walks from child to child, leaping over what lies within each.
void RegionTable::AddChildren(RegionCode code, std::optional<absl::CivilDay> day,
                              std::vector<Region>& children) const {
  const uint64_t end = code.IsEmpty() ? UINT64_MAX : code.packed_end();
  for (auto at = At(code.packed() + 1); at != rows_.end() && at->packed < end;) {
    const RegionCode child = RegionCode::FromPacked(at->packed);
    if (!at->is_place) {
      AddChildren(child, day, children);
    } else if (IsListed(*at, day)) {
      children.push_back(Make(*at));
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
    return row.is_place && RegionCode::FromPacked(row.packed).level() == level && IsListed(row, std::nullopt);
  }));
}

std::vector<Region> RegionTable::Search(absl::string_view text, RegionCode within, size_t limit) const {
  std::vector<Region> found;
  const auto end = within.IsEmpty() ? rows_.end() : At(within.packed_end());
  for (auto at = At(within.packed()); at != end && found.size() < limit && !text.empty(); ++at) {
    if (at->is_place && NameOf(*at).find(text) != absl::string_view::npos) found.push_back(Make(*at));
  }
  return found;
}

std::string RegionTable::Path(RegionCode code) const {
  const Row* row = RowOf(code);
  if (row == nullptr) return "";
  const auto above = ParentOf(code);
  return absl::StrCat(above ? Path(*above) : "", NameOf(*row));
}

std::vector<Region> RegionTable::AbolishedBy(absl::CivilDay day) const {
  std::vector<Region> abolished;
  for (const auto& [packed, history] : history_) {
    if (history.valid_to && *history.valid_to < day) abolished.push_back(Make(*RowOf(RegionCode::FromPacked(packed))));
  }
  return abolished;
}

std::vector<RegionCode> RegionTable::ValidOn(RegionCode code, absl::CivilDay day) const {
  const auto region = Find(code);
  if (!region) return {};
  if (region->IsValidOn(day)) return {code};
  std::vector<RegionCode> valid;
  if (!region->valid_to || day <= *region->valid_to) return valid;  // not yet
  for (RegionCode successor : region->successors) {
    for (RegionCode heir : ValidOn(successor, day)) valid.push_back(heir);
  }
  return valid;
}

}  // namespace sifa
