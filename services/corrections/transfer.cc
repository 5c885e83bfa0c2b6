#include "services/corrections/transfer.h"

#include <algorithm>

#include "libs/casework/place.h"
#include "libs/casework/relatives.h"
#include "libs/procedure/clocks.h"
#include "services/corrections/area.h"
#include "services/corrections/record.h"
#include "services/corrections/search.h"

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

constexpr procedure::Law kCcl27 = Ccl("27");
constexpr procedure::Law kCcm30 = Ccm("30");
constexpr procedure::Law kCcm31 = Ccm("31");

bool IsOpen(const Transfer& t) { return !kTransferProcedure.terminal.Has(t.state()); }

absl::CivilDay DecidedOn(const Transfer& t) { return DayIn(t.decided_on()); }
// Seven days from the decision; what binds a person never rolls over.
absl::CivilDay ReportBy(const Transfer& t) { return DecidedOn(t) + 7; }

const Guard<Transfer> kAnotherCounty = {
    "变更执行地", "SAME_COUNTY", "新居住地仍在本县（市、区），不需要变更执行地", kCcl27,
    [](const Transfer& t, const Facts&) { return CountyOf(t.to_office_path()) != CountyOf(t.organisation_path()); }};
const Guard<Transfer> kOneAtATime = {.rule = "变更执行地",
                                     .reason = "TRANSFER_OPEN",
                                     .text = "该对象的变更执行地正在办理，不能重复申请",
                                     .law = kCcm30,
                                     .holds =
                                         [](const Transfer&, const Facts& facts) {
                                           const auto others = facts.All<Transfer>();
                                           return std::none_of(others.begin(), others.end(),
                                                               [](const auto* t) { return IsOpen(*t); });
                                         },
                                     .of_others = true};
// 实施办法 §31: the county there has answered otherwise, or not in time.
const Guard<Transfer> kDisagree = {"协调", "COUNTIES_AGREE", "新执行地已同意接收，或者答复期限尚未届满，不需要上级协调", kCcm31,
                                   [](const Transfer& t, const Facts& facts) {
                                     if (t.state() == Transfer::ANSWERED) return !t.agreed();
                                     const auto* limit =
                                         procedure::FindClock(t.clocks(), Transfer::Limit_Name(Transfer::ANSWER_BY));
                                     return limit != nullptr && procedure::IsPast(*limit, facts.act_day);
                                   }};
const Guard<Transfer> kMayMove = {
    "决定", "TRANSFER_NOT_AGREED", "新执行地不同意接收，且上级未确定变更，不能决定变更执行地", kCcm31,
    [](const Transfer& t, const Facts&) { return t.state() == Transfer::SETTLED ? t.allowed() : t.agreed(); }};

absl::StatusOr<Transfer> NewTransfer(const v1::ApplyForTransferRequest& r, const Asking& asking) {
  const casework::Backend& backend = asking.backend();
  const casework::ObjectType& of_subject = backend.objects->Of<Subject>();
  ASSIGN_OR_RETURN(const auto found, casework::LoadObject(backend, of_subject, r.subject()));
  if (!asking.actor().ReachesObject(of_subject, *found)) return NotFound(of_subject.label);
  auto t = RecordOf<Transfer>(static_cast<const Subject&>(*found));
  t.set_to_office(r.to_office());
  ASSIGN_OR_RETURN(*t.mutable_to_office_path(), casework::OfficePath(backend, r.to_office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*backend.regions, r.to_region(), asking.occurred_on()));
  t.set_to_region(region.ToString());
  t.set_residence(r.residence());
  t.set_grounds(r.grounds());
  t.set_applied_on(asking.occurred_on());
  return t;
}

absl::Status Consult(Transfer& t, const v1::ConsultOnTransferRequest&, const Act& act) {
  t.set_consulted_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Answer(Transfer& t, const v1::AnswerTransferRequest& r, const Act& act) {
  t.set_agreed(r.agreed());
  t.set_answer(r.answer());
  t.set_answered_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Settle(Transfer& t, const v1::SettleTransferRequest& r) {
  t.set_allowed(r.allowed());
  t.set_settlement(r.settlement());
  return absl::OkStatus();
}

absl::Status Decide(Transfer& t, const v1::DecideOnTransferRequest&, const Act& act) {
  t.set_decided_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Refuse(Transfer& t, const v1::RefuseTransferRequest& r, const Act& act) {
  t.set_decided_on(act.occurred_on());
  t.set_refusal(r.reason());
  return absl::OkStatus();
}

absl::Status HandOver(Transfer& t, const v1::HandOverTransferRequest&, const Act& act) {
  t.set_handed_over_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Report(Transfer& t, const v1::ReportTransferRequest&, const Act& act) {
  t.set_reported_on(act.occurred_on());
  RETURN_IF_ERROR(act.ActOn<Subject>(Subject::MOVE, t.subject(),
                                     [&](Subject& s) {
                                       s.mutable_person()->set_residence(t.residence());
                                       return absl::OkStatus();
                                     })
                      .status());
  return casework::ChangeOffice(act, act.neighbours().TypeOf<Subject>(), t.subject(),
                                {t.to_office(), t.to_office_path(), t.to_region()});
}

absl::Status Acknowledge(Transfer& t, const v1::AcknowledgeTransferRequest&, const Act& act) {
  t.set_acknowledged_on(act.occurred_on());
  return absl::OkStatus();
}

// The county that he has left searches for him (law §2.2 #10).
absl::Status Miss(Transfer& t, const Act& act) {
  t.set_missed_on(act.occurred_on());
  ASSIGN_OR_RETURN(const Subject s, act.LoadUnchecked<Subject>(t.subject()));
  return BeginSearch(s, Search::NOT_TRANSFERRED, FormatDay(ReportBy(t)), act);
}

const Row<Transfer> kRows[] = {
    {.act = Transfer::APPLY,
     .from = {Transfer::STATE_UNSPECIFIED},
     .to = Transfer::APPLIED,
     .create = Create<NewTransfer>,
     .checks = {&kInCorrection<Transfer>, &kAnotherCounty, &kOneAtATime},
     .starts = {{.clock = Transfer::CONSULT_BY, .period = calendar::Days("CCM", 5), .article = "30"}},
     .papers = {Transfer::APPLICATION},
     .law = kCcl27},
    {.act = Transfer::CONSULT,
     .from = {Transfer::APPLIED},
     .to = Transfer::CONSULTING,
     .level = Level::kCounty,
     .apply = Apply<Consult>,
     .starts = {{.clock = Transfer::ANSWER_BY, .period = calendar::Days("CCM", 5), .article = "30"}},
     .stops = {Transfer::CONSULT_BY},
     .papers = {Transfer::INQUIRY},
     .law = kCcm30},
    {.act = Transfer::ANSWER,
     .from = {Transfer::CONSULTING},
     .to = Transfer::ANSWERED,
     .level = Level::kCounty,
     .apply = Apply<Answer>,
     .stops = {Transfer::ANSWER_BY},
     .papers = {Transfer::REPLY},
     .law = kCcm30},
    {.act = Transfer::SETTLE,
     .from = {Transfer::CONSULTING, Transfer::ANSWERED},
     .to = Transfer::SETTLED,
     .level = Level::kCity,
     .guards = {&kDisagree},
     .apply = Apply<Settle>,
     .stops = {Transfer::ANSWER_BY},
     .law = kCcm31},
    {.act = Transfer::DECIDE,
     .from = {Transfer::ANSWERED, Transfer::SETTLED},
     .to = Transfer::DECIDED,
     .level = Level::kCounty,
     .guards = {&kMayMove},
     .apply = Apply<Decide>,
     .starts = {{.clock = Transfer::HAND_OVER_BY, .period = calendar::Days("CCM", 5), .article = "31"},
                {.clock = Transfer::REPORT_BY, .article = "31", .from = DecidedOn, .until = ReportBy}},
     .papers = {Transfer::DECISION},
     .law = kCcl27},
    {.act = Transfer::REFUSE,
     .from = {Transfer::APPLIED, Transfer::CONSULTING, Transfer::ANSWERED, Transfer::SETTLED},
     .to = Transfer::REFUSED,
     .level = Level::kCounty,
     .apply = Apply<Refuse>,
     .stops = {Transfer::CONSULT_BY, Transfer::ANSWER_BY},
     .papers = {Transfer::REFUSAL},
     .law = kCcl27},
    {.act = Transfer::HAND_OVER_FILE,
     .from = {Transfer::DECIDED},
     .to = Transfer::HANDED_OVER,
     .level = Level::kCounty,
     .apply = Apply<HandOver>,
     .stops = {Transfer::HAND_OVER_BY},
     .papers = {Transfer::FILE_LIST},
     .law = kCcm31},
    {.act = Transfer::REPORT,
     .from = {Transfer::DECIDED, Transfer::HANDED_OVER},
     .to = Transfer::REPORTED,
     .level = Level::kCounty,
     .apply = Apply<Report>,
     .starts = {{.clock = Transfer::ACKNOWLEDGE_BY, .period = calendar::Days("CCM", 5), .article = "31"}},
     .stops = {Transfer::REPORT_BY},
     .law = kCcm31},
    {.act = Transfer::ACKNOWLEDGE,
     .from = {Transfer::REPORTED},
     .to = Transfer::ACKNOWLEDGED,
     .level = Level::kCounty,
     .apply = Apply<Acknowledge>,
     .stops = {Transfer::HAND_OVER_BY, Transfer::ACKNOWLEDGE_BY},
     .papers = {Transfer::RECEIPT},
     .law = kCcm31},
    {.act = Transfer::MISS,
     .from = {Transfer::DECIDED, Transfer::HANDED_OVER},
     .aside = true,
     .level = Level::kSystem,
     .apply = Apply<Miss>,
     .law = Ccl("30")},
    {.act = Transfer::LAPSE,
     .from = {Transfer::APPLIED, Transfer::CONSULTING, Transfer::ANSWERED, Transfer::SETTLED, Transfer::DECIDED,
              Transfer::HANDED_OVER, Transfer::REPORTED},
     .to = Transfer::LAPSED,
     .indirect = true,
     .aside = true,
     .stops = {Transfer::CONSULT_BY, Transfer::ANSWER_BY, Transfer::HAND_OVER_BY, Transfer::REPORT_BY},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {
    {.clock = Transfer::CONSULT_BY, .warn_days = 2},     {.clock = Transfer::ANSWER_BY, .warn_days = 2},
    {.clock = Transfer::HAND_OVER_BY, .warn_days = 2},   {.clock = Transfer::REPORT_BY, .warn_days = 2, .then = Transfer::MISS},
    {.clock = Transfer::ACKNOWLEDGE_BY, .warn_days = 2},
};

casework::Index IndexOf(const Transfer& t) { return IndexOfRecord(t, t.applied_on()); }

std::optional<casework::Numbering> NumberingOf(const Transfer& t, absl::CivilDay act_day) {
  return CountyNumbering(t, act_day, "矫变");
}

// The county there answers, receives and acknowledges; it sees a transfer once it is asked.
std::vector<casework::Further> FurtherOf(const Transfer& t) {
  std::vector<casework::Further> further = ForPerson<Transfer, Transfer::APPLY>(t);
  if (t.consulted_on().empty()) return further;
  further.push_back({CountyOf(t.to_office_path()), {Transfer::ANSWER, Transfer::REPORT, Transfer::ACKNOWLEDGE}});
  return further;
}

}  // namespace

const procedure::Procedure<Transfer> kTransferProcedure = {
    .name = "变更执行地",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Transfer::ACKNOWLEDGED, Transfer::REFUSED, Transfer::LAPSED, Transfer::VOIDED},
    .states = Transfer::State_descriptor,
    .acts = Transfer::Act_descriptor,
    .clock_kinds = Transfer::Limit_descriptor,
    .papers = Transfer::Document_descriptor,
};

const casework::Definition<Transfer> kTransfer = {
    .procedure = &kTransferProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .cubes = {&kMovesOutCube, &kMovesInCube},
    .list = casework::ListOf<NarrowRecords<v1::ListTransfersRequest>>,
    .has_files = true,
    .references = {OfSubject(Transfer::LAPSE)},
    .looks_at = {"Transfer"},
    .further = FurtherOf,
    .sealed = OfMinor<Transfer>,
};

}  // namespace sifa::corrections
