#include "services/identity/reference/period.h"

#include "libs/calendar/instruments.h"
#include "libs/calendar/periods.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::reference {
namespace {

// Both enums list the units in one order.
calendar::Unit ToUnit(v1::Unit unit) { return static_cast<calendar::Unit>(static_cast<int>(unit) - 1); }
v1::Unit FromUnit(calendar::Unit unit) { return static_cast<v1::Unit>(static_cast<int>(unit) + 1); }

calendar::Period PeriodOf(const v1::ComputePeriodRequest& r) {
  return {.instrument = r.instrument(),
          .amount = r.amount(),
          .unit = ToUnit(r.unit()),
          .years = r.term_years(),
          .months = r.term_months(),
          .days = r.term_days()};
}

absl::StatusOr<calendar::Options> OptionsOf(const v1::ComputePeriodRequest& r) {
  calendar::Options options{.in_custody = r.in_custody(),
                            .is_measure = r.is_measure(),
                            .open_days_are_working = r.open_days_are_working()};
  for (const auto& days : r.excluded()) {
    calendar::Excluded excluded;
    ParseDay(days.from(), &excluded.from);
    ParseDay(days.to(), &excluded.to);
    if (excluded.to < excluded.from)
      return InvalidField("excluded", "PERIOD_REVERSED", "扣除期间的结束日期早于开始日期");
    excluded.reason = days.reason();
    options.excluded.push_back(std::move(excluded));
  }
  return options;
}

void SetTime(google::protobuf::Timestamp* field, absl::Time time) {
  field->set_seconds(absl::ToUnixSeconds(time));
}

}  // namespace

void PeriodService::Register(rpc::DescribedService& service) {
  service.On("ComputePeriod", this, &PeriodService::Compute);
  service.On("ListInstruments", this, &PeriodService::ListInstruments);
}

absl::StatusOr<v1::ComputedPeriod> PeriodService::Compute(rpc::Call&, const v1::ComputePeriodRequest& r) {
  ASSIGN_OR_RETURN(const calendar::Options options, OptionsOf(r));
  const calendar::Period period = PeriodOf(r);
  const auto& calendar = calendars_.Current();
  calendar::Deadline deadline;
  if (r.has_event_time()) {
    const absl::Time event =
        absl::FromUnixSeconds(r.event_time().seconds()) + absl::Nanoseconds(r.event_time().nanos());
    ASSIGN_OR_RETURN(deadline, calendar::Compute(calendar, period, event, options));
  } else {
    absl::CivilDay event;
    if (!ParseDay(r.event_date(), &event))
      return InvalidField("event_date", "FIELD_REQUIRED", "请填写起算事件的日期");
    if (r.unit() == v1::HOUR)
      return InvalidField("event_time", "FIELD_REQUIRED", "以小时计算的期间，请填写起算事件的时刻");
    ASSIGN_OR_RETURN(deadline, calendar::Compute(calendar, period, event, options));
  }
  v1::ComputedPeriod computed;
  computed.set_due_date(FormatDay(deadline.due));
  SetTime(computed.mutable_due_time(), deadline.due_at);
  computed.set_unit_applied(FromUnit(deadline.unit_applied));
  for (const calendar::Step& step : deadline.steps) {
    auto* out = computed.add_steps();
    out->set_date(FormatDay(step.date));
    out->set_until(FormatDay(step.until));
    out->set_kind(std::string(calendar::StepKindName(step.kind)));
    out->set_text(step.text);
  }
  computed.set_rule_version(deadline.rule_version);
  computed.set_text(calendar::Describe(period));
  return computed;
}

absl::StatusOr<v1::ListInstrumentsResponse> PeriodService::ListInstruments(
    rpc::Call&, const v1::ListInstrumentsRequest&) {
  v1::ListInstrumentsResponse response;
  for (const calendar::Instrument& instrument : calendar::AllInstruments()) {
    auto* out = response.add_instruments();
    out->set_key(std::string(instrument.key));
    out->set_name(std::string(instrument.name));
    out->set_valid_from(FormatDay(instrument.valid_from));
    if (instrument.valid_to != calendar::kForever) out->set_valid_to(FormatDay(instrument.valid_to));
    for (int amount = 1; amount < 32; ++amount) {
      if (instrument.CountsWorkingDays(amount)) out->add_working_day_amounts(amount);
    }
    out->set_article(std::string(instrument.counting.article));
    out->set_general(std::string(instrument.counting.general));
    out->set_rolls_over(instrument.counting.rolls_over);
    out->set_configurable(instrument.counting.configurable);
  }
  return response;
}

}  // namespace sifa::reference
