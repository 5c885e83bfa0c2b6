#include "services/corrections/tracking_authority.h"

#include <algorithm>

#include "libs/core/status.h"
#include "services/corrections/breach.h"
#include "services/corrections/police_penalty.h"
#include "services/corrections/record.h"
#include "services/corrections/revocation.h"
#include "services/corrections/sanction.h"
#include "services/corrections/search.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;
using Tracking = TrackingAuthority;

constexpr procedure::Law kCcl29 = Ccl("29");
constexpr int kLongest = 3;  // months

constexpr procedure::States kStanding = {Tracking::PROPOSED, Tracking::APPROVED, Tracking::RUNNING};

bool IsDecided(const Tracking& t) { return !t.decided_on().empty(); }
absl::CivilDay To(const Tracking& t) { return DayIn(t.to()); }

template <class T>
const T* Find(const Facts& facts, const std::string& id) {
  const auto all = facts.All<T>();
  const auto found = std::find_if(all.begin(), all.end(), [&](const T* one) { return one->id() == id; });
  return found == all.end() ? nullptr : *found;
}

// A ground is an object of this person that shows it (law §2.5 R7).
bool GroundStands(const Tracking& t, const Facts& facts) {
  const std::string& id = t.ground_object();
  const auto* breach = Find<Breach>(facts, id);
  const bool established = breach != nullptr && breach->state() == Breach::ESTABLISHED;
  const std::string tomorrow = FormatDay(facts.act_day + 1);
  switch (t.ground()) {
    case Tracking::BAN_BROKEN:
      return established && (breach->kind() == Breach::BAN_SLIGHT || breach->kind() == Breach::BAN_SERIOUS);
    case Tracking::LEFT_UNAPPROVED:
      return established || Find<Search>(facts, id) != nullptr;
    case Tracking::REPORT_REFUSED: {
      const auto* sanction = Find<Sanction>(facts, id);
      return sanction != nullptr && sanction->kind() == Sanction::WARNING && GivenBefore(*sanction, tomorrow);
    }
    case Tracking::PENALISED: {
      const auto* penalty = Find<PolicePenalty>(facts, id);
      return penalty != nullptr && GivenBefore(*penalty, tomorrow);
    }
    case Tracking::REVOCATION: {
      const auto* revocation = Find<Revocation>(facts, id);
      return revocation != nullptr && IsPending(*revocation);
    }
    default:
      return false;
  }
}

const Guard<Tracking> kPhoneIsNoDevice = {"电子定位", "PHONE_IS_NO_DEVICE",
                                          "移动电话不是电子定位装置；用手机进行的信息化核查不适用本审批", Ccm("37"),
                                          [](const Tracking& t, const Facts&) { return t.device() != Tracking::PHONE; }};
const Guard<Tracking> kGroundShown = {
    .rule = "电子定位",
    .reason = "GROUND_WITHOUT_OBJECT",
    .text = "使用电子定位装置应当有法定情形，并指明该对象名下的违规、警告、治安管理处罚、提请撤销或者查找",
    .law = kCcl29,
    .holds = [](const Tracking& t, const Facts& facts) { return !t.renews().empty() || GroundStands(t, facts); },
    .of_others = true};
const Guard<Tracking> kDaysInOrder = {"电子定位", "AUTHORITY_REVERSED", "截止日期不能早于起始日期", kCcl29,
                                      [](const Tracking& t, const Facts&) { return t.from() <= t.to(); }};
const Guard<Tracking> kThreeMonths = {
    "电子定位", "AUTHORITY_TOO_LONG", "使用电子定位装置的期限不得超过三个月", kCcl29,
    [](const Tracking& t, const Facts& facts) { return To(t) <= MonthsAfter(facts, DayIn(t.from()), kLongest); }};
const Guard<Tracking> kNotBackDated = {
    "电子定位", "AUTHORITY_BACK_DATED", "使用电子定位装置不能从申请、批准之前起算", kCcl29,
    [](const Tracking& t, const Facts& facts) { return t.from() >= FormatDay(facts.act_day); }};
const Guard<Tracking> kWithinTerm = {.rule = "电子定位",
                                     .reason = "AUTHORITY_BEYOND_TERM",
                                     .text = "使用电子定位装置不能超过矫正期限",
                                     .law = kCcl29,
                                     .holds =
                                         [](const Tracking& t, const Facts& facts) {
                                           const auto* s = facts.One<Subject>();
                                           return s != nullptr && t.to() <= s->decision().term_to();
                                         },
                                     .of_others = true};
const Guard<Tracking> kNoOverlap = {.rule = "电子定位",
                                    .reason = "AUTHORITY_OVERLAPS",
                                    .text = "与该对象另一使用电子定位装置的期限重叠",
                                    .law = kCcl29,
                                    .holds =
                                        [](const Tracking& t, const Facts& facts) {
                                          const auto others = facts.All<Tracking>();
                                          return std::none_of(others.begin(), others.end(), [&](const auto* other) {
                                            return kStanding.Has(other->state()) && t.from() <= other->to() &&
                                                   other->from() <= t.to();
                                          });
                                        },
                                    .of_others = true};
// Who is tagged already is so longer only by a renewal, which says why it is still needed.
const Guard<Tracking> kNeedAssessed = {.rule = "续用",
                                       .reason = "NEED_NOT_ASSESSED",
                                       .text = "期限届满需要继续使用的，应当指明续用的原决定，并评估继续使用的必要性",
                                       .law = kCcl29,
                                       .holds =
                                           [](const Tracking& t, const Facts& facts) {
                                             if (!t.renews().empty()) return !t.need().empty();
                                             const auto others = facts.All<Tracking>();
                                             return std::none_of(others.begin(), others.end(), [](const auto* other) {
                                               return other->state() == Tracking::APPROVED || other->state() == Tracking::RUNNING;
                                             });
                                           },
                                       .of_others = true};
const Guard<Tracking> kRenewsRunning = {.rule = "续用",
                                        .reason = "RENEWAL_TOO_LATE",
                                        .text = "续用应当在原期限届满之前申请和批准；已经届满的，应当依法定情形重新申请",
                                        .law = kCcl29,
                                        .holds =
                                            [](const Tracking& t, const Facts& facts) {
                                              if (t.renews().empty()) return true;
                                              const auto* renewed = Find<Tracking>(facts, t.renews());
                                              return renewed != nullptr && renewed->state() == Tracking::RUNNING &&
                                                     FormatDay(facts.act_day) <= renewed->to();
                                            },
                                        .of_others = true};
const Guard<Tracking> kWithinPeriod = {"电子定位", "AUTHORITY_OUT_OF_PERIOD",
                                       "只能在批准的起始日期至截止日期之间送达告知书、开始使用", kCcl29,
                                       [](const Tracking& t, const Facts& facts) {
                                         const std::string day = FormatDay(facts.act_day);
                                         return t.from() <= day && day <= t.to();
                                       }};

absl::StatusOr<Tracking> NewTracking(const v1::ProposeTrackingAuthorityRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(Tracking t, NewRecord<Tracking>(r.subject(), act));
  t.set_ground(r.ground());
  t.set_ground_object(r.ground_object());
  if (!r.renews().empty()) {
    ASSIGN_OR_RETURN(const Tracking renewed, act.Load<Tracking>(r.renews()));
    t.set_ground(renewed.ground());
    t.set_ground_object(renewed.ground_object());
  } else if (r.ground() == Tracking::GROUND_UNSPECIFIED) {
    return InvalidField("ground", "FIELD_REQUIRED", "请选择适用情形");
  }
  t.set_facts(r.facts());
  t.set_device(r.device());
  t.set_from(r.from());
  t.set_to(r.to());
  t.set_renews(r.renews());
  t.set_need(r.need());
  t.set_proposed_on(act.occurred_on());
  return t;
}

absl::Status Approve(Tracking& t, const v1::ApproveTrackingAuthorityRequest& r, const Act& act) {
  t.set_decided_on(act.occurred_on());
  if (!r.from().empty()) t.set_from(r.from());
  if (!r.to().empty()) t.set_to(r.to());
  return absl::OkStatus();
}

absl::Status Refuse(Tracking& t, const v1::RefuseTrackingAuthorityRequest& r, const Act& act) {
  t.set_decided_on(act.occurred_on());
  t.set_refuse_reason(r.reason());
  return absl::OkStatus();
}

absl::Status Notify(Tracking& t, const v1::NotifyTrackingAuthorityRequest& r, const Act& act) {
  t.set_device_number(r.device_number());
  if (r.device() != Tracking::DEVICE_UNSPECIFIED) t.set_device(r.device());
  t.set_running_from(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Lift(Tracking& t, const v1::LiftTrackingAuthorityRequest& r, const Act& act) {
  t.set_ended_on(act.occurred_on());
  t.set_lift_reason(r.reason());
  return absl::OkStatus();
}

// It has run to its last day, whenever the suite comes to say so.
absl::Status Expire(Tracking& t, const Act&) {
  t.set_ended_on(t.to());
  return absl::OkStatus();
}

absl::Status Lapse(Tracking& t, const Act& act) {
  t.set_ended_on(act.occurred_on());
  return absl::OkStatus();
}

const Row<Tracking> kRows[] = {
    {.act = Tracking::PROPOSE,
     .from = {Tracking::STATE_UNSPECIFIED},
     .to = Tracking::PROPOSED,
     .create = Create<NewTracking>,
     .checks = {&kPhoneIsNoDevice, &kGroundShown, &kDaysInOrder, &kThreeMonths, &kNotBackDated, &kNeedAssessed, &kRenewsRunning,
                &kNoOverlap},
     .papers = {Tracking::APPLICATION},
     .law = kCcl29},
    {.act = Tracking::OPEN,
     .from = {Tracking::STATE_UNSPECIFIED},
     .to = Tracking::PROPOSED,
     .indirect = true,
     .checks = {&kGroundShown, &kNeedAssessed, &kNoOverlap},
     .papers = {Tracking::APPLICATION},
     .law = kCcl29},
    // Of the bureau and not of its corrections office, so the permission is a head's (law §2.1).
    {.act = Tracking::APPROVE,
     .from = {Tracking::PROPOSED},
     .to = Tracking::APPROVED,
     .level = Level::kCounty,
     .guards = {&kInCorrection<Tracking>, &kGroundShown},
     .apply = Apply<Approve>,
     .checks = {&kDaysInOrder, &kThreeMonths, &kNotBackDated, &kWithinTerm, &kRenewsRunning, &kNoOverlap},
     .starts = {{.clock = Tracking::PERIOD, .article = "29", .until = To}},
     .papers = {Tracking::DECISION},
     .law = kCcl29},
    {.act = Tracking::REFUSE,
     .from = {Tracking::PROPOSED},
     .to = Tracking::REFUSED,
     .level = Level::kCounty,
     .apply = Apply<Refuse>,
     .law = kCcl29},
    {.act = Tracking::NOTIFY,
     .from = {Tracking::APPROVED},
     .to = Tracking::RUNNING,
     .guards = {&kWithinPeriod},
     .apply = Apply<Notify>,
     .checks = {&kPhoneIsNoDevice},
     .papers = {Tracking::NOTICE},
     .law = kCcl29},
    {.act = Tracking::LIFT,
     .from = {Tracking::APPROVED, Tracking::RUNNING},
     .to = Tracking::LIFTED,
     .level = Level::kCounty,
     .apply = Apply<Lift>,
     .stops = {Tracking::PERIOD},
     .papers = {Tracking::LIFTING},
     .law = kCcl29},
    {.act = Tracking::EXPIRE,
     .from = {Tracking::APPROVED, Tracking::RUNNING},
     .to = Tracking::EXPIRED,
     .level = Level::kSystem,
     .apply = Apply<Expire>,
     .stops = {Tracking::PERIOD},
     .law = kCcl29},
    {.act = Tracking::FOLLOW_TERM,
     .from = kStanding,
     .indirect = true,
     .aside = true,
     .starts = {{.clock = Tracking::PERIOD, .article = "29", .when = IsDecided, .until = To}},
     .law = Ccl("33")},
    {.act = Tracking::LAPSE,
     .from = kStanding,
     .to = Tracking::LAPSED,
     .indirect = true,
     .aside = true,
     .apply = Apply<Lapse>,
     .stops = {Tracking::PERIOD},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {{.clock = Tracking::PERIOD, .warn_days = 14, .then = Tracking::EXPIRE}};

casework::Index IndexOf(const Tracking& t) { return IndexOfRecord(t, t.from()); }

std::optional<casework::Numbering> NumberingOf(const Tracking& t, absl::CivilDay act_day) {
  return CountyNumbering(t, act_day, "矫定");
}

Tracking::Ground GroundFor(const Proposal& proposal) {
  return proposal.source_type() == "Search"          ? Tracking::LEFT_UNAPPROVED
         : proposal.source_type() == "Sanction"      ? Tracking::REPORT_REFUSED
         : proposal.source_type() == "PolicePenalty" ? Tracking::PENALISED
         : proposal.source_type() == "Revocation"    ? Tracking::REVOCATION
                                                     : Tracking::GROUND_UNSPECIFIED;
}

}  // namespace

absl::StatusOr<std::string> OpenTracking(const Subject& s, const Proposal& proposal, const Act& act) {
  auto t = RecordOf<Tracking>(s);
  t.set_ground(GroundFor(proposal));
  t.set_ground_object(proposal.source());
  t.set_facts(proposal.facts());
  t.set_device(Tracking::WRISTBAND);
  t.set_from(act.occurred_on());
  t.set_to(std::min(FormatDay(MonthsAfter(act, act.day(), kLongest)), s.decision().term_to()));
  t.set_proposed_on(act.occurred_on());
  ASSIGN_OR_RETURN(t, act.Open<Tracking>(Tracking::OPEN, std::move(t)));
  return t.id();
}

const procedure::Procedure<TrackingAuthority> kTrackingAuthorityProcedure = {
    .name = "使用电子定位装置",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Tracking::REFUSED, Tracking::LIFTED, Tracking::EXPIRED, Tracking::LAPSED, Tracking::VOIDED},
    .states = Tracking::State_descriptor,
    .acts = Tracking::Act_descriptor,
    .clock_kinds = Tracking::Limit_descriptor,
    .papers = Tracking::Document_descriptor,
};

const casework::Definition<TrackingAuthority> kTrackingAuthority = {
    .procedure = &kTrackingAuthorityProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .cubes = {&kTrackingCube},
    .list = casework::ListOf<NarrowRecords<v1::ListTrackingAuthoritiesRequest>>,
    .has_files = true,
    .amendments = &kTrackingAuthorityAmendments,
    .references = {OfSubject(Tracking::LAPSE)},
    .looks_at = {"Breach", "PolicePenalty", "Revocation", "Sanction", "Search", "TrackingAuthority"},
    .further = ForPerson<TrackingAuthority>,
    .sealed = OfMinor<TrackingAuthority>,
};

}  // namespace sifa::corrections
