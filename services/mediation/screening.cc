#include "services/mediation/screening.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/place.h"
#include "libs/core/status.h"
#include "services/mediation/case.h"
#include "services/mediation/committee.h"

namespace sifa::mediation {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Row;

constexpr char kOrdinaryDispute[] = "1";  // prevented_danger

// 防止民间纠纷激化 is what a committee is for, and its screening belongs to it.
constexpr procedure::Law kTask = {"人民调解工作若干规定", "3"};
constexpr procedure::Law kPreventive = {"人民调解法", "25"};

// The monthly table counts these disputes and the people in them (law §3.6 件/人).
const Guard<Screening> kPeopleStated = {
    "统计",
    "PEOPLE_MISSING",
    "防止自杀、刑事案件、群体性上访、群体性械斗的，应当填写涉及人数",
    {"人民调解法", "10"},
    [](const Screening& s, const Facts&) { return s.danger() == kOrdinaryDispute || s.people() > 0; }};

// The screening of a committee that stands on the day. The committee is kept from being dissolved meanwhile.
template <class Request>
absl::StatusOr<Screening> NewScreening(const Request& r, const Act& act) {
  ASSIGN_OR_RETURN(const Committee committee, act.Load<Committee>(r.committee(), casework::Lock::kShared));
  RETURN_IF_ERROR(RequireActive(committee));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(act.regions(), r.region(), act.occurred_on()));
  RETURN_IF_ERROR(RequireOwnDivision(act.regions(), region, committee, act.facts().today));
  Screening s;
  s.set_organisation(committee.organisation());
  s.set_organisation_path(committee.organisation_path());
  s.set_region(region.ToString());
  s.set_committee(committee.id());
  s.set_committee_type(committee.type());
  s.set_level(committee.level());
  s.set_screened_on(act.occurred_on());
  return s;
}

// A further dispute of a round is recorded with the first one's committee and day.
absl::Status Find(Screening& s, const v1::FindDisputeRequest& r, const Act& act) {
  *s.mutable_lead() = r.lead();
  if (r.round().empty()) return absl::OkStatus();
  const auto round = act.Load<Screening>(r.round());
  const bool same = round.ok() && round->organisation() == s.organisation() && round->screened_on() == s.screened_on() &&
                    round->round().empty() && round->state() != Screening::CLEAR && round->state() != Screening::VOIDED;
  if (!same) return InvalidField("round", "ROUND_UNKNOWN", "同一次排查应当是本调委会当日排查且已发现纠纷的记录");
  s.set_round(round->id());
  return absl::OkStatus();
}

absl::Status Prevent(Screening& s, const v1::PreventDisputeRequest& r, const Act& act) {
  auto* prevention = s.add_preventions();
  prevention->set_measures(r.prevention().measures());
  prevention->set_taken_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Settle(Screening& s, const v1::SettleScreeningRequest& r, const Act& act) {
  s.set_concluded_on(act.occurred_on());
  s.set_danger(r.danger());
  s.set_people(r.people());
  s.set_outcome(r.outcome());
  return absl::OkStatus();
}

absl::Status OpenCase(Screening& s, const v1::OpenScreenedCaseRequest& r, const Act& act) {
  const auto c = act.Load<Case>(r.case_id());
  if (!c.ok() || c->organisation() != s.organisation() || c->state() == Case::VOIDED) {
    return InvalidField("case_id", "CASE_UNKNOWN", "本调委会没有这个案件");
  }
  if (!c->accepted_on().empty() && c->accepted_on() < s.screened_on()) {
    return InvalidField("case_id", "CASE_EARLIER", "该案件在排查之前已经受理，不是由本次排查转入的");
  }
  if (act.occurred_on() < c->applied_on()) {
    return InvalidField("occurred_on", "ACT_OUT_OF_ORDER",
                        absl::StrCat("转为案件的日期不能早于该案件的申请日期", c->applied_on()));
  }
  s.set_concluded_on(act.occurred_on());
  s.set_case_id(c->id());
  return absl::OkStatus();
}

absl::Status Escalate(Screening& s, const v1::EscalateScreeningRequest& r, const Act& act) {
  s.set_concluded_on(act.occurred_on());
  s.set_outcome(r.outcome());
  return absl::OkStatus();
}

const Row<Screening> kRows[] = {
    {.act = Screening::SCREEN,
     .from = {Screening::STATE_UNSPECIFIED},
     .to = Screening::CLEAR,
     .create = Create<NewScreening<v1::RecordScreeningRequest>>,
     .papers = {Screening::REGISTRATION},
     .law = kTask},
    {.act = Screening::FIND,
     .from = {Screening::STATE_UNSPECIFIED},
     .to = Screening::LEAD,
     .create = Create<NewScreening<v1::FindDisputeRequest>>,
     .apply = Apply<Find>,
     .papers = {Screening::REGISTRATION},
     .law = kTask},
    {.act = Screening::PREVENT,
     .from = {Screening::LEAD, Screening::PREVENTING},
     .to = Screening::PREVENTING,
     .apply = Apply<Prevent>,
     .law = kPreventive},
    {.act = Screening::SETTLE,
     .from = {Screening::PREVENTING},
     .to = Screening::PREVENTED,
     .apply = Apply<Settle>,
     .checks = {&kPeopleStated},
     .law = kPreventive},
    {.act = Screening::OPEN_CASE,
     .from = {Screening::LEAD, Screening::PREVENTING},
     .to = Screening::CASE_OPENED,
     .apply = Apply<OpenCase>,
     .law = {"人民调解法", "17"}},
    {.act = Screening::ESCALATE,
     .from = {Screening::LEAD, Screening::PREVENTING},
     .to = Screening::ESCALATED,
     .apply = Apply<Escalate>,
     .papers = {Screening::RISK_REPORT},
     .law = kPreventive},
};

casework::Index IndexOf(const Screening& s) {
  casework::Index index;
  index.day = s.screened_on();
  index.terms = casework::CodeTerms("type", s.lead().type(), 2);
  if (s.state() == Screening::CASE_OPENED) {
    index.unique.push_back(
        {"case", s.case_id(), Error(absl::StatusCode::kAlreadyExists, "CASE_SCREENED", "该案件已由另一条排查线索转入")});
  }
  return index;
}

absl::Status Narrow(const v1::ListScreeningsRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.type().empty()) query->terms.push_back({"type", r.type()});
  query->day_from = r.screened_from();
  query->day_to = r.screened_to();
  return absl::OkStatus();
}

}  // namespace

const procedure::Procedure<Screening> kScreeningProcedure = {
    .name = "矛盾纠纷排查",
    .rows = kRows,
    .terminal = {Screening::CLEAR, Screening::PREVENTED, Screening::CASE_OPENED, Screening::ESCALATED, Screening::VOIDED},
    .states = Screening::State_descriptor,
    .acts = Screening::Act_descriptor,
    .clock_kinds = Screening::Limit_descriptor,
    .papers = Screening::Document_descriptor,
};

const casework::Definition<Screening> kScreening = {
    .procedure = &kScreeningProcedure,
    .index = IndexOf,
    .cubes = {&kScreeningsCube, &kPreventionCube},
    .list = casework::ListOf<Narrow>,
    .amendments = &kScreeningAmendments,
    .references = {{"committee", "Committee", "COMMITTEE_HAS_RECORDS",
                    "该调解委员会已有排查记录，不能作废；不再工作的，应当撤销"},
                   {"case_id", "Case", "CASE_FROM_SCREENING", "本案由排查线索转入，应当先撤销该线索的“转为案件”"},
                   {"round", "Screening", "ROUND_HAS_RECORDS", "同一次排查尚有续记的纠纷线索，应当先作废续记的记录"}},
};

}  // namespace sifa::mediation
