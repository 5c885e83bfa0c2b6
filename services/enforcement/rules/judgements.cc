#include "services/enforcement/rules/judgements.h"

#include "libs/core/status.h"

namespace sifa::enforcement::rules {

std::optional<Limit> LimitOf(const Bench& bench, const calendar::Period& period, CivilDay event,
                             std::vector<calendar::Excluded> excluded) {
  calendar::Options options{.excluded = std::move(excluded)};
  Limit limit;
  auto deadline = calendar::Compute(bench.calendar, period, event, options);
  if (ReasonOf(deadline.status()) == "CALENDAR_YEAR_UNKNOWN") {
    limit.provisional = options.provisional = true;
    deadline = calendar::Compute(bench.calendar, period, event, options);
  }
  if (!deadline.ok()) return std::nullopt;
  limit.due = deadline->due;
  limit.text = absl::StrCat("自", FormatDay(event), "起", calendar::Describe(period));
  for (const calendar::Excluded& out : options.excluded) {
    absl::StrAppend(&limit.text, "，扣除", FormatDay(out.from), "至", FormatDay(out.to), out.reason);
  }
  absl::StrAppend(&limit.text, "，至", FormatDay(limit.due));
  return limit;
}

Judgement Within(const Bench& bench, const std::optional<Limit>& limit, const Fact<CivilDay>& done, absl::string_view what) {
  if (!limit) return CalendarUnknown();
  if (done) return Is(!limit->IsPastOn(*done), absl::StrCat(limit->text, "；", FormatDay(*done), what));
  if (limit->IsPastOn(bench.today)) return Fail(absl::StrCat(limit->text, "；至", FormatDay(bench.today), "尚未", what));
  return Pending(procedure::LastDay(limit->due, limit->provisional), absl::StrCat(limit->text, "；尚未", what));
}

}  // namespace sifa::enforcement::rules
