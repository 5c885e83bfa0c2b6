#include "services/corrections/leave.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/place.h"
#include "services/corrections/area.h"
#include "services/corrections/delegation.h"
#include "services/corrections/proposal.h"
#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Row;
using Levels = procedure::Level;

constexpr procedure::Law kCcl27 = Ccl("27");
constexpr procedure::Law kCcm26 = Ccm("26");
constexpr procedure::Law kCcm27 = Ccm("27");
constexpr procedure::Law kCcm28 = Ccm("28");

constexpr int kMostOfOffice = 7, kMostOfCounty = 30;  // days (实施办法 §27)
constexpr char kOtherReason[] = "99";                 // leave_reason

constexpr procedure::States kOut = {Leave::DEPARTED, Leave::EXTENDING, Leave::OVERSTAYED};
constexpr procedure::States kGranted = {Leave::APPROVED, Leave::DEPARTED, Leave::EXTENDING, Leave::OVERSTAYED, Leave::RETURNED};
constexpr procedure::States kOpen = {Leave::APPLIED, Leave::APPROVED, Leave::DEPARTED, Leave::EXTENDING, Leave::OVERSTAYED};

absl::CivilDay FirstDay(const Leave& leave) { return DayIn(leave.from()); }
absl::CivilDay LastDay(const Leave& leave) { return DayIn(leave.to()); }
absl::CivilDay ReturnBy(const Leave& leave) { return DayIn(leave.return_by()); }

// The day to which he asks to stay: of a request to stay longer that is not decided, else of the leave.
const std::string& AskedTo(const Leave& leave) {
  return leave.state() == Leave::EXTENDING ? leave.extensions(leave.extensions_size() - 1).to() : leave.to();
}

int DaysWithin(absl::CivilDay from, absl::CivilDay to, absl::CivilDay first, absl::CivilDay last) {
  return std::max(0, static_cast<int>(std::min(to, last) - std::max(from, first)) + 1);
}

// The first day of the two calendar months that end on a day.
absl::CivilDay TwoMonthsBefore(absl::CivilDay last) {
  const absl::CivilMonth month = absl::CivilMonth(last) - 2;
  const absl::CivilDay month_end = absl::CivilDay(month + 1) - 1;
  return std::min(absl::CivilDay(month) + (last.day() - 1), month_end) + 1;
}

bool Overlaps(const Leave& leave, const std::string& to, const Facts& facts) {
  const auto others = facts.All<Leave>();
  return std::any_of(others.begin(), others.end(), [&](const Leave* other) {
    return kOpen.Has(other->state()) && leave.from() <= other->to() && other->from() <= to;
  });
}

const Guard<Leave> kHasProof = {
    "R2", "PROOF_MISSING", "申请外出应当提交诊断证明、单位证明、入学证明、法律文书等材料", kCcm27,
    [](const Leave& leave, const Facts&) { return !leave.proof_kind().empty() && !leave.proof_number().empty(); }};
const Guard<Leave> kHasCause = {"R2", "LEAVE_WITHOUT_CAUSE", "外出事由限于就医、就学、参与诉讼、处理家庭或者工作重要事务", kCcm26,
                                [](const Leave& leave, const Facts&) { return leave.purpose() != kOtherReason; }};
const Guard<Leave> kLeaves = {"R1", "NOT_LEAVING", "外出地点都在所居住的市、县以内，不需要申请", kCcm26,
                              [](const Leave& leave, const Facts&) {
                                const std::string home = AreaOf(leave.region());
                                return std::any_of(leave.places().begin(), leave.places().end(),
                                                   [&](const v1::LeavePlace& place) { return AreaOf(place.region()) != home; });
                              }};
const Guard<Leave> kInOrder = {"外出", "LEAVE_REVERSED", "外出最后一日不能早于第一日", kCcm27,
                               [](const Leave& leave, const Facts&) { return leave.from() <= leave.to(); }};
const Guard<Leave> kBeforehand = {
    "外出", "LEAVE_BACKDATED", "外出应当事先申请，第一日不能早于申请日期", kCcm27,
    [](const Leave& leave, const Facts& facts) { return leave.from() >= FormatDay(facts.act_day); }};
const Guard<Leave> kWithinTerm = {.rule = "外出",
                                  .reason = "LEAVE_BEYOND_TERM",
                                  .text = "外出最后一日不能晚于矫正结束日期",
                                  .law = kCcl27,
                                  .holds =
                                      [](const Leave& leave, const Facts& facts) {
                                        const auto* s = facts.One<Subject>();
                                        return s != nullptr && AskedTo(leave) <= s->decision().term_to();
                                      },
                                  .of_others = true};
const Guard<Leave> kAlone = {
    .rule = "外出",
    .reason = "LEAVE_OVERLAPS",
    .text = "该对象在此期间已有其他外出申请或者外出",
    .law = kCcm27,
    .holds = [](const Leave& leave, const Facts& facts) { return !Overlaps(leave, AskedTo(leave), facts); },
    .of_others = true};
const Guard<Leave> kLevelStands = {
    .rule = "R3",
    .reason = "LEVEL_CHANGED",
    .text = "申请之后又批准了其他外出，累计天数已改变审批层级，应当撤回后重新申请",
    .law = kCcm27,
    .holds = [](const Leave& leave,
                const Facts& facts) { return EntitledTo(leave, AskedTo(leave), facts.All<Leave>()).level == leave.level(); },
    .of_others = true};
const Guard<Leave> kNotAbove = {
    "R3", "LEVEL_NOT_ENTITLED", "七日以内的外出由县级社区矫正机构或者受委托的司法所审批", kCcm27,
    [](const Leave& leave, const Facts&) { return leave.decided_by() == leave.level() || leave.decided_by() == Leave::COUNTY; }};
const Guard<Leave> kDelegated = {
    "R3", "NOT_DELEGATED", "县级社区矫正机构当日没有委托该司法所审批七日以内的外出", kCcm27,
    [](const Leave& leave, const Facts&) { return leave.decided_by() != Leave::OFFICE || !leave.delegation().empty(); }};
const Guard<Leave> kWithinLeave = {"外出", "DEPARTURE_OUTSIDE_LEAVE", "出发日期应当在批准的外出期间以内", kCcm27,
                                   [](const Leave& leave, const Facts& facts) {
                                     return leave.from() <= FormatDay(facts.act_day) && FormatDay(facts.act_day) <= leave.to();
                                   }};
const Guard<Leave> kPlaceNamed = {
    "外出", "PLACE_NOT_NAMED", "到达的地点不在批准的外出地点以内", kCcm28, [](const Leave& leave, const Facts&) {
      const std::string& arrived = leave.arrivals(leave.arrivals_size() - 1).region();
      return std::any_of(leave.places().begin(), leave.places().end(),
                         [&](const v1::LeavePlace& place) { return AreaOf(place.region()) == AreaOf(arrived); });
    }};
const Guard<Leave> kExtendedInTime = {
    "R4", "EXTENSION_TOO_LATE", "延期应当在外出期限届满以前申请", kCcm28,
    [](const Leave& leave, const Facts& facts) { return FormatDay(facts.act_day) <= leave.return_by(); }};
const Guard<Leave> kNotOrderedBack = {"R4", "ORDERED_BACK", "已责令立即返回，不能申请延期", kCcm28,
                                      [](const Leave& leave, const Facts&) { return leave.ordered_back_on().empty(); }};
const Guard<Leave> kExtendsForward = {
    "R4", "EXTENSION_NOT_LATER", "延期后的最后一日应当晚于原批准的最后一日", kCcm28,
    [](const Leave& leave, const Facts&) { return leave.extensions(leave.extensions_size() - 1).to() > leave.to(); }};
const Guard<Leave> kOrderInOrder = {"外出", "ORDER_OUTSIDE_LEAVE", "应返回日期不能早于责令返回的日期，也不能晚于批准的最后一日",
                                    kCcm28, [](const Leave& leave, const Facts&) {
                                      return leave.ordered_back_on() <= leave.return_by() && leave.return_by() <= leave.to();
                                    }};

void SetEntitled(const Entitled& entitled, Leave* leave) {
  leave->set_days(entitled.days);
  leave->set_days_in_two_months(entitled.days_in_two_months);
  leave->set_level(entitled.level);
  leave->set_level_reason(entitled.reason);
}

absl::StatusOr<Leave> NewLeave(const v1::ApplyForLeaveRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(Leave leave, NewRecord<Leave>(r.subject(), act));
  leave.set_purpose(r.purpose());
  leave.set_details(r.details());
  for (const v1::LeavePlace& asked : r.places()) {
    ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(act.regions(), asked.region(), act.occurred_on()));
    if (region.level() == RegionLevel::kProvince)
      return InvalidField("places.region", "REGION_TOO_WIDE", "外出地点应当写明市、县");
    v1::LeavePlace* place = leave.add_places();
    place->set_region(region.ToString());
    place->set_address(asked.address());
  }
  leave.set_from(r.from());
  leave.set_to(r.to());
  leave.set_return_by(r.to());
  leave.set_proof_kind(r.proof_kind());
  leave.set_proof_number(r.proof_number());
  return leave;
}

absl::Status ApplyFor(Leave& leave, const v1::ApplyForLeaveRequest& r, const Act& act) {
  SetEntitled(EntitledTo(leave, r.to(), act.facts().All<Leave>()), &leave);
  return absl::OkStatus();
}

// At which level the actor decides. The county may always decide what it may delegate.
Leave::Level LevelOfActor(const Leave& leave, const Act& act) {
  if (leave.level() != Leave::OFFICE) return leave.level();
  const std::string& permission = act.neighbours().TypeOf<Leave>().PermissionOf(Leave::APPROVE);
  const auto decides_at = [&](Levels level) {
    return act.actor().Entitled(permission, level, leave.organisation_path(), "").ok();
  };
  return decides_at(Levels::kCounty) ? Leave::COUNTY : decides_at(Levels::kTownship) ? Leave::OFFICE : Leave::CITY;
}

absl::Status SetDecided(Leave& leave, const Act& act) {
  leave.set_decided_by(LevelOfActor(leave, act));
  leave.clear_delegation();
  if (leave.decided_by() == Leave::OFFICE) {
    ASSIGN_OR_RETURN(*leave.mutable_delegation(), DelegationTo(leave.organisation(), Delegation::SHORT_LEAVES, act));
  }
  if (!leave.decided_on().empty()) return absl::OkStatus();  // a request to stay longer
  leave.set_decided_on(act.occurred_on());
  const auto* limit = procedure::FindClock(leave.clocks(), Leave::Limit_Name(Leave::DECIDE_BY));
  leave.set_decided_in_time(act.occurred_on() <= limit->due_on());
  return absl::OkStatus();
}

absl::Status Approve(Leave& leave, const v1::ApproveLeaveRequest&, const Act& act) { return SetDecided(leave, act); }

absl::Status Refuse(Leave& leave, const v1::RefuseLeaveRequest& r, const Act& act) {
  leave.set_refuse_reason(r.reason());
  return SetDecided(leave, act);
}

v1::LeaveExtension* LastExtension(Leave& leave) { return leave.mutable_extensions(leave.extensions_size() - 1); }

absl::Status ApproveLonger(Leave& leave, const v1::ApproveLeaveRequest&, const Act& act) {
  v1::LeaveExtension* extension = LastExtension(leave);
  extension->set_decided_on(act.occurred_on());
  extension->set_approved(true);
  leave.set_to(extension->to());
  leave.set_return_by(extension->to());
  return SetDecided(leave, act);
}

// The leave is again what it was before he asked to stay longer.
void Deny(Leave& leave, const std::string& reason, const Act& act) {
  v1::LeaveExtension* extension = LastExtension(leave);
  extension->set_decided_on(act.occurred_on());
  extension->set_refuse_reason(reason);
  SetEntitled(EntitledTo(leave, leave.to(), act.facts().All<Leave>()), &leave);
}

absl::Status RefuseLonger(Leave& leave, const v1::RefuseLeaveRequest& r, const Act& act) {
  RETURN_IF_ERROR(SetDecided(leave, act));
  Deny(leave, r.reason(), act);
  return absl::OkStatus();
}

absl::Status Depart(Leave& leave, const v1::DepartOnLeaveRequest&, const Act& act) {
  leave.set_departed_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Arrive(Leave& leave, const v1::ArriveOnLeaveRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(act.regions(), r.region(), act.occurred_on()));
  v1::LeaveArrival* arrival = leave.add_arrivals();
  arrival->set_on(act.occurred_on());
  arrival->set_region(region.ToString());
  arrival->set_report(r.report());
  return absl::OkStatus();
}

absl::Status Extend(Leave& leave, const v1::ExtendLeaveRequest& r, const Act& act) {
  v1::LeaveExtension* extension = leave.add_extensions();
  extension->set_asked_on(act.occurred_on());
  extension->set_from(leave.to());
  extension->set_to(r.to());
  extension->set_reason(r.reason());
  leave.set_state(Leave::EXTENDING);  // the rules look at the day to which he asks
  SetEntitled(EntitledTo(leave, r.to(), act.facts().All<Leave>()), &leave);
  return absl::OkStatus();
}

absl::Status OrderBack(Leave& leave, const v1::OrderBackFromLeaveRequest& r, const Act& act) {
  if (leave.state() == Leave::EXTENDING) Deny(leave, r.reason(), act);
  leave.set_ordered_back_on(act.occurred_on());
  leave.set_order_reason(r.reason());
  leave.set_return_by(r.return_by());
  return absl::OkStatus();
}

absl::Status ProposeInquiry(const Leave& leave, const Act& act) {
  ASSIGN_OR_RETURN(const Subject s, act.LoadUnchecked<Subject>(leave.subject()));
  std::string facts = absl::StrCat("批准外出至", leave.to(), "，应于", leave.return_by(), "返回，");
  absl::StrAppend(&facts, leave.returned_on().empty() ? "期满未返回" : absl::StrCat("于", leave.returned_on(), "返回"));
  return Propose(s, {Proposal::INVESTIGATE, "Leave", leave.id(), "外出期限届满未按时返回", kCcm28, facts}, act);
}

absl::Status Overstay(Leave& leave, const Act& act) {
  if (leave.state() == Leave::EXTENDING) Deny(leave, "期满前未获批准", act);
  return ProposeInquiry(leave, act);
}

absl::Status Return(Leave& leave, const v1::ReturnFromLeaveRequest&, const Act& act) {
  if (leave.state() == Leave::EXTENDING) Deny(leave, "已返回", act);
  leave.set_returned_on(act.occurred_on());
  leave.set_days_late(std::max(0, static_cast<int>(act.day() - ReturnBy(leave))));
  if (leave.days_late() > 0) return ProposeInquiry(leave, act);
  return WithdrawProposals(leave.id(), act);  // he was back in time, and it was entered after the suite had looked
}

template <Leave::Level kLevel>
bool IsOf(const Leave& leave) {
  return leave.level() == kLevel;
}

// Decisions, whatever their level.
const Row<Leave> kApprove = {.act = Leave::APPROVE,
                             .from = {Leave::APPLIED},
                             .to = Leave::APPROVED,
                             .guards = {&kLevelStands},
                             .apply = Apply<Approve>,
                             .starts = {{.clock = Leave::DEPART_BY, .article = "27", .from = FirstDay, .until = LastDay}},
                             .stops = {Leave::DECIDE_BY},
                             .papers = {Leave::APPROVAL},
                             .law = kCcm27};
const Row<Leave> kRefuse = {.act = Leave::REFUSE,
                            .from = {Leave::APPLIED},
                            .to = Leave::REFUSED,
                            .apply = Apply<Refuse>,
                            .stops = {Leave::DECIDE_BY},
                            .papers = {Leave::REFUSAL},
                            .law = kCcm27};
const Row<Leave> kApproveLonger = {.act = Leave::APPROVE,
                                   .from = {Leave::EXTENDING},
                                   .to = Leave::DEPARTED,
                                   .guards = {&kLevelStands},
                                   .apply = Apply<ApproveLonger>,
                                   .starts = {{.clock = Leave::RETURN_BY, .article = "28", .until = ReturnBy}},
                                   .stops = {Leave::DECIDE_BY},
                                   .papers = {Leave::APPROVAL},
                                   .law = kCcm28};
const Row<Leave> kRefuseLonger = {.act = Leave::REFUSE,
                                  .from = {Leave::EXTENDING},
                                  .to = Leave::DEPARTED,
                                  .apply = Apply<RefuseLonger>,
                                  .stops = {Leave::DECIDE_BY},
                                  .papers = {Leave::REFUSAL},
                                  .law = kCcm28};

// A decision on its level (law §2.5 R3); what the city approves is told to the procuratorate.
Row<Leave> At(Leave::Level level, Row<Leave> row) {
  switch (level) {
    case Leave::COUNTY:
      row.when = IsOf<Leave::COUNTY>;
      row.level = Levels::kCounty;
      break;
    case Leave::CITY:
      row.when = IsOf<Leave::CITY>;
      row.level = Levels::kCity;
      if (row.act == Leave::APPROVE) row.papers = {Leave::APPROVAL, Leave::NOTICE};
      break;
    default:
      row.when = IsOf<Leave::OFFICE>;
      row.checks = {&kNotAbove, &kDelegated};
  }
  return row;
}

const Row<Leave> kRows[] = {
    {.act = Leave::APPLY,
     .from = {Leave::STATE_UNSPECIFIED},
     .to = Leave::APPLIED,
     .create = Create<NewLeave>,
     .apply = Apply<ApplyFor>,
     .checks = {&kInCorrection<Leave>, &kHasProof, &kHasCause, &kInOrder, &kLeaves, &kBeforehand, &kWithinTerm, &kAlone},
     .starts = {{.clock = Leave::DECIDE_BY, .period = calendar::Days("CCM", 3), .article = "27"}},
     .papers = {Leave::APPLICATION},
     .law = kCcl27},
    At(Leave::OFFICE, kApprove),
    At(Leave::COUNTY, kApprove),
    At(Leave::CITY, kApprove),
    At(Leave::OFFICE, kRefuse),
    At(Leave::COUNTY, kRefuse),
    At(Leave::CITY, kRefuse),
    {.act = Leave::WITHDRAW,
     .from = {Leave::APPLIED, Leave::APPROVED},
     .to = Leave::WITHDRAWN,
     .stops = {Leave::DECIDE_BY, Leave::DEPART_BY},
     .law = kCcm27},
    // Also entered after the suite has found that it was not.
    {.act = Leave::DEPART,
     .from = {Leave::APPROVED, Leave::UNUSED},
     .to = Leave::DEPARTED,
     .apply = Apply<Depart>,
     .checks = {&kWithinLeave},
     .starts = {{.clock = Leave::RETURN_BY, .article = "28", .until = ReturnBy}},
     .stops = {Leave::DEPART_BY},
     .law = kCcm28},
    {.act = Leave::ARRIVE, .from = kOut, .apply = Apply<Arrive>, .checks = {&kPlaceNamed}, .law = kCcm28},
    {.act = Leave::EXTEND,
     .from = {Leave::DEPARTED},
     .to = Leave::EXTENDING,
     .guards = {&kNotOrderedBack, &kExtendedInTime},
     .apply = Apply<Extend>,
     .checks = {&kExtendsForward, &kWithinTerm, &kAlone},
     .starts = {{.clock = Leave::DECIDE_BY, .period = calendar::Days("CCM", 3), .article = "27"}},
     .papers = {Leave::APPLICATION},
     .law = kCcm28},
    At(Leave::OFFICE, kApproveLonger),
    At(Leave::COUNTY, kApproveLonger),
    At(Leave::CITY, kApproveLonger),
    At(Leave::OFFICE, kRefuseLonger),
    At(Leave::COUNTY, kRefuseLonger),
    At(Leave::CITY, kRefuseLonger),
    {.act = Leave::ORDER_BACK,
     .from = {Leave::DEPARTED, Leave::EXTENDING},
     .to = Leave::DEPARTED,
     .apply = Apply<OrderBack>,
     .checks = {&kOrderInOrder},
     .starts = {{.clock = Leave::RETURN_BY, .article = "28", .until = ReturnBy}},
     .stops = {Leave::DECIDE_BY},
     .law = kCcm28},
    {.act = Leave::RETURN,
     .from = kOut,
     .to = Leave::RETURNED,
     .apply = Apply<Return>,
     .stops = {Leave::DECIDE_BY, Leave::RETURN_BY},
     .papers = {Leave::RETURN_RECORD},
     .law = kCcm28},
    // Aside: that he was back in time may be entered after it.
    {.act = Leave::OVERSTAY,
     .from = {Leave::DEPARTED, Leave::EXTENDING},
     .to = Leave::OVERSTAYED,
     .aside = true,
     .level = Levels::kSystem,
     .apply = Apply<Overstay>,
     .stops = {Leave::DECIDE_BY},
     .law = kCcm28},
    {.act = Leave::EXPIRE,
     .from = {Leave::APPROVED},
     .to = Leave::UNUSED,
     .aside = true,
     .level = Levels::kSystem,
     .stops = {Leave::DEPART_BY},
     .law = kCcm27},
    {.act = Leave::LAPSE,
     .from = kOpen,
     .to = Leave::LAPSED,
     .indirect = true,
     .aside = true,
     .stops = {Leave::DECIDE_BY, Leave::DEPART_BY, Leave::RETURN_BY},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {
    {.clock = Leave::DECIDE_BY, .warn_days = 1},
    {.clock = Leave::DEPART_BY, .warn_days = 0, .then = Leave::EXPIRE},
    {.clock = Leave::RETURN_BY, .warn_days = 1, .then = Leave::OVERSTAY},
};

casework::Index IndexOf(const Leave& leave) { return IndexOfRecord(leave, leave.from()); }

std::optional<casework::Numbering> NumberingOf(const Leave& leave, absl::CivilDay act_day) {
  return CountyNumbering(leave, act_day, "矫外");
}

}  // namespace

Entitled EntitledTo(const Leave& leave, const std::string& to, const std::vector<const Leave*>& others) {
  const absl::CivilDay from = DayIn(leave.from()), last = DayIn(to), first = TwoMonthsBefore(last);
  Entitled entitled{.days = static_cast<int>(last - from) + 1, .days_in_two_months = DaysWithin(from, last, first, last)};
  for (const Leave* other : others) {
    if (!kGranted.Has(other->state())) continue;
    entitled.days_in_two_months += DaysWithin(FirstDay(*other), LastDay(*other), first, last);
  }
  const std::string days = absl::StrCat("外出", entitled.days, "日");
  if (entitled.days > kMostOfCounty) {
    entitled.level = Leave::CITY;
    entitled.reason = absl::StrCat(days, "，超过三十日，由上一级社区矫正机构审批");
  } else if (entitled.days_in_two_months > kMostOfCounty) {
    entitled.level = Leave::CITY;
    entitled.reason =
        absl::StrCat(days, "，两个月内累计", entitled.days_in_two_months, "日，超过三十日，由上一级社区矫正机构审批");
  } else if (entitled.days > kMostOfOffice) {
    entitled.level = Leave::COUNTY;
    entitled.reason = absl::StrCat(days, "，超过七日，由县级社区矫正机构审批");
  } else {
    entitled.level = Leave::OFFICE;
    entitled.reason = absl::StrCat(days, "，在七日以内，由县级社区矫正机构或者受委托的司法所审批");
  }
  return entitled;
}

const procedure::Procedure<Leave> kLeaveProcedure = {
    .name = "外出",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Leave::RETURNED, Leave::REFUSED, Leave::WITHDRAWN, Leave::UNUSED, Leave::LAPSED, Leave::VOIDED},
    .states = Leave::State_descriptor,
    .acts = Leave::Act_descriptor,
    .clock_kinds = Leave::Limit_descriptor,
    .papers = Leave::Document_descriptor,
};

const casework::Definition<Leave> kLeave = {
    .procedure = &kLeaveProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .cubes = {&kLeavesCube},
    .list = casework::ListOf<NarrowRecords<v1::ListLeavesRequest>>,
    .has_files = true,
    .amendments = &kLeaveAmendments,
    .references =
        {OfSubject(Leave::LAPSE),
         {.field = "delegation", .to = "Delegation", .reason = "DELEGATION_USED", .sentence = "已依据该委托作出审批，不能作废"}},
    .looks_at = {"Leave"},
    .further = ForPerson<Leave, Leave::APPLY, Leave::WITHDRAW, Leave::DEPART, Leave::ARRIVE, Leave::EXTEND>,
    .sealed = OfMinor<Leave>,
};

}  // namespace sifa::corrections
