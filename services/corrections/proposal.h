// 处理建议: what the suite derives from breaches, duties and searches, and a person decides. Each stands once.
#pragma once

#include <string>
#include <vector>

#include "libs/casework/definition.h"
#include "services/corrections/breach.h"
#include "services/corrections/search.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/proposal.pb.h"

namespace sifa::corrections {

using v1::Proposal;

extern const procedure::Procedure<Proposal> kProposalProcedure;
extern const casework::Amendments<Proposal> kProposalAmendments;
extern const casework::Definition<Proposal> kProposal;

// What is proposed: because of which record, by which criterion and article, with which facts.
struct Suggestion {
  Proposal::Kind kind;
  std::string source_type;  // "Search"
  std::string source;       // its id
  std::string criterion;    // "脱离监管未超过十日"
  procedure::Law law;
  std::string facts;
  std::string happened_on = {};  // of the facts; empty: the day of the act
  // Where it rests on what he was given before: the ids of "Sanction" or "PolicePenalty", of which as many must stand.
  std::string counted_type = {};
  std::vector<std::string> counted = {};
  int counted_at_least = 0;
};
// Proposes as part of an act. No effect where the same record has led to the same proposal before.
absl::Status Propose(const Subject& s, const Suggestion& suggestion, const casework::Act& act);

// What has been proposed because of a record, and not been decided, is withdrawn as part of an act.
absl::Status WithdrawProposals(const std::string& source, const casework::Act& act);

// What an established breach calls for; the ids of what was proposed. The acting type looks at Sanction and PolicePenalty.
absl::StatusOr<std::vector<std::string>> ProposeForBreach(const Subject& s, const Breach& breach, const casework::Act& act);
// What days out of supervision call for, to the day on which he was found; over one month also while he is searched for.
absl::Status ProposeForAbsence(const Subject& s, const Search& search, const casework::Act& act);

// Whether what a proposal of this kind opens answers the breach: of such ones on the same facts one is decided.
bool IsAnswer(Proposal::Kind kind);
// Withdraws the open proposals on the same facts that answer them, but one, as part of the act that has answered them.
absl::Status WithdrawAnswers(const std::string& source, const casework::Act& act, const std::string& but = "");

}  // namespace sifa::corrections
