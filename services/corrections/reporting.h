// The reports that bind a person (实施办法 §24; law §2.4): how often he reports, and the timers on his Subject that open each
// report as a Duty a week before it is due. What falls due one after another is opened one after another, also by a suite that
// was down meanwhile.
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/duty.h"
#include "services/corrections/subject.h"

namespace sifa::corrections {

// Days between two regular reports, of his class (分类管理), as local rules set them in data/parameters.csv; of a minor, of who has
// no class yet, and where they set nothing for a class, the figure for all.
int ReportDays(const Subject& s, const procedure::Facts& facts);

// Whether he brings the result of a re-examination every three months: on medical parole, which other grounds of serving outside
// prison are not.
bool IsRechecked(const Subject& s);

// From his announcement on. What was due before the suite knew of him was reported on paper.
void StartReporting(Subject& s, const casework::Act& act);
// By the days of his present class, counted from the last report; never due before he can know of it.
void RescheduleReports(Subject& s, const casework::Act& act);

// What the suite does when a timer has passed: opens the report and sets the next one.
absl::Status OpenReport(Subject& s, const casework::Act& act);
absl::Status OpenHealthReport(Subject& s, const casework::Act& act);
absl::Status OpenRecheck(Subject& s, const casework::Act& act);

// An approved extension: of the next re-examination, or of one that is open as a Duty, after which the next one counts from it.
void PutOffRecheck(Subject& s, const std::string& until, bool is_open, const casework::Act& act);

// The timers: each ends on the day before its report is opened, and stops where the next report would be due after the term.
absl::CivilDay ReportTimer(const Subject& s);
absl::CivilDay HealthTimer(const Subject& s);
absl::CivilDay RecheckTimer(const Subject& s);
bool HasNextReport(const Subject& s);
bool HasNextHealthReport(const Subject& s);
bool HasNextRecheck(const Subject& s);

}  // namespace sifa::corrections
