// PeriodService: statutory periods with their trace.
#pragma once

#include "libs/rpc/described_service.h"
#include "libs/calendar/calendar_book.h"
#include "sifa/reference/v1/period.pb.h"

namespace sifa::reference {

class PeriodService {
 public:
  explicit PeriodService(const calendar::CalendarBook& calendars) : calendars_(calendars) {}
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::ComputedPeriod> Compute(rpc::Call& call, const v1::ComputePeriodRequest& r);
  absl::StatusOr<v1::ListInstrumentsResponse> ListInstruments(rpc::Call& call,
                                                              const v1::ListInstrumentsRequest& r);

 private:
  const calendar::CalendarBook& calendars_;
};

}  // namespace sifa::reference
