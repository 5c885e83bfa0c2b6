// 处理建议: what the suite derives from breaches, duties and searches, and a person decides. Each stands once.
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/search.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/proposal.pb.h"

namespace sifa::corrections {

using v1::Proposal;

extern const procedure::Procedure<Proposal> kProposalProcedure;
extern const casework::Definition<Proposal> kProposal;

// What is proposed: because of which record, by which criterion and article, with which facts.
struct Suggestion {
  Proposal::Kind kind;
  std::string source_type;  // "Search"
  std::string source;       // its id
  std::string criterion;    // "脱离监管未超过十日"
  procedure::Law law;
  std::string facts;
};
// Proposes as part of an act. No effect where the same record has led to the same proposal before.
absl::Status Propose(const Subject& s, const Suggestion& suggestion, const casework::Act& act);

// What has been proposed because of a record, and not been decided, is withdrawn as part of an act.
absl::Status WithdrawProposals(const std::string& source, const casework::Act& act);

// What days out of supervision call for, to the day on which he was found; over one month also while he is searched for.
absl::Status ProposeForAbsence(const Subject& s, const Search& search, const casework::Act& act);

}  // namespace sifa::corrections
