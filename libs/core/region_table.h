// The divisions with their names, validity and successors, in memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "libs/core/region.h"

namespace sifa {

// What the list (GB/T 2260) has from its first day was there before.
inline constexpr absl::CivilDay kRegionsListedFrom(1981, 1, 1);

// A division in one of its times: a code that was renamed or given out again has several.
struct Region {
  RegionCode code;
  absl::string_view name;  // lives as long as its table
  // False of rows of statistics that are no divisions (市辖区, 省直辖县级行政区划, development zones): paths
  // and children pass over them.
  bool is_place = true;
  std::optional<absl::CivilDay> valid_from;  // since before the records where absent
  std::optional<absl::CivilDay> valid_to;    // the last day
  std::vector<RegionCode> successors;        // where its territory went; itself where it was renamed

  bool IsValidOn(absl::CivilDay day) const {
    day = std::max(day, kRegionsListedFrom);
    return (!valid_from || day >= *valid_from) && (!valid_to || day <= *valid_to);
  }
};

// Immutable after it is made, so thread-safe. 16 bytes and the name for each row: the nation's 665,000 rows
// take 24 MB.
class RegionTable {
 public:
  RegionTable() = default;
  // Texts of CSV with the columns code and name, and of is_place, valid_from, valid_to, successor
  // ("370116/370117") those they need. Each row of a code with validity or successors is one of its times.
  // Errors as of ReadCsv.
  static absl::StatusOr<RegionTable> Parse(absl::Span<const std::string> texts);
  // All *.csv of a folder, by name.
  static absl::StatusOr<RegionTable> Load(const std::string& folder);

  // In its latest time.
  std::optional<Region> Find(RegionCode code) const;
  // In its time of that day, the latest where two meet; nothing where it was not or is no more.
  std::optional<Region> Find(RegionCode code, absl::CivilDay day) const;
  // All times of a code, the earliest first.
  std::vector<Region> Times(RegionCode code) const;
  // Those whose territory came into it, by code.
  std::vector<RegionCode> Predecessors(RegionCode code) const;
  // The name alone, of its latest time, "" where unknown: cheaper.
  absl::string_view NameOf(RegionCode code) const;
  // Of its time of that day, else of its latest.
  absl::string_view NameOf(RegionCode code, absl::CivilDay day) const;
  // NOT_FOUND with reason REGION_UNKNOWN.
  absl::StatusOr<Region> Require(RegionCode code) const;

  // The places one step down, by code; without a code, the provinces. Abolished ones are left out unless
  // valid on `day`; without a day, unless valid now (no last day).
  std::vector<Region> Children(RegionCode code, std::optional<absl::CivilDay> day = std::nullopt) const;
  // The nearest place above.
  std::optional<RegionCode> ParentOf(RegionCode code) const;
  // All rows of a level within a region (an empty code: everywhere) that are places and not abolished.
  size_t Count(RegionCode within, RegionLevel level) const;

  // Places whose name, or whose name of once, holds the text, by code, in the latest time that has it, at most
  // `limit`, abolished ones among them.
  std::vector<Region> Search(absl::string_view text, RegionCode within, size_t limit) const;
  // "浙江省金华市东阳市南马镇", in the names of a day: without one, today's, or of its last day where it was abolished.
  std::string Path(RegionCode code, std::optional<absl::CivilDay> day = std::nullopt) const;

  // The codes that stand for this one on that day: itself while it is valid, else its successors, followed as
  // far as needed; empty for a code that is unknown or was not yet.
  std::vector<RegionCode> ValidOn(RegionCode code, absl::CivilDay day) const;

  // The codes that were valid before that day and are not on it, in order: of a region, those within and around it and those
  // whose territory came into it; without one, all.
  std::vector<RegionCode> AbolishedBy(absl::CivilDay day, RegionCode region = RegionCode()) const;

  size_t size() const { return rows_.size(); }
  size_t MemoryBytes() const { return rows_.capacity() * sizeof(Row) + names_.capacity(); }

 private:
  struct Name {
    uint32_t at = 0, size = 0;
  };
  struct Row {
    uint64_t packed : 40;  // RegionCode::packed() is below 2^40
    uint64_t is_place : 1;
    uint64_t has_times : 1;
    Name name;
  };
  struct Time {
    Name name;
    std::optional<absl::CivilDay> valid_from, valid_to;
    std::vector<RegionCode> successors;
  };

  absl::Status Add(absl::Span<const absl::string_view> fields);
  void Index();
  // The first row at or after a packed code.
  std::vector<Row>::const_iterator At(uint64_t packed) const;
  const Row* RowOf(RegionCode code) const;
  absl::string_view TextOf(Name name) const { return absl::string_view(names_).substr(name.at, name.size); }
  const std::vector<Time>& TimesOf(const Row& row) const { return times_.at(row.packed); }
  Region Make(const Row& row) const;
  Region Make(const Row& row, const Time& time) const;
  std::optional<Region> MakeOn(const Row& row, absl::CivilDay day) const;
  // As it is listed on a day, without one as it is now; nothing where it is not.
  std::optional<Region> Listed(const Row& row, std::optional<absl::CivilDay> day) const;
  void AddChildren(RegionCode code, std::optional<absl::CivilDay> day, std::vector<Region>& children) const;
  void Follow(const Region& from, absl::CivilDay day, std::vector<Region>& passed, std::vector<RegionCode>& heirs) const;

  std::vector<Row> rows_;  // by code
  std::string names_;
  std::map<uint64_t, std::vector<Time>> times_;  // of those that have any, the earliest first
  std::map<RegionCode, std::vector<RegionCode>> predecessors_;
};

}  // namespace sifa
