#include "services/corrections/proposal.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/corrections/measures.h"
#include "services/corrections/police_penalty.h"
#include "services/corrections/record.h"
#include "services/corrections/revocation.h"
#include "services/corrections/sanction.h"
#include "services/corrections/tracking_authority.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

// He was still in order on the day before that of the facts.
absl::StatusOr<std::string> OpenSearch(const Subject& s, const Proposal& proposal, const Act& act) {
  return OpenSearchFor(s, FormatDay(DayIn(proposal.happened_on()) - 1), act);
}

// What is opened by accepting: each kind of proposal that may be accepted has its line.
struct Opening {
  Proposal::Kind kind;
  const char* type;
  absl::StatusOr<std::string> (*open)(const Subject&, const Proposal&, const Act&);  // the id of what was opened
};
constexpr Opening kOpenings[] = {
    {Proposal::INVESTIGATE, "Breach", OpenBreach},
    {Proposal::ADMONISH, "Sanction", OpenSanction},
    {Proposal::WARN, "Sanction", OpenSanction},
    {Proposal::PENALISE, "PolicePenalty", OpenPolicePenalty},
    {Proposal::SEARCH, "Search", OpenSearch},
    {Proposal::REVOKE, "Revocation", OpenRevocation},
    {Proposal::TRACK, "TrackingAuthority", OpenTracking},
};

const Opening* OpeningOf(Proposal::Kind kind) {
  const auto* found = std::find_if(std::begin(kOpenings), std::end(kOpenings), [=](const Opening& o) { return o.kind == kind; });
  return found == std::end(kOpenings) ? nullptr : found;
}

// Nothing is accepted into nothing.
const Guard<Proposal> kOpens = {"建议", "PROPOSAL_NOT_SERVED", "本系统尚不能办理所建议的事项，不能采纳", Ccl("28"),
                                [](const Proposal& proposal, const Facts&) { return OpeningOf(proposal.kind()) != nullptr; }};

absl::Status Accept(Proposal& proposal, const v1::AcceptProposalRequest&, const Act& act) {
  ASSIGN_OR_RETURN(const Subject s, act.LoadUnchecked<Subject>(proposal.subject()));
  const Opening* opening = OpeningOf(proposal.kind());
  ASSIGN_OR_RETURN(*proposal.mutable_opened(), opening->open(s, proposal, act));
  proposal.set_opened_type(opening->type);
  proposal.set_decided_on(act.occurred_on());
  return IsAnswer(proposal.kind()) ? WithdrawAnswers(proposal.source(), act, proposal.id()) : absl::OkStatus();
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
     .guards = {&kOpens},
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
  index.terms.push_back({"of", proposal.source()});
  index.terms.push_back({"source", SourceOf(proposal.source(), proposal.kind())});
  return index;
}

// Notes on what he was given before that a proposal counts it.
template <class T>
absl::Status NoteOn(const std::string& id, const std::string& proposal, const Act& act) {
  const auto note = [&](T& given) {
    given.add_counted_in(proposal);
    return absl::OkStatus();
  };
  return act.ActOn<T>(T::COUNT, id, note).status();
}

// The id of the proposal; empty where the same record has led to the same one before.
absl::StatusOr<std::string> ProposeOnce(const Subject& s, const Suggestion& suggestion, const Act& act) {
  casework::ListQuery query;
  query.scopes = {"/"};
  query.terms = {{"source", SourceOf(suggestion.source, suggestion.kind)}};
  query.limit = 20;
  ASSIGN_OR_RETURN(const auto made, act.backend().store.List(act.connection(), act.neighbours().TypeOf<Proposal>(), query));
  for (const auto& one : made) {
    // A breach is established anew after a correction, which has withdrawn what it had proposed.
    const bool undone =
        static_cast<const Proposal&>(*one.object).state() == Proposal::WITHDRAWN && suggestion.source_type == "Breach";
    if (!undone) return "";
  }
  auto proposal = RecordOf<Proposal>(s);
  proposal.set_kind(suggestion.kind);
  proposal.set_source_type(suggestion.source_type);
  proposal.set_source(suggestion.source);
  proposal.set_criterion(suggestion.criterion);
  proposal.set_article(suggestion.law.ToString());
  proposal.set_facts(suggestion.facts);
  proposal.set_happened_on(suggestion.happened_on.empty() ? act.occurred_on() : suggestion.happened_on);
  proposal.set_proposed_on(act.occurred_on());
  proposal.set_counted_type(suggestion.counted_type);
  proposal.mutable_counted()->Assign(suggestion.counted.begin(), suggestion.counted.end());
  proposal.set_counted_at_least(suggestion.counted_at_least);
  ASSIGN_OR_RETURN(const Proposal opened, act.Open<Proposal>(Proposal::PROPOSE, std::move(proposal)));
  for (const std::string& counted : suggestion.counted) {
    RETURN_IF_ERROR(suggestion.counted_type == "Sanction" ? NoteOn<Sanction>(counted, opened.id(), act)
                                                          : NoteOn<PolicePenalty>(counted, opened.id(), act));
  }
  return opened.id();
}

// The open ones of the kinds that `which` says, but one.
absl::Status Withdraw(const std::string& source, bool (*which)(Proposal::Kind), const std::string& but, const Act& act) {
  const casework::ObjectType& type = act.neighbours().TypeOf<Proposal>();
  for (int number = Proposal::Kind_MIN + 1; number <= Proposal::Kind_MAX; ++number) {
    const auto kind = static_cast<Proposal::Kind>(number);
    if (!which(kind)) continue;
    casework::ListQuery query;
    query.scopes = {"/"};
    query.terms = {{"source", SourceOf(source, kind)}};
    query.open = true;
    query.limit = 1;
    ASSIGN_OR_RETURN(const auto open, act.backend().store.List(act.connection(), type, query));
    for (const auto& one : open) {
      const std::string id = type.common(*one.object).id;
      if (id != but) RETURN_IF_ERROR(act.ActOnAny(type, Proposal::WITHDRAW, id));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> ProposeMeasures(const Subject& s, const std::string& source_type,
                                                         const std::string& source, const Ground& ground,
                                                         const std::string& happened_on, const Act& act) {
  std::vector<std::string> ids;
  for (const Measure& measure : MeasuresFor(s.decision().category(), ground.kind, PriorTo(act.facts(), happened_on))) {
    const Suggestion suggestion = {.kind = measure.kind,
                                   .source_type = source_type,
                                   .source = source,
                                   .criterion = measure.criterion,
                                   .law = measure.law,
                                   .facts = ground.facts,
                                   .happened_on = happened_on,
                                   .counted_type = measure.counted_type,
                                   .counted = measure.counted,
                                   .counted_at_least = measure.counted_at_least};
    ASSIGN_OR_RETURN(const std::string id, ProposeOnce(s, suggestion, act));
    if (!id.empty()) ids.push_back(id);
  }
  return ids;
}

}  // namespace

absl::Status Propose(const Subject& s, const Suggestion& suggestion, const Act& act) {
  return ProposeOnce(s, suggestion, act).status();
}

absl::StatusOr<std::vector<std::string>> ProposeForBreach(const Subject& s, const Breach& breach, const Act& act) {
  return ProposeMeasures(s, "Breach", breach.id(), GroundOf(breach), breach.happened_on(), act);
}

absl::Status ProposeForAbsence(const Subject& s, const Search& search, const Act& act) {
  const std::string first_day = FormatDay(DayIn(search.absent_after()) + 1);
  return ProposeMeasures(s, "Search", search.id(), GroundOf(search), first_day, act).status();
}

bool IsAnswer(Proposal::Kind kind) {
  return kind == Proposal::ADMONISH || kind == Proposal::WARN || kind == Proposal::PENALISE || kind == Proposal::REVOKE;
}

absl::Status WithdrawAnswers(const std::string& source, const Act& act, const std::string& but) {
  return Withdraw(source, IsAnswer, but, act);
}

absl::Status WithdrawProposals(const std::string& source, const Act& act) {
  return Withdraw(source, [](Proposal::Kind) { return true; }, "", act);
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
    .amendments = &kProposalAmendments,
    .references = {OfSubject(Proposal::LAPSE)},
    .sealed = OfMinor<Proposal>,
};

}  // namespace sifa::corrections
