#include "services/corrections/activity.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "libs/casework/place.h"
#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Asking;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Row;

constexpr procedure::Law kCcl36 = Ccl("36");

const Guard<Activity> kHeld = {
    "活动", "ACTIVITY_NOT_YET", "活动尚未举行，不能登记参加人员", kCcl36,
    [](const Activity& activity, const Facts& facts) { return FormatDay(facts.act_day) >= activity.planned_on(); }};

const Guard<Activity> kMinorsApart = {
    "参加人员", "MINORS_WITH_ADULTS", "对未成年人的社区矫正应当与成年人分别进行：未成年人只参加面向未成年人的活动，成年人不参加",
    Ccl("52"), [](const Activity& activity, const Facts&) {
      return std::all_of(activity.attendances().begin(), activity.attendances().end(),
                         [&](const v1::Attendance& one) { return one.person().minor() == activity.minors(); });
    }};

absl::StatusOr<Activity> NewActivity(const v1::PlanActivityRequest& r, const Asking& asking) {
  Activity activity;
  activity.set_organisation(r.office());
  ASSIGN_OR_RETURN(*activity.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*asking.backend().regions, r.region(), asking.occurred_on()));
  activity.set_region(region.ToString());
  activity.set_kind(r.kind());
  activity.set_title(r.title());
  activity.set_place(r.place());
  activity.set_planned_on(r.planned_on());
  activity.set_minors(r.minors());
  return activity;
}

absl::Status Attend(Activity& activity, const v1::AttendActivityRequest& r, const Act& act) {
  for (const std::string& id : r.subjects()) {
    const auto s = act.Load<Subject>(id);
    if (!s.ok() || !absl::StartsWith(s->organisation_path(), activity.organisation_path())) {
      return InvalidField("subjects", "ATTENDEE_UNKNOWN", "举办活动的单位没有这名社区矫正对象");
    }
    if (s->state() != Subject::REGISTERED && s->state() != Subject::ACTIVE) {
      return InvalidField("subjects", "ATTENDEE_NOT_IN_CORRECTION", "参加人员尚未接收，或者已经解除、终止社区矫正");
    }
    const auto& there = activity.attendances();
    if (std::any_of(there.begin(), there.end(), [&](const auto& one) { return one.subject() == id; })) {
      return InvalidField("subjects", "ATTENDEE_TWICE", "该社区矫正对象已经登记参加本次活动");
    }
    v1::Attendance* attendance = activity.add_attendances();
    attendance->set_subject(id);
    *attendance->mutable_person() = SummaryOf(*s);
    attendance->set_on(act.occurred_on());
  }
  return absl::OkStatus();
}

absl::Status Close(Activity& activity, const v1::CloseActivityRequest& r, const Act& act) {
  activity.set_close_note(r.note());
  activity.set_closed_on(act.occurred_on());
  return absl::OkStatus();
}

const Row<Activity> kRows[] = {
    {.act = Activity::PLAN,
     .from = {Activity::STATE_UNSPECIFIED},
     .to = Activity::PLANNED,
     .create = Create<NewActivity>,
     .law = kCcl36},
    {.act = Activity::ATTEND,
     .from = {Activity::PLANNED, Activity::HELD},
     .to = Activity::HELD,
     .guards = {&kHeld},
     .apply = Apply<Attend>,
     .checks = {&kMinorsApart},
     .law = kCcl36},
    {.act = Activity::CLOSE,
     .from = {Activity::PLANNED, Activity::HELD},
     .to = Activity::CLOSED,
     .apply = Apply<Close>,
     .papers = {Activity::RECORD},
     .law = kCcl36},
};

bool IsForMinors(const Activity& activity) { return activity.minors(); }

// Found by those who came.
casework::Index IndexOf(const Activity& activity) {
  casework::Index index{.day = activity.planned_on(), .terms = {{"kind", activity.kind()}}};
  for (const auto& attendance : activity.attendances()) {
    index.terms.push_back({"subject", attendance.subject()});
    index.names.push_back(attendance.person().name());
  }
  return index;
}

}  // namespace

const procedure::Procedure<Activity> kActivityProcedure = {
    .name = "教育公益帮扶活动",
    .rows = kRows,
    .clocks = {},
    .terminal = {Activity::CLOSED, Activity::VOIDED},
    .states = Activity::State_descriptor,
    .acts = Activity::Act_descriptor,
    .clock_kinds = Activity::Limit_descriptor,
    .papers = Activity::Document_descriptor,
};

const casework::Definition<Activity> kActivity = {
    .procedure = &kActivityProcedure,
    .index = IndexOf,
    .list = casework::ListOf<NarrowRecords<v1::ListActivitiesRequest>>,
    .has_files = true,
    .sealed = IsForMinors,
};

}  // namespace sifa::corrections
