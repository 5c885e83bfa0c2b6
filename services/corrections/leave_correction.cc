// What may be corrected of a leave; what was proposed because he came back late follows.
#include "libs/core/status.h"
#include "libs/procedure/clocks.h"
#include "services/corrections/leave.h"
#include "services/corrections/record_correction.h"

namespace sifa::corrections {
namespace {

absl::Status Settle(const casework::Backend&, const Leave& before, Leave* after) {
  if (after->decided_on() != before.decided_on()) {
    // Each decision about a longer stay keeps its own day, beside which this one's limit is gone.
    if (after->extensions_size() > 0)
      return InvalidField("content.decided_on", "LEAVE_EXTENDED", "已经申请延期的外出，不能更正原审批日期");
    const auto* limit = procedure::FindClock(after->clocks(), Leave::Limit_Name(Leave::DECIDE_BY));
    after->set_decided_in_time(limit != nullptr && after->decided_on() <= limit->due_on());
  }
  for (int i = 0; i < after->arrivals_size(); ++i) after->mutable_arrivals(i)->set_on(before.arrivals(i).on());
  if (!after->returned_on().empty())
    after->set_days_late(std::max(0, static_cast<int>(DayIn(after->returned_on()) - DayIn(after->return_by()))));
  return absl::OkStatus();
}

}  // namespace

const casework::Amendments<Leave> kLeaveAmendments = {
    .amendable =
        {
            {"purpose"},
            casework::Given("details"),
            casework::Given("places"),
            {"proof_kind"},
            {"proof_number"},
            {"decided_on", true, Leave::APPROVE},
            {"decided_on", true, Leave::REFUSE},
            casework::Given("refuse_reason"),
            {"departed_on", true, Leave::DEPART},
            casework::Given("arrivals"),
            {"ordered_back_on", true, Leave::ORDER_BACK},
            casework::Given("order_reason"),
            {"returned_on", true, Leave::RETURN},
        },
    .settle = Settle,
    .mirror = MirrorRecord<Leave>,
    .kin_by = {{"Proposal", "of"}},
};

}  // namespace sifa::corrections
