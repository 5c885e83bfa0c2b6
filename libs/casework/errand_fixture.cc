#include "libs/casework/errand_fixture.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/procedure/clocks.h"

namespace sifa::casework {
namespace {

constexpr procedure::Law kLaw = {"信访工作条例", "23"};
const calendar::Period kThirtyDays = calendar::Days("CVL", 30);

const procedure::Guard<Errand> kTaskTold = {"交办", "TASK_MISSING", "应当写明交办的事项", kLaw,
                                            [](const Errand& errand, const procedure::Facts&) { return !errand.task().empty(); }};

absl::CivilDay ProlongedUntil(const Errand& errand) {
  absl::CivilDay day;
  ParseDay(errand.prolonged_until(), &day);
  return day;
}

absl::StatusOr<Errand> NewErrand(const test::OrderErrandRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const Letter letter, act.Load<Letter>(r.letter(), Lock::kShared));
  Errand errand;
  errand.set_organisation(letter.organisation());
  errand.set_organisation_path(letter.organisation_path());
  errand.set_region(letter.region());
  errand.set_letter(letter.id());
  errand.set_task(r.task());
  return errand;
}

absl::Status TakeErrand(Errand& errand, const test::ErrandActRequest&, const Act& act) {
  errand.set_taken_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status AssignErrand(Errand& errand, const test::AssignErrandRequest& r) {
  *errand.mutable_helpers() = r.helpers();
  errand.set_assignee(r.helpers(0));
  return absl::OkStatus();
}

absl::Status ProlongErrand(Errand& errand, const test::ProlongErrandRequest& r) {
  errand.set_prolonged_until(r.until());
  return absl::OkStatus();
}

absl::Status ReportErrand(Errand& errand, const test::ErrandActRequest&, const Act& act) {
  errand.set_reported_on(act.occurred_on());
  return absl::OkStatus();
}

const procedure::Row<Errand> kRows[] = {
    {.act = Errand::ORDER, .from = {Errand::STATE_UNSPECIFIED}, .to = Errand::ORDERED, .create = Create<NewErrand>, .law = kLaw},
    {.act = Errand::TAKE,
     .from = {Errand::ORDERED},
     .to = Errand::TAKEN,
     .guards = {&kTaskTold},
     .apply = Apply<TakeErrand>,
     .starts = {{.clock = Errand::REPORT_BY, .period = kThirtyDays, .article = "23"}},
     .law = kLaw},
    {.act = Errand::ASSIGN, .from = {Errand::TAKEN}, .to = Errand::ASSIGNED, .apply = Apply<AssignErrand>, .law = kLaw},
    {.act = Errand::PROLONG,
     .from = {Errand::TAKEN, Errand::ASSIGNED},
     .apply = Apply<ProlongErrand>,
     .extends = {{.clock = Errand::REPORT_BY, .until = ProlongedUntil}},
     .law = kLaw},
    {.act = Errand::REPORT,
     .from = {Errand::ASSIGNED},
     .to = Errand::REPORTED,
     .apply = Apply<ReportErrand>,
     .stops = {Errand::REPORT_BY},
     .law = kLaw},
    {.act = Errand::FOLLOW_UP, .from = {Errand::REPORTED}, .law = kLaw},
};
const procedure::ClockKind kClocks[] = {{.clock = Errand::REPORT_BY, .warn_days = 7}};

const procedure::Procedure<Errand> kErrandProcedure = {
    .name = "交办件",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Errand::REPORTED, Errand::VOIDED},
    .states = Errand::State_descriptor,
    .acts = Errand::Act_descriptor,
    .clock_kinds = Errand::Limit_descriptor,
    .papers = Errand::Document_descriptor,
};

std::optional<Numbering> NumberingOf(const Errand& errand, absl::CivilDay act_day) {
  if (errand.state() != Errand::TAKEN || !errand.number().empty()) return std::nullopt;
  const int64_t year = act_day.year();
  return Numbering{absl::StrCat("errand/", year),
                   [year](int64_t number) { return absl::StrCat("（", year, "）交办第", number, "号"); }};
}

absl::Status HandOverErrand(const Act&, const std::string& from, Errand* errand) {
  std::replace(errand->mutable_helpers()->begin(), errand->mutable_helpers()->end(), from, errand->assignee());
  return absl::OkStatus();
}

const Amendments<Errand> kAmendments = {
    .amendable = {{"letter"}, {"task"}, {"taken_on", true, Errand::TAKE}, {"reported_on", true, Errand::REPORT}}};

}  // namespace

const Definition<Errand> kErrand = {
    .procedure = &kErrandProcedure,
    .numbering = NumberingOf,
    .list = PlainListOf<test::ListErrandsRequest>,
    .amendments = &kAmendments,
    .references = {{"letter", "Letter", "LETTER_HAS_ERRANDS", "因该来信已交办事项，不能作废"}},
    .hand_over = HandOverErrand,
    .held_in = {"helpers"},
    .together = true,
};

Errand ErrandDesk::Order(const std::string& day, const std::string& task) {
  test::OrderErrandRequest r;
  r.set_letter(letter.id());
  r.set_occurred_on(day);
  r.set_task(task);
  return Must(Order(r, clerk));
}

Errand ErrandDesk::Do(const std::string& act, const Errand& errand, const std::string& day) {
  test::ErrandActRequest r;
  r.set_id(errand.id());
  r.set_occurred_on(day);
  return Must(Do(act, r, clerk));
}

Errand ErrandDesk::Assign(const Errand& errand, const std::string& day, const std::vector<std::string>& helpers) {
  test::AssignErrandRequest r;
  r.set_id(errand.id());
  r.set_occurred_on(day);
  r.mutable_helpers()->Assign(helpers.begin(), helpers.end());
  auto call = Call("ErrandService/AssignErrand", clerk);
  return Must(office.Do<Errand>(call, r));
}

v1::History ErrandDesk::History(const Errand& errand) const {
  auto call = Call("ErrandService/GetErrandHistory", head);
  v1::GetHistoryRequest r;
  r.set_id(errand.id());
  return Must(casework::History(backend(), errands.type(), call, r));
}

std::vector<std::string> ErrandDesk::ActsOn(const Errand& errand) const {
  std::vector<std::string> acts;
  const auto history = History(errand);
  for (const auto& entry : history.entries()) acts.push_back(entry.action());
  return acts;
}

std::string ErrandDesk::Due(const Errand& errand) {
  const auto* clock = procedure::FindClock(errand.clocks(), "REPORT_BY");
  return clock == nullptr ? "" : clock->due_on();
}

}  // namespace sifa::casework
