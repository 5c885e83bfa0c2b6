#include "services/corrections/commutation.h"

#include "libs/core/status.h"
#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcl33 = Ccl("33");
constexpr procedure::Law kCcm42 = Ccm("42");

bool ByCity(const Commutation& c) { return c.reviewer() == Commutation::CITY; }
bool ByProvince(const Commutation& c) { return c.reviewer() == Commutation::PROVINCE; }
bool Disagrees(const Commutation& c) { return c.opinion() == Commutation::DISAGREE; }
bool IsRefused(const Commutation& c) { return c.ruling() == Commutation::REFUSE; }
absl::CivilDay ReceivedOn(const Commutation& c) { return DayIn(c.received_on()); }

const Guard<Commutation> kOneAtATime = {
    .rule = "减刑",
    .reason = "COMMUTATION_OPEN",
    .text = "该对象的减刑正在办理，不能重复提出",
    .law = kCcl33,
    .holds = [](const Commutation&, const Facts& facts) { return NoneOpen<Commutation>(facts, kCommutationProcedure); },
    .of_others = true};
const Guard<Commutation> kReceivedInOrder = {"减刑", "RECEIPT_OUT_OF_ORDER", "人民法院收到日期不能早于提请日期，也不能晚于今日",
                                             kCcl33, [](const Commutation& c, const Facts& facts) {
                                               return c.received_on() >= c.submitted_on() &&
                                                      c.received_on() <= FormatDay(facts.today);
                                             }};
const Guard<Commutation> kShortens = {.rule = "减刑",
                                      .reason = "COMMUTATION_LENGTHENS",
                                      .text = "减刑后的矫正结束日期应当早于原结束日期",
                                      .law = kCcl33,
                                      .holds =
                                          [](const Commutation& c, const Facts& facts) {
                                            const auto* s = facts.One<Subject>();
                                            return IsRefused(c) || (s != nullptr && c.term_to() < s->decision().term_to());
                                          },
                                      .of_others = true};

absl::StatusOr<Commutation> NewCommutation(const v1::ProposeCommutationRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(Commutation c, NewRecord<Commutation>(r.subject(), act));
  c.set_ground(r.ground());
  c.set_facts(r.facts());
  c.set_life(r.life());
  c.set_reviewer(r.life() ? Commutation::PROVINCE : Commutation::CITY);
  c.set_proposed_on(act.occurred_on());
  return c;
}

absl::Status Review(Commutation& c, const v1::ReviewCommutationRequest& r, const Act& act) {
  c.set_opinion(r.opinion());
  c.set_review(r.reason());
  c.set_reviewed_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Submit(Commutation& c, const v1::SubmitCommutationRequest& r, const Act& act) {
  c.set_court(r.court());
  c.set_submitted_on(act.occurred_on());
  c.set_received_on(r.received_on().empty() ? act.occurred_on() : r.received_on());
  return absl::OkStatus();
}

absl::Status RecordRuling(Commutation& c, const v1::RecordCommutationRulingRequest& r, const Act& act) {
  c.set_ruling(r.ruling());
  c.set_ruling_number(r.document());
  c.set_ruled_on(act.occurred_on());
  if (IsRefused(c)) return absl::OkStatus();
  if (r.term_to().empty()) return InvalidField("term_to", "FIELD_REQUIRED", "请填写减刑后的矫正结束日期");
  c.set_term_to(r.term_to());
  const auto commute = [&](Subject& s) {
    s.mutable_decision()->set_term_to(r.term_to());
    s.set_term_reason(r.document());
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(act.ActOn<Subject>(Subject::COMMUTE, c.subject(), commute).status());
  return FollowTerm(r.term_to(), act);
}

const Row<Commutation> kRows[] = {
    {.act = Commutation::PROPOSE,
     .from = {Commutation::STATE_UNSPECIFIED},
     .to = Commutation::PROPOSED,
     .level = Level::kCounty,
     .create = Create<NewCommutation>,
     .checks = {&kInCorrection<Commutation>, &kOneAtATime},
     .law = kCcm42},
    {.act = Commutation::REVIEW,
     .from = {Commutation::PROPOSED},
     .to = Commutation::REVIEWED,
     .fork = {Commutation::RETURNED, Disagrees},
     .when = ByCity,
     .level = Level::kCity,
     .apply = Apply<Review>,
     .papers = {Commutation::REVIEW_FORM},
     .law = kCcm42},
    {.act = Commutation::REVIEW,
     .from = {Commutation::PROPOSED},
     .to = Commutation::REVIEWED,
     .fork = {Commutation::RETURNED, Disagrees},
     .when = ByProvince,
     .level = Level::kProvince,
     .apply = Apply<Review>,
     .papers = {Commutation::REVIEW_FORM},
     .law = kCcm42},
    {.act = Commutation::SUBMIT,
     .from = {Commutation::REVIEWED},
     .to = Commutation::SUBMITTED,
     .when = ByCity,
     .level = Level::kCity,
     .apply = Apply<Submit>,
     .checks = {&kReceivedInOrder},
     .starts = {{.clock = Commutation::RULE_BY, .period = calendar::Days("CCL", 30), .article = "33", .from = ReceivedOn}},
     .papers = {Commutation::PAPER},
     .law = kCcl33},
    {.act = Commutation::SUBMIT,
     .from = {Commutation::REVIEWED},
     .to = Commutation::SUBMITTED,
     .when = ByProvince,
     .level = Level::kProvince,
     .apply = Apply<Submit>,
     .checks = {&kReceivedInOrder},
     .starts = {{.clock = Commutation::RULE_BY, .period = calendar::Days("CCL", 30), .article = "33", .from = ReceivedOn}},
     .papers = {Commutation::PAPER},
     .law = kCcl33},
    {.act = Commutation::RECORD_RULING,
     .from = {Commutation::SUBMITTED},
     .to = Commutation::GRANTED,
     .fork = {Commutation::REFUSED, IsRefused},
     .level = Level::kCounty,
     .apply = Apply<RecordRuling>,
     .checks = {&kShortens},
     .stops = {Commutation::RULE_BY},
     .papers = {Commutation::RULING},
     .law = kCcl33},
    {.act = Commutation::LAPSE,
     .from = {Commutation::PROPOSED, Commutation::REVIEWED, Commutation::SUBMITTED},
     .to = Commutation::LAPSED,
     .indirect = true,
     .aside = true,
     .stops = {Commutation::RULE_BY},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {{.clock = Commutation::RULE_BY, .warn_days = 5}};

casework::Index IndexOf(const Commutation& c) { return IndexOfRecord(c, c.proposed_on()); }

std::optional<casework::Numbering> NumberingOf(const Commutation& c, absl::CivilDay act_day) {
  return CountyNumbering(c, act_day, "矫减");
}

}  // namespace

const procedure::Procedure<Commutation> kCommutationProcedure = {
    .name = "减刑",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Commutation::RETURNED, Commutation::GRANTED, Commutation::REFUSED, Commutation::LAPSED, Commutation::VOIDED},
    .states = Commutation::State_descriptor,
    .acts = Commutation::Act_descriptor,
    .clock_kinds = Commutation::Limit_descriptor,
    .papers = Commutation::Document_descriptor,
};

const casework::Definition<Commutation> kCommutation = {
    .procedure = &kCommutationProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListCommutationsRequest>>,
    .has_files = true,
    .amendments = &kCommutationAmendments,
    .references = {OfSubject(Commutation::LAPSE)},
    .looks_at = {"Commutation", "Release", "TrackingAuthority"},
    .further = ForPerson<Commutation>,
    .sealed = OfMinor<Commutation>,
};

}  // namespace sifa::corrections
