#include "services/corrections/sanction.h"

#include <algorithm>

#include "services/corrections/measures.h"
#include "services/corrections/proposal.h"
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

constexpr procedure::Law kCcl28 = Ccl("28");

const std::string& GroundIn(const Sanction& sanction) {
  return sanction.breach().empty() ? sanction.search() : sanction.breach();
}
bool IsAdmonition(const Sanction& sanction) { return sanction.kind() == Sanction::ADMONITION; }
bool IsGiven(const Sanction& sanction) { return !sanction.decided_on().empty() && sanction.state() != Sanction::VOIDED; }

const Guard<Sanction> kOnce = {.rule = "训诫、警告",
                               .reason = "ALREADY_SANCTIONED",
                               .text = "该违规已经提出或者给予训诫、警告，不能重复处理",
                               .law = kCcl28,
                               .holds =
                                   [](const Sanction& sanction, const Facts& facts) {
                                     const auto others = facts.All<Sanction>();
                                     return std::none_of(others.begin(), others.end(), [&](const Sanction* other) {
                                       return GroundIn(*other) == GroundIn(sanction) && other->state() != Sanction::REFUSED &&
                                              other->state() != Sanction::VOIDED;
                                     });
                                   },
                               .of_others = true};

// 实施办法 §34 is of 训诫, §35 of 警告.
void Rest(const Ground& ground, Sanction* sanction) {
  sanction->set_criterion(CriterionOf(ground.kind));
  sanction->set_article(Ccm(IsAdmonition(*sanction) ? "34" : "35").ToString());
  sanction->set_facts(ground.facts);
}

absl::StatusOr<Sanction> NewSanction(const v1::ProposeSanctionRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(auto sanction, NewRecord<Sanction>(r.subject(), act));
  sanction.set_kind(r.kind());
  sanction.set_breach(r.breach());
  sanction.set_search(r.search());
  sanction.set_proposed_on(act.occurred_on());
  if (!r.breach().empty()) {
    ASSIGN_OR_RETURN(const Breach breach, act.Load<Breach>(r.breach()));
    Rest(GroundOf(breach), &sanction);
  } else if (!r.search().empty()) {
    ASSIGN_OR_RETURN(const Search search, act.Load<Search>(r.search()));
    Rest(GroundOf(search), &sanction);
  }
  return sanction;
}

absl::Status Decide(Sanction& sanction, const v1::DecideSanctionRequest&, const Act& act) {
  sanction.set_decided_on(act.occurred_on());
  return WithdrawAnswers(GroundIn(sanction), act);
}

absl::Status Refuse(Sanction& sanction, const v1::RefuseSanctionRequest& r) {
  sanction.set_refusal_reason(r.reason());
  return absl::OkStatus();
}

absl::Status Serve(Sanction& sanction, const v1::ServeSanctionRequest&, const Act& act) {
  sanction.set_served_on(act.occurred_on());
  return absl::OkStatus();
}

const Row<Sanction> kRows[] = {
    {.act = Sanction::PROPOSE,
     .from = {Sanction::STATE_UNSPECIFIED},
     .to = Sanction::PROPOSED,
     .create = Create<NewSanction>,
     .checks = {&kInCorrection<Sanction>, &kGrounded<Sanction>, &kOnce},
     .law = kCcl28},
    {.act = Sanction::BEGIN,
     .from = {Sanction::STATE_UNSPECIFIED},
     .to = Sanction::PROPOSED,
     .indirect = true,
     .checks = {&kGrounded<Sanction>, &kOnce},
     .law = kCcl28},
    {.act = Sanction::DECIDE,
     .from = {Sanction::PROPOSED},
     .to = Sanction::DECIDED,
     .when = IsAdmonition,
     .level = Level::kCounty,
     .apply = Apply<Decide>,
     .papers = {Sanction::ADMONITION_DECISION},
     .law = Ccm("34")},
    {.act = Sanction::DECIDE,
     .from = {Sanction::PROPOSED},
     .to = Sanction::DECIDED,
     .level = Level::kCounty,
     .apply = Apply<Decide>,
     .papers = {Sanction::WARNING_DECISION},
     .law = Ccm("35")},
    {.act = Sanction::REFUSE,
     .from = {Sanction::PROPOSED},
     .to = Sanction::REFUSED,
     .level = Level::kCounty,
     .apply = Apply<Refuse>,
     .law = kCcl28},
    {.act = Sanction::SERVE,
     .from = {Sanction::DECIDED},
     .to = Sanction::SERVED,
     .apply = Apply<Serve>,
     .papers = {Sanction::RECEIPT},
     .law = kCcl28},
    // A further breach led to a proposal that rests on this one being one of several (实施办法 §35, §46, §49).
    {.act = Sanction::COUNT, .from = {Sanction::DECIDED, Sanction::SERVED}, .indirect = true, .aside = true, .law = Ccm("35")},
    {.act = Sanction::LAPSE,
     .from = {Sanction::PROPOSED, Sanction::DECIDED},
     .to = Sanction::LAPSED,
     .indirect = true,
     .aside = true,
     .law = Ccl("45")},
};

casework::Index IndexOf(const Sanction& sanction) {
  casework::Index index = IndexOfRecord(sanction, sanction.proposed_on());
  index.terms.push_back({"kind", Sanction::Kind_Name(sanction.kind())});
  return index;
}

std::optional<casework::Numbering> NumberingOf(const Sanction& sanction, absl::CivilDay act_day) {
  if (sanction.decided_on().empty()) return std::nullopt;
  return CountyNumbering(sanction, act_day, IsAdmonition(sanction) ? "矫训" : "矫警");
}

}  // namespace

absl::StatusOr<std::string> OpenSanction(const Subject& s, const Proposal& proposal, const Act& act) {
  auto sanction = RecordOf<Sanction>(s);
  sanction.set_kind(proposal.kind() == Proposal::ADMONISH ? Sanction::ADMONITION : Sanction::WARNING);
  if (proposal.source_type() == "Breach") sanction.set_breach(proposal.source());
  if (proposal.source_type() == "Search") sanction.set_search(proposal.source());
  sanction.set_criterion(proposal.criterion());
  sanction.set_article(proposal.article());
  sanction.set_facts(proposal.facts());
  sanction.set_proposed_on(act.occurred_on());
  ASSIGN_OR_RETURN(const Sanction opened, act.Open<Sanction>(Sanction::BEGIN, std::move(sanction)));
  return opened.id();
}

bool GivenBefore(const Sanction& sanction, const std::string& day) { return IsGiven(sanction) && sanction.decided_on() < day; }

const procedure::Procedure<Sanction> kSanctionProcedure = {
    .name = "训诫和警告",
    .rows = kRows,
    .clocks = {},
    .terminal = {Sanction::SERVED, Sanction::REFUSED, Sanction::LAPSED, Sanction::VOIDED},
    .states = Sanction::State_descriptor,
    .acts = Sanction::Act_descriptor,
    .clock_kinds = Sanction::Limit_descriptor,
    .papers = Sanction::Document_descriptor,
};

const casework::Definition<Sanction> kSanction = {
    .procedure = &kSanctionProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .cubes = {&kSanctionsCube},
    .list = casework::ListOf<NarrowRecords<v1::ListSanctionsRequest>>,
    .has_files = true,
    .amendments = &kSanctionAmendments,
    .references = {OfSubject(Sanction::LAPSE),
                   {.field = "breach",
                    .to = "Breach",
                    .reason = "BREACH_HAS_SANCTION",
                    .sentence = "该违规已据以提出训诫或者警告，不能作废"},
                   {.field = "search",
                    .to = "Search",
                    .reason = "SEARCH_HAS_SANCTION",
                    .sentence = "该次查找已据以提出训诫或者警告，不能作废"}},
    .looks_at = {"Sanction", "Breach", "Search"},
    .further = ForPerson<Sanction>,
    .sealed = OfMinor<Sanction>,
};

}  // namespace sifa::corrections
