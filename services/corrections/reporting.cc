#include "services/corrections/reporting.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;

constexpr char kEvery[] = "corrections.report_days";  // of every class; beside it "corrections.report_days_04"
constexpr int kUnlessSet = 30;
constexpr char kMedicalParole[] = "01";  // outside_prison_ground
constexpr int kMonthsToHealth = 1, kMonthsToRecheck = 3;
// So many days before it is due a report is opened; who reports weekly always has one open. A hospital wants to be asked earlier.
constexpr int kAhead = 7, kAheadOfRecheck = 15;

absl::Status Open(const Subject& s, Duty::Kind kind, const std::string& due_on, const Act& act) {
  auto duty = RecordOf<Duty>(s);
  duty.set_kind(kind);
  duty.set_due_on(due_on);
  duty.set_submit_by(due_on);
  return act.Open<Duty>(Duty::OPEN, std::move(duty)).status();
}

absl::CivilDay TimerOf(const std::string& due_on, int ahead) { return DayIn(due_on) - ahead - 1; }

// Nothing is due after the term.
bool IsNext(const Subject& s, const std::string& due_on) {
  return s.state() == Subject::ACTIVE && !due_on.empty() && due_on <= s.decision().term_to();
}

}  // namespace

int ReportDays(const Subject& s, const procedure::Facts& facts) {
  const int of_all = FigureOf(kEvery, kUnlessSet, facts);
  return s.minor() ? of_all : FigureOf(absl::StrCat(kEvery, "_", s.management_class()), of_all, facts);
}

bool IsRechecked(const Subject& s) {
  const std::string& ground = s.decision().outside_prison_ground();
  return s.decision().category() == kOutsidePrison && (ground.empty() || ground == kMedicalParole);
}

void StartReporting(Subject& s, const Act& act) {
  const absl::CivilDay from = std::max(act.day(), act.facts().today);
  s.set_report_from(FormatDay(from));
  s.set_next_report_on(FormatDay(from + ReportDays(s, act.facts())));
  if (s.decision().category() != kOutsidePrison) return;
  s.set_next_health_on(FormatDay(MonthsAfter(act, from, kMonthsToHealth)));
  if (IsRechecked(s)) s.set_next_recheck_on(FormatDay(MonthsAfter(act, from, kMonthsToRecheck)));
}

void RescheduleReports(Subject& s, const Act& act) {
  if (s.report_from().empty()) return;
  const absl::CivilDay next = DayIn(s.report_from()) + ReportDays(s, act.facts());
  s.set_next_report_on(FormatDay(std::max(next, act.facts().today + kAhead)));
}

absl::Status OpenReport(Subject& s, const Act& act) {
  RETURN_IF_ERROR(Open(s, Duty::REPORT, s.next_report_on(), act));
  s.set_report_from(s.next_report_on());
  s.set_next_report_on(FormatDay(DayIn(s.report_from()) + ReportDays(s, act.facts())));
  return absl::OkStatus();
}

absl::Status OpenHealthReport(Subject& s, const Act& act) {
  RETURN_IF_ERROR(Open(s, Duty::HEALTH, s.next_health_on(), act));
  s.set_next_health_on(FormatDay(MonthsAfter(act, DayIn(s.next_health_on()), kMonthsToHealth)));
  return absl::OkStatus();
}

absl::Status OpenRecheck(Subject& s, const Act& act) {
  RETURN_IF_ERROR(Open(s, Duty::RECHECK, s.next_recheck_on(), act));
  s.set_next_recheck_on(FormatDay(MonthsAfter(act, DayIn(s.next_recheck_on()), kMonthsToRecheck)));
  return absl::OkStatus();
}

void PutOffRecheck(Subject& s, const std::string& until, bool is_open, const Act& act) {
  s.set_next_recheck_on(is_open ? FormatDay(MonthsAfter(act, DayIn(until), kMonthsToRecheck)) : until);
}

absl::CivilDay ReportTimer(const Subject& s) { return TimerOf(s.next_report_on(), kAhead); }
absl::CivilDay HealthTimer(const Subject& s) { return TimerOf(s.next_health_on(), kAhead); }
absl::CivilDay RecheckTimer(const Subject& s) { return TimerOf(s.next_recheck_on(), kAheadOfRecheck); }
bool HasNextReport(const Subject& s) { return IsNext(s, s.next_report_on()); }
bool HasNextHealthReport(const Subject& s) { return IsNext(s, s.next_health_on()); }
bool HasNextRecheck(const Subject& s) { return IsNext(s, s.next_recheck_on()); }

}  // namespace sifa::corrections
