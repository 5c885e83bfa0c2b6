// 行政区划口径: the divisions as they stand on one day. A record keeps the division in which it was made; divisions are merged,
// split and renamed every year (law §1.4), and what is compared has to be of one territory. So all figures of an answer are
// told in the divisions of one day, and a division has what was recorded in those that went into it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "libs/core/region_table.h"

namespace sifa::statistics {

class Divisions {
 public:
  Divisions() = default;  // as recorded
  // Of a region: what counts in it; without one, everywhere.
  Divisions(const RegionTable& regions, absl::CivilDay day, RegionCode region = RegionCode());

  // Where a record of this division counts: there while it stands, else where its territory went. What went to several is
  // where these are together: nobody knows to which of them a record of before belongs. The divisions within one that was
  // abolished go with it where the table says nothing of their own.
  RegionCode Of(RegionCode recorded) const;
  bool Stands(RegionCode code) const { return Of(code) == code; }

  struct Move {
    RegionCode from;
    RegionCode to;
    std::optional<RegionCode> with;  // where it would be with the division around it, had that one alone been abolished
  };
  // Of all that were abolished, whatever is around them first.
  std::vector<Move> Moves() const;
  // The recorded codes that count in a place: ranges of RegionCode::packed(), the ends not included.
  std::vector<std::pair<uint64_t, uint64_t>> CountedIn(RegionCode place) const;

 private:
  // The nearest that was abolished: the division itself or one around it.
  std::optional<RegionCode> Abolished(RegionCode code) const;

  std::map<RegionCode, RegionCode> heirs_;  // of the abolished ones
};

}  // namespace sifa::statistics
