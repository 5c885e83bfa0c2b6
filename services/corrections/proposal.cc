#include "services/corrections/proposal.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using procedure::Level;
using procedure::Row;

constexpr int kSlight = 10;  // days (实施办法 §34, §35)

absl::Status Accept(Proposal& proposal, const v1::AcceptProposalRequest&, const Act& act) {
  proposal.set_decided_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Decline(Proposal& proposal, const v1::DeclineProposalRequest& r, const Act& act) {
  proposal.set_decided_on(act.occurred_on());
  proposal.set_decline_reason(r.reason());
  return absl::OkStatus();
}

const Row<Proposal> kRows[] = {
    {.act = Proposal::PROPOSE,
     .from = {Proposal::STATE_UNSPECIFIED},
     .to = Proposal::PROPOSED,
     .indirect = true,
     .law = Ccl("28")},
    {.act = Proposal::ACCEPT,
     .from = {Proposal::PROPOSED},
     .to = Proposal::ACCEPTED,
     .level = Level::kCounty,
     .apply = Apply<Accept>,
     .law = Ccl("28")},
    {.act = Proposal::DECLINE,
     .from = {Proposal::PROPOSED},
     .to = Proposal::DECLINED,
     .level = Level::kCounty,
     .apply = Apply<Decline>,
     .law = Ccl("28")},
    {.act = Proposal::WITHDRAW,
     .from = {Proposal::PROPOSED},
     .to = Proposal::WITHDRAWN,
     .indirect = true,
     .aside = true,
     .law = Ccl("28")},
    {.act = Proposal::LAPSE,
     .from = {Proposal::PROPOSED},
     .to = Proposal::WITHDRAWN,
     .indirect = true,
     .aside = true,
     .law = Ccl("45")},
};

// By which a proposal stands once.
std::string SourceOf(const std::string& source, Proposal::Kind kind) { return absl::StrCat(source, ":", static_cast<int>(kind)); }

casework::Index IndexOf(const Proposal& proposal) {
  casework::Index index = IndexOfRecord(proposal, proposal.proposed_on());
  index.terms.push_back({"kind", Proposal::Kind_Name(proposal.kind())});
  index.terms.push_back({"source", SourceOf(proposal.source(), proposal.kind())});
  return index;
}

}  // namespace

absl::Status Propose(const Subject& s, const Suggestion& suggestion, const Act& act) {
  casework::ListQuery query;
  query.scopes = {"/"};
  query.terms = {{"source", SourceOf(suggestion.source, suggestion.kind)}};
  query.limit = 1;
  ASSIGN_OR_RETURN(const auto made, act.backend().store.List(act.connection(), act.neighbours().TypeOf<Proposal>(), query));
  if (!made.empty()) return absl::OkStatus();
  auto proposal = RecordOf<Proposal>(s);
  proposal.set_kind(suggestion.kind);
  proposal.set_source_type(suggestion.source_type);
  proposal.set_source(suggestion.source);
  proposal.set_criterion(suggestion.criterion);
  proposal.set_article(suggestion.law.ToString());
  proposal.set_facts(suggestion.facts);
  proposal.set_proposed_on(act.occurred_on());
  return act.Open<Proposal>(Proposal::PROPOSE, proposal).status();
}

absl::Status WithdrawProposals(const std::string& source, const Act& act) {
  const casework::ObjectType& type = act.neighbours().TypeOf<Proposal>();
  for (int kind = Proposal::Kind_MIN + 1; kind <= Proposal::Kind_MAX; ++kind) {
    casework::ListQuery query;
    query.scopes = {"/"};
    query.terms = {{"source", SourceOf(source, static_cast<Proposal::Kind>(kind))}};
    query.open = true;
    query.limit = 1;
    ASSIGN_OR_RETURN(const auto open, act.backend().store.List(act.connection(), type, query));
    for (const auto& one : open) RETURN_IF_ERROR(act.ActOnAny(type, Proposal::WITHDRAW, type.common(*one.object).id));
  }
  return absl::OkStatus();
}

absl::Status ProposeForAbsence(const Subject& s, const Search& search, const Act& act) {
  const bool parole = s.decision().category() == kParole;
  const std::string facts = search.found_on().empty() ? absl::StrCat(search.absent_after(), "之后脱离监管，已超过一个月")
                                                      : absl::StrCat(search.absent_after(), "之后脱离监管，", search.found_on(),
                                                                     "找到，共", search.days_absent(), "日");
  const auto propose = [&](Proposal::Kind kind, const char* criterion, const procedure::Law& law) {
    return Propose(s, {kind, "Search", search.id(), criterion, law, facts}, act);
  };
  if (search.over_month()) return propose(Proposal::REVOKE, "无正当理由不按规定时间报到或者脱离监管，超过一个月", Ccm("46"));
  if (search.days_absent() <= 0) return absl::OkStatus();
  if (search.days_absent() <= kSlight) {
    RETURN_IF_ERROR(propose(Proposal::ADMONISH, "不按规定时间报到或者脱离监管，未超过十日", Ccm("34")));
  } else {
    RETURN_IF_ERROR(propose(Proposal::WARN, "不按规定时间报到或者脱离监管，超过十日", Ccm("35")));
  }
  // 刑法 §86(3): of a parolee any breach may revoke. Deciding one of the two withdraws the other.
  return parole ? propose(Proposal::REVOKE, "假释考验期内违反监督管理规定", Cl("86")) : absl::OkStatus();
}

const procedure::Procedure<Proposal> kProposalProcedure = {
    .name = "处理建议",
    .rows = kRows,
    .clocks = {},
    .terminal = {Proposal::ACCEPTED, Proposal::DECLINED, Proposal::WITHDRAWN, Proposal::VOIDED},
    .states = Proposal::State_descriptor,
    .acts = Proposal::Act_descriptor,
    .clock_kinds = Proposal::Limit_descriptor,
    .papers = Proposal::Document_descriptor,
};

const casework::Definition<Proposal> kProposal = {
    .procedure = &kProposalProcedure,
    .index = IndexOf,
    .list = casework::ListOf<NarrowRecords<v1::ListProposalsRequest>>,
    .references = {OfSubject(Proposal::LAPSE)},
};

}  // namespace sifa::corrections
