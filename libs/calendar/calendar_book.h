// The calendar in force: that of the data directory, replaced when a notice has been imported. Thread-safe.
#pragma once

#include <list>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/calendar/calendar.h"

namespace sifa::calendar {

class CalendarBook {
 public:
  explicit CalendarBook(Calendar first) { calendars_.push_back(std::move(first)); }

  // Stays as it is for whoever computes with it: replaced calendars, one or two a year, are kept.
  const Calendar& Current() const {
    const absl::MutexLock lock(&mutex_);
    return calendars_.back();
  }
  void Replace(Calendar calendar) {
    const absl::MutexLock lock(&mutex_);
    calendars_.push_back(std::move(calendar));
  }

 private:
  mutable absl::Mutex mutex_;
  std::list<Calendar> calendars_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace sifa::calendar
