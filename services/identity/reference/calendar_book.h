// The calendar in force: the file of the data directory with the notices imported since. Thread-safe; a
// computation keeps the calendar that it began with.
#pragma once

#include <memory>
#include <mutex>

#include "libs/calendar/calendar.h"

namespace sifa::reference {

class CalendarBook {
 public:
  explicit CalendarBook(const calendar::Calendar& base)
      : current_(std::make_shared<const calendar::Calendar>(base)) {}

  std::shared_ptr<const calendar::Calendar> Current() const {
    std::lock_guard lock(mutex_);
    return current_;
  }
  void Replace(calendar::Calendar calendar) {
    auto next = std::make_shared<const calendar::Calendar>(std::move(calendar));
    std::lock_guard lock(mutex_);
    current_ = std::move(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const calendar::Calendar> current_;
};

}  // namespace sifa::reference
