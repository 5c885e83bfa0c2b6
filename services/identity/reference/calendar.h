// CalendarService: the years of the working-day calendar, and the import of the next one.
#pragma once

#include <atomic>

#include "libs/casework/casework.h"
#include "libs/rpc/described_service.h"
#include "sifa/reference/v1/calendar.pb.h"

namespace sifa::reference {

extern const procedure::Procedure<v1::CalendarNotice> kCalendarProcedure;
extern const casework::Definition<v1::CalendarNotice> kCalendarNotice;

class CalendarService {
 public:
  // Imported notices are laid over the calendar that the backend begins with, that of the data directory.
  explicit CalendarService(const casework::Backend& backend);
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::CalendarYear> GetYear(rpc::Call& call, const v1::GetCalendarYearRequest& r);
  absl::StatusOr<v1::CalendarNotice> Import(rpc::Call& call, const v1::ImportCalendarRequest& r);
  absl::StatusOr<v1::CalendarText> GetCalendar(rpc::Call& call, const v1::GetCalendarRequest& r);

  // Takes in the notices that are stored, also by other replicas. At start, after an import, and at
  // intervals.
  absl::Status Refresh();

 private:
  // The notice that is to be imported: at the root, and of the year that it says.
  absl::StatusOr<v1::CalendarNotice> NewNotice(const rpc::Call& call, const v1::ImportCalendarRequest& r) const;

  const casework::Backend& backend_;
  const calendar::Calendar& base_;
  std::atomic<int> notices_ = 0;
  casework::Casework<v1::CalendarNotice> casework_;
};

}  // namespace sifa::reference
