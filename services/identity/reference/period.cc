#include "services/identity/reference/period.h"

#include "absl/strings/str_cat.h"
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
    if (excluded.to < excluded.from) {
      return InvalidField(absl::StrCat("excluded[", options.excluded.size(), "].to"), "PERIOD_REVERSED",
                          "扣除期间的结束日期早于开始日期");
    }
    excluded.reason = days.reason();
    options.excluded.push_back(std::move(excluded));
  }
  return options;
}

// What is given must belong together: a field that would be passed over is a mistake of the caller's.
absl::Status CheckFields(const v1::ComputePeriodRequest& r) {
  const bool term = r.unit() == v1::TERM;
  if (term && r.amount() != 0)
    return InvalidField("amount", "FIELD_NOT_APPLICABLE", "刑期、考验期用年、月、日表示，不用数值");
  if (!term && r.amount() == 0) return InvalidField("amount", "FIELD_REQUIRED", "请填写期间的数值");
  const std::pair<const char*, int> parts[] = {
      {"term_years", r.term_years()}, {"term_months", r.term_months()}, {"term_days", r.term_days()}};
  bool any = false;
  for (const auto& [field, value] : parts) {
    if (value != 0 && !term)
      return InvalidField(field, "FIELD_NOT_APPLICABLE", "只有刑期、考验期才用年、月、日表示");
    any |= value != 0;
  }
  if (term && !any) return InvalidField("term_years", "FIELD_REQUIRED", "请填写刑期或者考验期的年、月、日");
  if (!r.has_event_time() && r.unit() == v1::HOUR)
    return InvalidField("event_time", "FIELD_REQUIRED", "以小时计算的期间，请填写起算事件的时刻");
  if (!r.has_event_time() && r.event_date().empty())
    return InvalidField("event_date", "FIELD_REQUIRED", "请填写起算事件的日期");
  return absl::OkStatus();
}

absl::Time EventTime(const v1::ComputePeriodRequest& r) {
  return absl::FromUnixSeconds(r.event_time().seconds()) + absl::Nanoseconds(r.event_time().nanos());
}

// Names the field that the calendar could not make anything of.
absl::Status AtField(absl::Status status, const v1::ComputePeriodRequest& r) {
  const std::string reason = ReasonOf(status);
  const char* field = reason == "INSTRUMENT_UNKNOWN"                                            ? "instrument"
                      : reason == "INSTRUMENT_NOT_IN_FORCE" || reason == "CALENDAR_YEAR_UNKNOWN"
                          ? (r.has_event_time() ? "event_time" : "event_date")
                      : reason == "FIELD_NOT_APPLICABLE" ? "in_custody"
                      : reason == "PERIOD_MALFORMED" ? (r.unit() == v1::TERM ? "term_years" : "amount")
                                                     : nullptr;
  if (field != nullptr) AddFieldViolation(status, field, status.message());
  return status;
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
  RETURN_IF_ERROR(CheckFields(r));
  ASSIGN_OR_RETURN(const calendar::Options options, OptionsOf(r));
  const calendar::Period period = PeriodOf(r);
  const auto& calendar = calendars_.Current();
  absl::CivilDay event;
  if (!r.event_date().empty() && !ParseDay(r.event_date(), &event))
    return InvalidField("event_date", "FIELD_DATE", "应为真实存在的日期，例如2024-09-27");
  if (r.has_event_time() && !r.event_date().empty() && DayOf(EventTime(r)) != event)
    return InvalidField("event_date", "FIELDS_CONTRADICT", "起算事件的日期与时刻不是同一天");
  auto computed_deadline = r.has_event_time() ? calendar::Compute(calendar, period, EventTime(r), options)
                                              : calendar::Compute(calendar, period, event, options);
  if (!computed_deadline.ok()) return AtField(computed_deadline.status(), r);
  const calendar::Deadline& deadline = *computed_deadline;
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
