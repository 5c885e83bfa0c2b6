#include "services/corrections/heightening.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/casework/place.h"
#include "libs/casework/references.h"
#include "services/corrections/duty.h"
#include "services/corrections/instants.h"
#include "services/corrections/people.h"
#include "services/corrections/record.h"
#include "services/corrections/reporting.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Asking;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcl24 = Ccl("24");
constexpr int kLongest = 30;   // days, both ends counted
constexpr int kPortion = 100;  // people whose reports one transaction opens
constexpr int kMostAtOnce = 1000;

absl::CivilDay BeginsOn(const Heightening& h) { return DayIn(h.begins_on()); }
absl::CivilDay EndsOn(const Heightening& h) { return DayIn(h.ends_on()); }
absl::Time NextReportsAt(const Heightening& h) { return TimeOf(h.next_reports_at()); }
bool HasNextReports(const Heightening& h) { return h.has_next_reports_at(); }
bool IsOpen(const Heightening& h) { return !kHeighteningProcedure.terminal.Has(h.state()); }

const Guard<Heightening> kInOrder = {"重点时段", "PERIOD_REVERSED", "结束日期不能早于开始日期", kCcl24,
                                     [](const Heightening& h, const Facts&) { return h.begins_on() <= h.ends_on(); }};
const Guard<Heightening> kNotBackDated = {
    "重点时段", "HEIGHTENING_BACK_DATED", "重点时段不能从决定之前的日期开始", kCcl24,
    [](const Heightening& h, const Facts& facts) { return h.begins_on() >= FormatDay(facts.act_day); }};
const Guard<Heightening> kNotTooLong = {"重点时段", "HEIGHTENING_TOO_LONG", "重点时段最长三十日，确有需要的，期满后另行决定",
                                        kCcl24,
                                        [](const Heightening& h, const Facts&) { return EndsOn(h) - BeginsOn(h) < kLongest; }};

absl::Time MorningOf(absl::CivilDay day) { return absl::FromCivil(day, ChinaTime()); }
int DaysBetween(const Facts& facts) { return FigureOf("corrections.heightened_report_days", 7, facts); }

absl::StatusOr<Heightening> NewHeightening(const v1::DecideHeighteningRequest& r, const Asking& asking) {
  Heightening h;
  h.set_organisation(r.office());
  ASSIGN_OR_RETURN(*h.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*asking.backend().regions, r.region(), asking.occurred_on()));
  h.set_region(region.ToString());
  h.set_management_class(r.management_class());
  h.set_begins_on(r.begins_on());
  h.set_ends_on(r.ends_on());
  h.set_grounds(r.grounds());
  h.set_decided_on(asking.occurred_on());
  // A week from its beginning, or from today where that is entered later; of a shorter one on its last day.
  const absl::CivilDay first = std::max(BeginsOn(h), asking.facts().today) + DaysBetween(asking.facts()) - 1;
  h.set_reports_due_on(FormatDay(std::min(first, EndsOn(h))));
  *h.mutable_next_reports_at() = StampOf(MorningOf(BeginsOn(h)));
  return h;
}

// Whether he reports as often anyway by his class, or within this round: what was opened last, or what comes next. Not today: on
// the day of his announcement the days are counted from it, and nothing is due on it.
bool ReportsBy(const Subject& s, const std::string& due_on, const Act& act) {
  const auto within = [&](const std::string& day) { return act.occurred_on() < day && day <= due_on; };
  return ReportDays(s, act.facts()) <= DaysBetween(act.facts()) || within(s.report_from()) || within(s.next_report_on());
}

absl::Status OpenReportOf(const Subject& s, const Heightening& h, const Act& act) {
  auto duty = RecordOf<Duty>(s);
  duty.set_kind(Duty::REPORT);
  duty.set_due_on(h.reports_due_on());
  duty.set_submit_by(h.reports_due_on());
  duty.set_heightening(h.id());
  return act.Open<Duty>(Duty::OPEN, std::move(duty)).status();
}

// One portion of a round; then the next one at once, or the next round on the morning after this one was due.
absl::Status OpenReports(Heightening& h, const Act& act) {
  ASSIGN_OR_RETURN(const Portion portion, PeopleAt({h.organisation_path(), h.management_class()}, h.cursor(), kPortion, act));
  for (const Subject& s : portion.people) {
    if (s.state() != Subject::ACTIVE || s.decision().term_to() < h.reports_due_on()) continue;
    if (ReportsBy(s, h.reports_due_on(), act)) continue;
    RETURN_IF_ERROR(OpenReportOf(s, h, act));
    h.set_reports(h.reports() + 1);
  }
  h.set_cursor(portion.next);
  const absl::CivilDay due = DayIn(h.reports_due_on());
  const absl::CivilDay next = due + DaysBetween(act.facts());
  if (!portion.next.empty()) {
    // Each portion follows a limit of its own, which is past as soon as it begins.
    *h.mutable_next_reports_at() = StampOf(NextReportsAt(h) + absl::Microseconds(1));
  } else if (next <= EndsOn(h)) {
    h.set_reports_due_on(FormatDay(next));
    *h.mutable_next_reports_at() = StampOf(MorningOf(due + 1));
  } else {
    h.clear_next_reports_at();
  }
  return absl::OkStatus();
}

// What it asked for and is not yet due need not be reported any more.
absl::Status RelieveOfReports(const Heightening& h, const Act& act) {
  const casework::ObjectType& duties = act.neighbours().TypeOf<Duty>();
  ASSIGN_OR_RETURN(const Id id, ParseId(h.id()));
  ASSIGN_OR_RETURN(const auto open, casework::OpenOn(act.connection(), duties, "heightening", id));
  for (const Id& one : open) {
    ASSIGN_OR_RETURN(const Duty duty, act.LoadUnchecked<Duty>(one.ToString()));
    if (duty.state() == Duty::SUBMITTED || duty.submit_by() < act.occurred_on()) continue;
    RETURN_IF_ERROR(act.ActOnAny(duties, Duty::RELIEVE, duty.id()));
  }
  return absl::OkStatus();
}

absl::Status EndEarly(Heightening& h, const v1::EndHeighteningRequest& r, const Act& act) {
  h.set_ended_on(act.occurred_on());
  h.set_end_reason(r.reason());
  RETURN_IF_ERROR(StopAtInstant(h, {Heightening::NEXT_REPORTS}, act));
  return RelieveOfReports(h, act);
}

absl::Status Expire(Heightening& h, const Act&) {
  h.set_ended_on(h.ends_on());
  return absl::OkStatus();
}

const Row<Heightening> kRows[] = {
    {.act = Heightening::DECIDE,
     .from = {Heightening::STATE_UNSPECIFIED},
     .to = Heightening::PLANNED,
     .create = Create<NewHeightening>,
     .checks = {&kInOrder, &kNotBackDated, &kNotTooLong},
     .starts = {{.clock = Heightening::NEXT_REPORTS, .article = "24", .until_at = NextReportsAt},
                {.clock = Heightening::PERIOD, .article = "24", .from = BeginsOn, .until = EndsOn}},
     .papers = {Heightening::DECISION},
     .law = kCcl24},
    {.act = Heightening::OPEN_REPORTS,
     .from = {Heightening::PLANNED, Heightening::IN_FORCE},
     .to = Heightening::IN_FORCE,
     .aside = true,
     .level = Level::kSystem,
     .apply = Apply<OpenReports>,
     .starts = {{.clock = Heightening::NEXT_REPORTS, .article = "24", .when = HasNextReports, .until_at = NextReportsAt}},
     .stops = {Heightening::NEXT_REPORTS},
     .law = kCcl24},
    {.act = Heightening::END,
     .from = {Heightening::PLANNED, Heightening::IN_FORCE},
     .to = Heightening::ENDED,
     .apply = Apply<EndEarly>,
     .stops = {Heightening::PERIOD},
     .law = kCcl24},
    {.act = Heightening::EXPIRE,
     .from = {Heightening::PLANNED, Heightening::IN_FORCE},
     .to = Heightening::ENDED,
     .aside = true,
     .level = Level::kSystem,
     .apply = Apply<Expire>,
     .stops = {Heightening::NEXT_REPORTS, Heightening::PERIOD},
     .law = kCcl24},
};

const procedure::ClockKind kClocks[] = {{.clock = Heightening::NEXT_REPORTS, .warn_days = 0, .then = Heightening::OPEN_REPORTS},
                                        {.clock = Heightening::PERIOD, .warn_days = 3, .then = Heightening::EXPIRE}};

// Of a day, a place and a class there is one: the database keeps it, also of two that are decided at the same moment.
casework::Index IndexOf(const Heightening& h) {
  casework::Index index{.day = h.begins_on(), .terms = {{"class", h.management_class()}}};
  if (!IsOpen(h)) return index;
  for (absl::CivilDay day = BeginsOn(h); day <= EndsOn(h); ++day) {
    index.unique.push_back({"day", absl::StrCat(h.organisation(), "/", h.management_class(), "/", FormatDay(day)),
                            InvalidField("begins_on", "HEIGHTENING_OVERLAPS", "该单位、该类人员在此期间已有重点时段，不能重叠")});
  }
  return index;
}

std::optional<casework::Numbering> NumberingOf(const Heightening& h, absl::CivilDay act_day) {
  return CountyNumbering(h, act_day, "矫重");
}

}  // namespace

absl::StatusOr<std::vector<Heightening>> HeighteningsInForce(const Act& act) {
  casework::ListQuery query;
  query.scopes = {"/"};
  query.open = true;
  query.limit = kMostAtOnce;
  ASSIGN_OR_RETURN(const auto open, act.backend().store.List(act.connection(), act.neighbours().TypeOf<Heightening>(), query));
  std::vector<Heightening> in_force;
  for (const auto& one : open) {
    const auto& h = static_cast<const Heightening&>(*one.object);
    if (h.begins_on() <= act.occurred_on() && act.occurred_on() <= h.ends_on()) in_force.push_back(h);
  }
  return in_force;
}

bool IsHeightened(const Subject& s, const std::vector<Heightening>& in_force) {
  return std::any_of(in_force.begin(), in_force.end(), [&](const Heightening& h) {
    return absl::StartsWith(s.organisation_path(), h.organisation_path()) &&
           (h.management_class().empty() || h.management_class() == s.management_class());
  });
}

const procedure::Procedure<Heightening> kHeighteningProcedure = {
    .name = "重点时段",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Heightening::ENDED, Heightening::VOIDED},
    .states = Heightening::State_descriptor,
    .acts = Heightening::Act_descriptor,
    .clock_kinds = Heightening::Limit_descriptor,
    .papers = Heightening::Document_descriptor,
};

const casework::Definition<Heightening> kHeightening = {
    .procedure = &kHeighteningProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::PlainListOf<v1::ListHeighteningsRequest>,
    .has_files = true,
    .amendments = &kHeighteningAmendments,
};

}  // namespace sifa::corrections
