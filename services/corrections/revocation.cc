#include "services/corrections/revocation.h"

#include <algorithm>

#include "libs/core/status.h"
#include "services/corrections/arrest.h"
#include "services/corrections/breach.h"
#include "services/corrections/measures.h"
#include "services/corrections/record.h"
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

constexpr procedure::Law kCcl46 = Ccl("46");
constexpr procedure::Law kCcl48 = Ccl("48");
constexpr procedure::Law kCcl49 = Ccl("49");

bool Revokes(const Revocation& r) { return r.kind() != Revocation::RECALL; }
bool Recalls(const Revocation& r) { return r.kind() == Revocation::RECALL; }
bool OfProbation(const Revocation& r) { return r.kind() == Revocation::PROBATION; }
bool OfParole(const Revocation& r) { return r.kind() == Revocation::PAROLE; }
bool IsRefused(const Revocation& r) { return r.ruling() == Revocation::REFUSE; }
bool IsAtLarge(const Revocation& r) { return r.delivered_on().empty(); }
absl::CivilDay ReceivedOn(const Revocation& r) { return DayIn(r.received_on()); }

// The grounds that the law names for each of the three (law §2.5 R13, R14, R15).
bool IsGroundOf(Revocation::Kind kind, Revocation::Ground ground) {
  switch (ground) {
    case Revocation::BAN_BROKEN:
      return kind == Revocation::PROBATION;
    case Revocation::OVER_MONTH:
      return kind != Revocation::RECALL;
    case Revocation::PENALTY_UNHEEDED:
    case Revocation::OTHER_SERIOUS:
      return kind != Revocation::PAROLE;
    case Revocation::TWO_WARNINGS:
      return true;
    case Revocation::PAROLE_BREACH:
      return kind == Revocation::PAROLE;
    default:
      return kind == Revocation::RECALL;
  }
}

// What is revoked is what was granted.
const Guard<Revocation> kKindFits = {"提请", "REVOCATION_OF_ANOTHER_CATEGORY",
                                     "提请撤销缓刑、撤销假释、收监执行分别适用于缓刑、假释、暂予监外执行的对象", Ccl("45"),
                                     [](const Revocation& r, const Facts&) {
                                       const std::string& category = r.person().category();
                                       return category == (r.kind() == Revocation::PROBATION ? kProbation
                                                           : r.kind() == Revocation::PAROLE  ? kParole
                                                                                             : kOutsidePrison);
                                     }};
const Guard<Revocation> kGroundFits = {"提请", "GROUND_OF_ANOTHER_KIND", "所选情形不是法律规定的此类提请的情形", Ccm("46"),
                                       [](const Revocation& r, const Facts&) { return IsGroundOf(r.kind(), r.ground()); }};
// 实施办法 §46: a local court only where the original one lies in another province.
const Guard<Revocation> kAddresseeCompetent = {
    "提请", "ADDRESSEE_NOT_COMPETENT",
    "应当向原审人民法院或者原决定机关提出；其与执行地不在同一省、自治区、直辖市的，才可以向执行地的人民法院或者同类机关提出",
    kCcl46, [](const Revocation& r, const Facts&) {
      return r.addressee() == Revocation::ORIGINAL || r.original_region().substr(0, 2) != r.region().substr(0, 2);
    }};
const Guard<Revocation> kOneAtATime = {.rule = "提请",
                                       .reason = "REVOCATION_OPEN",
                                       .text = "该对象的提请正在办理，不能重复提请",
                                       .law = kCcl46,
                                       .holds =
                                           [](const Revocation&, const Facts& facts) {
                                             const auto others = facts.All<Revocation>();
                                             return std::none_of(others.begin(), others.end(),
                                                                 [](const auto* r) { return IsPending(*r); });
                                           },
                                       .of_others = true};
const Guard<Revocation> kReceivedInOrder = {"提请", "RECEIPT_OUT_OF_ORDER", "受理机关收到日期不能早于提请日期，也不能晚于今日",
                                            kCcl48, [](const Revocation& r, const Facts& facts) {
                                              return r.received_on() >= r.submitted_on() &&
                                                     r.received_on() <= FormatDay(facts.today);
                                            }};
const Guard<Revocation> kRuledAfterReceipt = {"裁定", "RULED_BEFORE_RECEIPT", "裁定、决定日期不能早于受理机关收到建议书的日期",
                                              kCcl48,
                                              [](const Revocation& r, const Facts&) { return r.ruled_on() >= r.received_on(); }};

absl::StatusOr<Revocation> NewRevocation(const v1::ProposeRevocationRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const Subject s, act.Load<Subject>(r.subject()));
  const bool local = r.addressee() == Revocation::LOCAL;
  if (local && r.addressee_name().empty()) return InvalidField("addressee_name", "FIELD_REQUIRED", "请填写受理机关");
  if (local && r.original_region().empty()) return InvalidField("original_region", "FIELD_REQUIRED", "请填写原决定机关所在地");
  auto revocation = RecordOf<Revocation>(s);
  revocation.set_kind(r.kind());
  revocation.set_ground(r.ground());
  revocation.set_facts(r.facts());
  revocation.set_addressee(r.addressee());
  revocation.set_addressee_name(local ? r.addressee_name() : s.decision().decider_name());
  revocation.set_original_region(r.original_region());
  revocation.set_proposed_on(act.occurred_on());
  return revocation;
}

absl::Status Submit(Revocation& revocation, const v1::SubmitRevocationRequest& r, const Act& act) {
  revocation.set_submitted_on(act.occurred_on());
  revocation.set_received_on(r.received_on().empty() ? act.occurred_on() : r.received_on());
  revocation.set_procuratorate(r.procuratorate());
  return absl::OkStatus();
}

absl::Status Withdraw(Revocation& revocation, const v1::WithdrawRevocationRequest& r, const Act& act) {
  revocation.set_withdraw_reason(r.reason());
  return LoseBasis(act);
}

// It takes effect when it is made (最高法刑诉法解释 §517, §545), so it ends the term on its own day, on which the act was done.
absl::Status RecordRuling(Revocation& revocation, const v1::RecordRevocationRulingRequest& r, const Act& act) {
  revocation.set_ruling(r.ruling());
  revocation.set_ruling_number(r.document());
  revocation.set_ruled_on(act.occurred_on());
  if (IsRefused(revocation)) return LoseBasis(act);
  const auto end = [&](Subject& s) {
    s.set_end(revocation.kind() == Revocation::PROBATION ? Subject::PROBATION_REVOKED
              : revocation.kind() == Revocation::PAROLE  ? Subject::PAROLE_REVOKED
                                                         : Subject::RECALLED);
    s.set_ended_on(act.occurred_on());
    s.set_end_document(r.document());
    return absl::OkStatus();
  };
  return act.ActOn<Subject>(Subject::TERMINATE, revocation.subject(), end).status();
}

absl::Status RecordDelivery(Revocation& revocation, const v1::RecordRevocationDeliveryRequest& r, const Act& act) {
  if (r.at_large()) {
    revocation.set_at_large_on(act.occurred_on());
    return absl::OkStatus();
  }
  if (r.delivered_to().empty()) return InvalidField("delivered_to", "FIELD_REQUIRED", "请填写交付的监狱、看守所");
  revocation.set_delivered_on(act.occurred_on());
  revocation.set_delivered_to(r.delivered_to());
  return absl::OkStatus();
}

Revocation::Kind KindFor(const std::string& category) {
  return category == kProbation       ? Revocation::PROBATION
         : category == kParole        ? Revocation::PAROLE
         : category == kOutsidePrison ? Revocation::RECALL
                                      : Revocation::KIND_UNSPECIFIED;
}

Revocation::Ground GroundOf(Revocation::Kind kind, Breach::Kind breach) {
  const bool recall = kind == Revocation::RECALL;
  if (breach == Breach::ABSENT_OVER_MONTH && !recall) return Revocation::OVER_MONTH;
  if (breach == Breach::BAN_SERIOUS && kind == Revocation::PROBATION) return Revocation::BAN_BROKEN;
  if (breach == Breach::WHEREABOUTS_REFUSED && recall) return Revocation::LEFT_UNHEEDED;
  if (breach == Breach::NO_RECHECK && recall) return Revocation::NO_RECHECK;
  return kind == Revocation::PAROLE ? Revocation::PAROLE_BREACH : Revocation::OTHER_SERIOUS;
}

// What the proposal says in words, as the law counts it: what he had been given twice or been punished for before, or the breach.
absl::StatusOr<Revocation::Ground> GroundFor(Revocation::Kind kind, const Proposal& proposal, const Act& act) {
  if (proposal.counted_type() == "Sanction" && proposal.counted_at_least() == 2) return Revocation::TWO_WARNINGS;
  if (proposal.counted_type() == "PolicePenalty") return Revocation::PENALTY_UNHEEDED;
  if (proposal.source_type() == "Search") {
    ASSIGN_OR_RETURN(const Search search, act.LoadUnchecked<Search>(proposal.source()));
    return GroundOf(kind, KindOf(search));
  }
  ASSIGN_OR_RETURN(const Breach breach, act.LoadUnchecked<Breach>(proposal.source()));
  return GroundOf(kind, breach.kind());
}

constexpr procedure::States kPending = {Revocation::PROPOSED, Revocation::SUBMITTED};

const Row<Revocation> kRows[] = {
    {.act = Revocation::PROPOSE,
     .from = {Revocation::STATE_UNSPECIFIED},
     .to = Revocation::PROPOSED,
     .level = Level::kCounty,
     .create = Create<NewRevocation>,
     .checks = {&kTermRuns<Revocation>, &kKindFits, &kGroundFits, &kAddresseeCompetent, &kOneAtATime},
     .law = kCcl46},
    {.act = Revocation::OPEN,
     .from = {Revocation::STATE_UNSPECIFIED},
     .to = Revocation::PROPOSED,
     .indirect = true,
     .level = Level::kCounty,
     .checks = {&kTermRuns<Revocation>, &kKindFits, &kGroundFits, &kOneAtATime},
     .law = kCcl46},
    {.act = Revocation::SUBMIT,
     .from = {Revocation::PROPOSED},
     .to = Revocation::SUBMITTED,
     .when = OfProbation,
     .level = Level::kCounty,
     .apply = Apply<Submit>,
     .checks = {&kReceivedInOrder},
     .starts = {{.clock = Revocation::RULE_BY, .period = calendar::Days("CCL", 30), .article = "48", .from = ReceivedOn}},
     .papers = {Revocation::PROBATION_PAPER},
     .law = kCcl46},
    {.act = Revocation::SUBMIT,
     .from = {Revocation::PROPOSED},
     .to = Revocation::SUBMITTED,
     .when = OfParole,
     .level = Level::kCounty,
     .apply = Apply<Submit>,
     .checks = {&kReceivedInOrder},
     .starts = {{.clock = Revocation::RULE_BY, .period = calendar::Days("CCL", 30), .article = "48", .from = ReceivedOn}},
     .papers = {Revocation::PAROLE_PAPER},
     .law = kCcl46},
    {.act = Revocation::SUBMIT,
     .from = {Revocation::PROPOSED},
     .to = Revocation::SUBMITTED,
     .when = Recalls,
     .level = Level::kCounty,
     .apply = Apply<Submit>,
     .checks = {&kReceivedInOrder},
     .starts = {{.clock = Revocation::RULE_BY, .period = calendar::Days("CCL", 30), .article = "49", .from = ReceivedOn}},
     .papers = {Revocation::RECALL_PAPER},
     .law = kCcl49},
    {.act = Revocation::WITHDRAW,
     .from = kPending,
     .to = Revocation::WITHDRAWN,
     .level = Level::kCounty,
     .apply = Apply<Withdraw>,
     .stops = {Revocation::RULE_BY},
     .law = kCcl46},
    {.act = Revocation::RECORD_RULING,
     .from = {Revocation::SUBMITTED},
     .to = Revocation::GRANTED,
     .fork = {Revocation::REFUSED, IsRefused},
     .when = Revokes,
     .level = Level::kCounty,
     .apply = Apply<RecordRuling>,
     .checks = {&kRuledAfterReceipt},
     .stops = {Revocation::RULE_BY},
     .papers = {Revocation::RULING},
     .law = kCcl48},
    {.act = Revocation::RECORD_RULING,
     .from = {Revocation::SUBMITTED},
     .to = Revocation::GRANTED,
     .fork = {Revocation::REFUSED, IsRefused},
     .when = Recalls,
     .level = Level::kCounty,
     .apply = Apply<RecordRuling>,
     .checks = {&kRuledAfterReceipt},
     .stops = {Revocation::RULE_BY},
     .papers = {Revocation::RULING},
     .law = kCcl49},
    // Who is not to be found is handed over once he is caught.
    {.act = Revocation::RECORD_DELIVERY,
     .from = {Revocation::GRANTED, Revocation::AT_LARGE},
     .to = Revocation::DELIVERED,
     .fork = {Revocation::AT_LARGE, IsAtLarge},
     .level = Level::kCounty,
     .apply = Apply<RecordDelivery>,
     .papers = {Revocation::HANDOVER},
     .law = Ccl("50")},
    {.act = Revocation::LAPSE,
     .from = kPending,
     .to = Revocation::LAPSED,
     .indirect = true,
     .aside = true,
     .stops = {Revocation::RULE_BY},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {{.clock = Revocation::RULE_BY, .warn_days = 5}};

casework::Index IndexOf(const Revocation& r) {
  casework::Index index = IndexOfRecord(r, r.proposed_on());
  index.terms.push_back({"kind", Revocation::Kind_Name(r.kind())});
  return index;
}

std::optional<casework::Numbering> NumberingOf(const Revocation& r, absl::CivilDay act_day) {
  return CountyNumbering(r, act_day, r.kind() == Revocation::RECALL ? "矫收" : "矫撤");
}

}  // namespace

bool IsPending(const Revocation& revocation) { return kPending.Has(revocation.state()); }

absl::StatusOr<std::string> OpenRevocation(const Subject& s, const Proposal& proposal, const Act& act) {
  auto revocation = RecordOf<Revocation>(s);
  revocation.set_kind(KindFor(s.decision().category()));
  ASSIGN_OR_RETURN(const Revocation::Ground ground, GroundFor(revocation.kind(), proposal, act));
  revocation.set_ground(ground);
  revocation.set_criterion(proposal.criterion());
  revocation.set_facts(proposal.facts());
  revocation.set_source(proposal.id());
  revocation.set_addressee(Revocation::ORIGINAL);
  revocation.set_addressee_name(s.decision().decider_name());
  revocation.set_proposed_on(act.occurred_on());
  ASSIGN_OR_RETURN(revocation, act.Open<Revocation>(Revocation::OPEN, std::move(revocation)));
  return revocation.id();
}

const procedure::Procedure<Revocation> kRevocationProcedure = {
    .name = "提请撤销、收监",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Revocation::DELIVERED, Revocation::REFUSED, Revocation::WITHDRAWN, Revocation::LAPSED, Revocation::VOIDED},
    .states = Revocation::State_descriptor,
    .acts = Revocation::Act_descriptor,
    .clock_kinds = Revocation::Limit_descriptor,
    .papers = Revocation::Document_descriptor,
};

const casework::Definition<Revocation> kRevocation = {
    .procedure = &kRevocationProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .cubes = {&kRevocationsCube},
    .list = casework::ListOf<NarrowRecords<v1::ListRevocationsRequest>>,
    .has_files = true,
    .amendments = &kRevocationAmendments,
    .references = {OfSubject(Revocation::LAPSE)},
    .looks_at = {"Arrest", "Revocation"},
    .further = ForPerson<Revocation>,
    .sealed = OfMinor<Revocation>,
};

}  // namespace sifa::corrections
