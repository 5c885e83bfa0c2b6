#include "services/corrections/arrest.h"

#include <algorithm>

#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/procedure/clocks.h"
#include "services/corrections/record.h"
#include "services/corrections/revocation.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcl47 = Ccl("47");
constexpr int kLongestDetention = 30;  // days

bool IsRefused(const Arrest& arrest) { return arrest.decision() == Arrest::NO_ARREST; }
absl::CivilDay ReleaseDueOn(const Arrest& arrest) { return DayIn(arrest.release_due_on()); }
absl::CivilDay DetainedUntil(const Arrest& arrest) { return DayIn(arrest.detained_until()); }

// The one that bears an arrest: a recall does not.
const Revocation* BearingOne(const Facts& facts) {
  for (const auto* r : facts.All<Revocation>()) {
    if (IsPending(*r) && r->kind() != Revocation::RECALL) return r;
  }
  return nullptr;
}

const Guard<Arrest> kBorne = {.rule = "逮捕",
                              .reason = "REVOCATION_REQUIRED",
                              .text = "逮捕应当与撤销缓刑、撤销假释一并提请，不能单独提请",
                              .law = kCcl47,
                              .holds = [](const Arrest& arrest, const Facts&) { return !arrest.revocation().empty(); },
                              .of_others = true};
const Guard<Arrest> kRevocationSubmitted = {.rule = "逮捕",
                                            .reason = "REVOCATION_NOT_SUBMITTED",
                                            .text = "撤销缓刑、撤销假释尚未提请，不能提请逮捕",
                                            .law = kCcl47,
                                            .holds =
                                                [](const Arrest&, const Facts& facts) {
                                                  const Revocation* r = BearingOne(facts);
                                                  return r != nullptr && r->state() == Revocation::SUBMITTED;
                                                },
                                            .of_others = true};
const Guard<Arrest> kOneAtATime = {
    .rule = "逮捕",
    .reason = "ARREST_OPEN",
    .text = "该对象的提请逮捕正在办理，不能重复提请",
    .law = kCcl47,
    .holds = [](const Arrest&, const Facts& facts) { return NoneOpen<Arrest>(facts, kArrestProcedure); },
    .of_others = true};

absl::StatusOr<Arrest> NewArrest(const v1::PrepareArrestRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(Arrest arrest, NewRecord<Arrest>(r.subject(), act));
  arrest.set_ground(r.ground());
  arrest.set_facts(r.facts());
  return arrest;
}

absl::Status Prepare(Arrest& arrest, const v1::PrepareArrestRequest&, const Act& act) {
  const Revocation* r = BearingOne(act.facts());
  if (r == nullptr) return absl::OkStatus();
  arrest.set_revocation(r->id());
  arrest.set_court(r->addressee_name());
  return absl::OkStatus();
}

absl::Status Submit(Arrest& arrest, const v1::SubmitArrestRequest&, const Act& act) {
  arrest.set_submitted_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status RecordDecision(Arrest& arrest, const v1::RecordArrestDecisionRequest& r, const Act& act) {
  arrest.set_decision(r.decision());
  arrest.set_decision_number(r.document());
  arrest.set_decided_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status RecordExecution(Arrest& arrest, const v1::RecordArrestExecutionRequest& r, const Act& act) {
  arrest.set_executed_on(act.occurred_on());
  arrest.set_police(r.police());
  arrest.set_place(r.place());
  arrest.set_detained_until(DetainedUntilOf(arrest));
  return absl::OkStatus();
}

// On the very day, and not after the last day of the detention.
absl::Status FallDue(Arrest& arrest, const Act& act) {
  arrest.set_release_due_on(std::min(act.occurred_on(), arrest.detained_until()));
  return absl::OkStatus();
}

// The court is not waited for any more. Where nothing but the day is known, it had until the end of that day.
absl::Status Drop(Arrest& arrest, const Act& act) {
  const absl::Time at = act.occurred_at().value_or(absl::FromCivil(act.day() + 1, ChinaTime()));
  return procedure::StopClock(arrest.mutable_clocks(), Arrest::Limit_Name(Arrest::DECIDE_BY), {act.day(), at});
}

absl::Status RecordRelease(Arrest& arrest, const v1::RecordArrestReleaseRequest&, const Act& act) {
  arrest.set_released_on(act.occurred_on());
  return absl::OkStatus();
}

constexpr procedure::States kNotHeld = {Arrest::PREPARED, Arrest::SUBMITTED, Arrest::APPROVED};

const Row<Arrest> kRows[] = {
    {.act = Arrest::PREPARE,
     .from = {Arrest::STATE_UNSPECIFIED},
     .to = Arrest::PREPARED,
     .level = Level::kCounty,
     .create = Create<NewArrest>,
     .apply = Apply<Prepare>,
     .checks = {&kBorne, &kOneAtATime},
     .law = kCcl47},
    {.act = Arrest::SUBMIT,
     .from = {Arrest::PREPARED},
     .to = Arrest::SUBMITTED,
     .level = Level::kCounty,
     .guards = {&kRevocationSubmitted},
     .apply = Apply<Submit>,
     .starts = {{.clock = Arrest::DECIDE_BY, .period = calendar::Hours("CCL", 48), .article = "47"}},
     .papers = {Arrest::REQUEST},
     .law = kCcl47},
    {.act = Arrest::RECORD_DECISION,
     .from = {Arrest::SUBMITTED},
     .to = Arrest::APPROVED,
     .fork = {Arrest::REFUSED, IsRefused},
     .level = Level::kCounty,
     .apply = Apply<RecordDecision>,
     .stops = {Arrest::DECIDE_BY},
     .papers = {Arrest::DECISION},
     .law = kCcl47},
    {.act = Arrest::RECORD_EXECUTION,
     .from = {Arrest::APPROVED},
     .to = Arrest::EXECUTED,
     .level = Level::kCounty,
     .apply = Apply<RecordExecution>,
     .starts = {{.clock = Arrest::DETENTION, .article = "47", .until = DetainedUntil}},
     .law = kCcl47},
    {.act = Arrest::RECORD_RELEASE,
     .from = {Arrest::EXECUTED, Arrest::RELEASE_DUE},
     .to = Arrest::RELEASED,
     .level = Level::kCounty,
     .apply = Apply<RecordRelease>,
     .stops = {Arrest::DETENTION, Arrest::RELEASE_BY},
     .papers = {Arrest::RELEASE},
     .law = Ccl("48")},
    {.act = Arrest::LOSE_BASIS,
     .from = {Arrest::EXECUTED},
     .to = Arrest::RELEASE_DUE,
     .indirect = true,
     .apply = Apply<FallDue>,
     .starts = {{.clock = Arrest::RELEASE_BY, .article = "48", .until = ReleaseDueOn}},
     .stops = {Arrest::DETENTION},
     .law = Ccl("48")},
    {.act = Arrest::LOSE_BASIS,
     .from = kNotHeld,
     .to = Arrest::LAPSED,
     .indirect = true,
     .aside = true,
     .apply = Apply<Drop>,
     .law = Ccl("48")},
    // Nobody is held longer, ruling or not.
    {.act = Arrest::EXCEED,
     .from = {Arrest::EXECUTED},
     .to = Arrest::RELEASE_DUE,
     .level = Level::kSystem,
     .apply = Apply<FallDue>,
     .starts = {{.clock = Arrest::RELEASE_BY, .article = "47", .until = ReleaseDueOn}},
     .stops = {Arrest::DETENTION},
     .law = kCcl47},
    {.act = Arrest::LAPSE,
     .from = {Arrest::PREPARED, Arrest::SUBMITTED, Arrest::APPROVED, Arrest::EXECUTED, Arrest::RELEASE_DUE},
     .to = Arrest::LAPSED,
     .indirect = true,
     .aside = true,
     .apply = Apply<Drop>,
     .stops = {Arrest::DETENTION, Arrest::RELEASE_BY},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {{.clock = Arrest::DECIDE_BY, .warn_days = 1},
                                        {.clock = Arrest::DETENTION, .warn_days = 7, .then = Arrest::EXCEED},
                                        {.clock = Arrest::RELEASE_BY, .warn_days = 0}};

casework::Index IndexOf(const Arrest& arrest) { return IndexOfRecord(arrest, arrest.submitted_on()); }

std::optional<casework::Numbering> NumberingOf(const Arrest& arrest, absl::CivilDay act_day) {
  return CountyNumbering(arrest, act_day, "矫捕");
}

}  // namespace

std::string DetainedUntilOf(const Arrest& arrest) { return FormatDay(DayIn(arrest.executed_on()) + kLongestDetention); }

absl::Status LoseBasis(const Act& act) {
  for (const Arrest* arrest : act.facts().All<Arrest>()) {
    if (!kNotHeld.Has(arrest->state()) && arrest->state() != Arrest::EXECUTED) continue;
    RETURN_IF_ERROR(act.ActOnAny(act.neighbours().TypeOf<Arrest>(), Arrest::LOSE_BASIS, arrest->id()));
  }
  return absl::OkStatus();
}

const procedure::Procedure<Arrest> kArrestProcedure = {
    .name = "提请逮捕",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Arrest::REFUSED, Arrest::RELEASED, Arrest::LAPSED, Arrest::VOIDED},
    .states = Arrest::State_descriptor,
    .acts = Arrest::Act_descriptor,
    .clock_kinds = Arrest::Limit_descriptor,
    .papers = Arrest::Document_descriptor,
};

const casework::Definition<Arrest> kArrest = {
    .procedure = &kArrestProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListArrestsRequest>>,
    .has_files = true,
    .amendments = &kArrestAmendments,
    .references = {OfSubject(Arrest::LAPSE),
                   {.field = "revocation",
                    .to = "Revocation",
                    .reason = "REVOCATION_HAS_ARREST",
                    .sentence = "该提请已有一并提请的逮捕，不能作废"}},
    .looks_at = {"Arrest", "Revocation"},
    .sealed = OfMinor<Arrest>,
};

}  // namespace sifa::corrections
