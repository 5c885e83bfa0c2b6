#include "services/corrections/commendation.h"

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

constexpr procedure::Law kCcm33 = Ccm("33");
constexpr int kMonths = 6;  // 实施办法 §33

// Special merit is commended at any time.
const Guard<Commendation> kSixMonths = {.rule = "表扬",
                                        .reason = "COMMENDED_TOO_EARLY",
                                        .text = "接受社区矫正六个月以上，或者见义勇为、抢险救灾、帮助他人表现突出的，才能表扬",
                                        .law = kCcm33,
                                        .holds =
                                            [](const Commendation& commendation, const Facts& facts) {
                                              if (commendation.special_merit()) return true;
                                              const auto* s = facts.One<Subject>();
                                              return s != nullptr &&
                                                     facts.act_day >= MonthsAfter(procedure::Circumstances(facts),
                                                                                  DayIn(s->registered_on()), kMonths);
                                            },
                                        .of_others = true};
const Guard<Commendation> kAllFour = {
    "表扬", "CONDITIONS_NOT_MET", "表扬应当同时具备认罪悔罪、遵守法律法规、服从监督管理、积极参加教育学习等活动四项条件", kCcm33,
    [](const Commendation& c, const Facts&) {
      return c.special_merit() || (c.repents() && c.obeys_law() && c.obeys_rules() && c.takes_part());
    }};

absl::StatusOr<Commendation> NewCommendation(const v1::ProposeCommendationRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(auto commendation, NewRecord<Commendation>(r.subject(), act));
  commendation.set_repents(r.repents());
  commendation.set_obeys_law(r.obeys_law());
  commendation.set_obeys_rules(r.obeys_rules());
  commendation.set_takes_part(r.takes_part());
  commendation.set_special_merit(r.special_merit());
  commendation.set_facts(r.facts());
  commendation.set_proposed_on(act.occurred_on());
  return commendation;
}

absl::Status Decide(Commendation& commendation, const v1::DecideCommendationRequest&, const Act& act) {
  commendation.set_decided_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Refuse(Commendation& commendation, const v1::RefuseCommendationRequest& r) {
  commendation.set_refusal_reason(r.reason());
  return absl::OkStatus();
}

const Row<Commendation> kRows[] = {
    {.act = Commendation::PROPOSE,
     .from = {Commendation::STATE_UNSPECIFIED},
     .to = Commendation::PROPOSED,
     .create = Create<NewCommendation>,
     .checks = {&kInCorrection<Commendation>, &kSixMonths, &kAllFour},
     .law = kCcm33},
    {.act = Commendation::DECIDE,
     .from = {Commendation::PROPOSED},
     .to = Commendation::DECIDED,
     .level = Level::kCounty,
     .apply = Apply<Decide>,
     .papers = {Commendation::DECISION},
     .law = kCcm33},
    {.act = Commendation::REFUSE,
     .from = {Commendation::PROPOSED},
     .to = Commendation::REFUSED,
     .level = Level::kCounty,
     .apply = Apply<Refuse>,
     .law = kCcm33},
    {.act = Commendation::LAPSE,
     .from = {Commendation::PROPOSED},
     .to = Commendation::LAPSED,
     .indirect = true,
     .aside = true,
     .law = Ccl("45")},
};

casework::Index IndexOf(const Commendation& commendation) { return IndexOfRecord(commendation, commendation.proposed_on()); }

std::optional<casework::Numbering> NumberingOf(const Commendation& commendation, absl::CivilDay act_day) {
  if (commendation.decided_on().empty()) return std::nullopt;
  return CountyNumbering(commendation, act_day, "矫表");
}

}  // namespace

const procedure::Procedure<Commendation> kCommendationProcedure = {
    .name = "表扬",
    .rows = kRows,
    .clocks = {},
    .terminal = {Commendation::DECIDED, Commendation::REFUSED, Commendation::LAPSED, Commendation::VOIDED},
    .states = Commendation::State_descriptor,
    .acts = Commendation::Act_descriptor,
    .clock_kinds = Commendation::Limit_descriptor,
    .papers = Commendation::Document_descriptor,
};

const casework::Definition<Commendation> kCommendation = {
    .procedure = &kCommendationProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .cubes = {&kCommendationsCube},
    .list = casework::ListOf<NarrowRecords<v1::ListCommendationsRequest>>,
    .has_files = true,
    .amendments = &kCommendationAmendments,
    .references = {OfSubject(Commendation::LAPSE)},
    .further = ForPerson<Commendation>,
    .sealed = OfMinor<Commendation>,
};

}  // namespace sifa::corrections
