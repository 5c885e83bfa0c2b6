// The divisions with their names, validity and successors, in memory.
#pragma once

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

struct Region {
  RegionCode code;
  absl::string_view name;  // lives as long as its table
  // False of rows of statistics that are no divisions (市辖区, 省直辖县级行政区划, development zones): paths
  // and children pass over them.
  bool is_place = true;
  std::optional<absl::CivilDay> valid_from;  // since before the records where absent
  std::optional<absl::CivilDay> valid_to;    // the last day
  std::vector<RegionCode> successors;        // where its territory went when it was abolished

  bool IsValidOn(absl::CivilDay day) const {
    return (!valid_from || day >= *valid_from) && (!valid_to || day <= *valid_to);
  }
};

// Immutable after it is made, so thread-safe. 16 bytes and the name for each row: the nation's 665,000 rows
// take 24 MB.
class RegionTable {
 public:
  RegionTable() = default;
  // Texts of CSV with the columns code and name, and of is_place, valid_from, valid_to, successor
  // ("370116/370117") those they need. A code that stands twice takes what its later row says beyond the
  // name. Errors as of ReadCsv.
  static absl::StatusOr<RegionTable> Parse(absl::Span<const std::string> texts);
  // All *.csv of a folder, by name.
  static absl::StatusOr<RegionTable> Load(const std::string& folder);

  std::optional<Region> Find(RegionCode code) const;
  // The name alone, "" where unknown: cheaper.
  absl::string_view NameOf(RegionCode code) const;
  // NOT_FOUND with reason REGION_UNKNOWN.
  absl::StatusOr<Region> Require(RegionCode code) const;

  // The places one step down, by code; without a code, the provinces. Abolished ones are left out unless
  // valid on `day`; without a day, unless valid now (no last day).
  std::vector<Region> Children(RegionCode code, std::optional<absl::CivilDay> day = std::nullopt) const;
  // The nearest place above.
  std::optional<RegionCode> ParentOf(RegionCode code) const;
  // All rows of a level within a region (an empty code: everywhere) that are places and not abolished.
  size_t Count(RegionCode within, RegionLevel level) const;

  // Places whose name holds the text, by code, at most `limit`, abolished ones among them.
  std::vector<Region> Search(absl::string_view text, RegionCode within, size_t limit) const;
  // "浙江省金华市东阳市南马镇"
  std::string Path(RegionCode code) const;

  // The codes that stand for this one on that day: itself while it is valid, else its successors, followed as
  // far as needed; empty for a code that is unknown or was not yet.
  std::vector<RegionCode> ValidOn(RegionCode code, absl::CivilDay day) const;

  // Those of which the last day was before that one, by code.
  std::vector<Region> AbolishedBy(absl::CivilDay day) const;

  size_t size() const { return rows_.size(); }
  size_t MemoryBytes() const { return rows_.capacity() * sizeof(Row) + names_.capacity(); }

 private:
  struct Row {
    uint64_t packed : 40;  // RegionCode::packed() is below 2^40
    uint64_t is_place : 1;
    uint64_t has_history : 1;
    uint32_t name_at;
    uint32_t name_size;
  };
  struct History {
    std::optional<absl::CivilDay> valid_from, valid_to;
    std::vector<RegionCode> successors;
  };

  absl::Status Add(absl::Span<const absl::string_view> fields);
  void Index();
  // The first row at or after a packed code.
  std::vector<Row>::const_iterator At(uint64_t packed) const;
  const Row* RowOf(RegionCode code) const;
  absl::string_view NameOf(const Row& row) const {
    return absl::string_view(names_).substr(row.name_at, row.name_size);
  }
  Region Make(const Row& row) const;
  bool IsListed(const Row& row, std::optional<absl::CivilDay> day) const;
  void AddChildren(RegionCode code, std::optional<absl::CivilDay> day, std::vector<Region>& children) const;

  std::vector<Row> rows_;  // by code
  std::string names_;
  std::map<uint64_t, History> history_;  // of the few that have one
};

}  // namespace sifa
