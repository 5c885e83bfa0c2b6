#include "libs/core/clock.h"

#include <fstream>

#include "absl/time/clock.h"

#include "absl/strings/str_format.h"

namespace sifa {

absl::TimeZone ChinaTime() {
  static const absl::TimeZone zone = absl::FixedTimeZone(8 * 3600);  // no daylight saving since 1992
  return zone;
}

absl::CivilDay DayOf(absl::Time time) { return absl::ToCivilDay(time, ChinaTime()); }

std::string FormatDay(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

bool ParseDay(absl::string_view text, absl::CivilDay* day) {
  return text.size() == 10 && absl::ParseCivilTime(text, day) && FormatDay(*day) == text;
}

absl::Time SystemClock::Now() const {
  const absl::Time system = absl::Now();
  if (offset_file_.empty()) return system;
  const int64_t second = absl::ToUnixSeconds(system);
  if (checked_at_.exchange(second) != second) {
    int64_t offset = 0;
    std::ifstream file(offset_file_);
    if (file >> offset || !file.is_open()) offset_seconds_ = offset;
  }
  return system + absl::Seconds(offset_seconds_.load());
}

}  // namespace sifa
