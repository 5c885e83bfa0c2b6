// What may be corrected of a search; what was proposed because of his days of absence follows.
#include "libs/casework/references.h"
#include "libs/core/status.h"
#include "services/corrections/measures.h"
#include "services/corrections/police_penalty.h"
#include "services/corrections/record_correction.h"
#include "services/corrections/sanction.h"
#include "services/corrections/search.h"

namespace sifa::corrections {
namespace {

absl::Status Settle(const casework::Backend& backend, const Search& before, Search* after) {
  const procedure::Facts facts{.calendar = &backend.calendars.Current()};
  for (int i = 0; i < after->steps_size(); ++i) after->mutable_steps(i)->set_on(before.steps(i).on());
  after->set_month_ends_on(FormatDay(MonthsAfter(facts, DayIn(after->absent_after()), 1)));
  if (after->found_on().empty() && after->over_month())
    after->set_over_month(backend.clock.Today() > DayIn(after->month_ends_on()));
  SetAbsence(after);
  return absl::OkStatus();
}

// Who reported by himself was found on the day of his reception.
absl::Status Mirror(const casework::Past& past, const casework::Look&, Search* search) {
  RETURN_IF_ERROR(casework::UndoParts(past, search));
  const casework::PastAct* latest = past.Latest();
  if (latest == nullptr || latest->act != Search::REPORT) return absl::OkStatus();
  search->set_found_on(FormatDay(past.DayOf(*latest)));
  SetAbsence(search);
  return absl::OkStatus();
}

// What was given for it rests on its days.
absl::Status Admit(casework::Neighbours& neighbours, absl::CivilDay, const Search& before, const Search& after) {
  if (after.state() == before.state() && KindOf(after) == KindOf(before)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool sanctioned, casework::StandsOn<Sanction>(neighbours, "search", before.id()));
  ASSIGN_OR_RETURN(const bool reported, casework::StandsOn<PolicePenalty>(neighbours, "search", before.id()));
  if (!sanctioned && !reported) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "SEARCH_ANSWERED",
               "该查找已据以提出训诫、警告或者治安管理处罚，应当先将其作废");
}

}  // namespace

const casework::Amendments<Search> kSearchAmendments = {
    .amendable =
        {
            {"absent_after", true},
            {"month_ends_on", true},
            casework::Given("steps"),
            casework::Given("police"),
            {"police_asked_on", true, Search::ASK_POLICE},
            {"found_on", true, Search::FIND},
            casework::Given("found_how"),
            casework::Given("close_reason"),
        },
    .settle = Settle,
    .mirrored = {"found_on", "days_absent", "over_month"},
    .mirror = Mirror,
    .admit = Admit,
    .kin_by = {{"Proposal", "of"}},
};

}  // namespace sifa::corrections
