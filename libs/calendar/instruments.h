// How each instrument (法律文件) counts its periods: which of its "days" are working days, and since when.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"

namespace sifa::calendar {

struct Counting {
  // Bit n: its limits of n days are working days. All other days are calendar days, unless the text says
  // 工作日 itself: then the period is written with Unit::kWorkingDay.
  uint32_t working_days = 0;
  absl::string_view article;  // that says so
  // The law that says which day is the first and the last: "CVL", or "CPL" which excepts custody.
  absl::string_view general = "CVL";
  absl::string_view period_article;  // of the general laws only
  bool rolls_over = true;            // a period that ends on a day off ends on the first day after it
  // The text is silent and practice divided: an office may set its days to working days (Options).
  bool configurable = false;
};

// One version of an instrument. A key has several rows where a revision changed the counting.
struct Instrument {
  absl::string_view key;   // "APL"
  absl::string_view name;  // "行政处罚法"
  absl::CivilDay valid_from;
  absl::CivilDay valid_to;  // the last day; kForever while in force
  Counting counting;

  bool CountsWorkingDays(int amount) const {
    return amount > 0 && amount < 32 && (counting.working_days >> amount & 1) != 0;
  }
};

inline constexpr absl::CivilDay kForever = absl::CivilDay(9999, 12, 31);

// The version in force on that day. INVALID_ARGUMENT with reason INSTRUMENT_UNKNOWN for a key that is not in
// the table, with INSTRUMENT_NOT_IN_FORCE for a day before or after all of its versions.
absl::StatusOr<const Instrument*> FindInstrument(absl::string_view key, absl::CivilDay day);

absl::Span<const Instrument> AllInstruments();

}  // namespace sifa::calendar
