// Time of the suite. Nothing else in the tree reads the system clock for a date of law.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace sifa {

// China Standard Time; every legal day begins and ends in it.
absl::TimeZone ChinaTime();
absl::CivilDay DayOf(absl::Time time);
// "2024-09-27". ParseDay accepts exactly that form and real dates only.
std::string FormatDay(absl::CivilDay day);
bool ParseDay(absl::string_view text, absl::CivilDay* day);

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
  absl::CivilDay Today() const { return DayOf(Now()); }
};

// The system's time plus an offset in seconds read from a file which all processes of a demonstration share. The file
// is looked at again at most once a second. Without a path (production) the offset is always zero.
class SystemClock : public Clock {
 public:
  explicit SystemClock(std::string offset_file = "") : offset_file_(std::move(offset_file)) {}
  absl::Time Now() const override;

 private:
  const std::string offset_file_;
  mutable std::atomic<int64_t> offset_seconds_{0};
  mutable std::atomic<int64_t> checked_at_{0};
};

// A clock that stands still until a test sets it.
class ManualClock : public Clock {
 public:
  explicit ManualClock(absl::Time now) : nanos_(absl::ToUnixNanos(now)) {}
  explicit ManualClock(absl::CivilSecond now) : ManualClock(absl::FromCivil(now, ChinaTime())) {}
  absl::Time Now() const override { return absl::FromUnixNanos(nanos_.load()); }
  void Set(absl::Time now) { nanos_ = absl::ToUnixNanos(now); }
  void Set(absl::CivilSecond now) { Set(absl::FromCivil(now, ChinaTime())); }
  void Advance(absl::Duration by) { Set(Now() + by); }

 private:
  std::atomic<int64_t> nanos_;
};

}  // namespace sifa
