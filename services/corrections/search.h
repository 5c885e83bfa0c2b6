// 查找: who has not reported, or is out of reach, is searched for at once (社区矫正法 §30; law §2.2 #4, #10, #14, #15).
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/search.pb.h"

namespace sifa::corrections {

using v1::Search;

extern const procedure::Procedure<Search> kSearchProcedure;
extern const statistics::Cube kMissingCube;  // a stock: those who are searched for on a day
extern const casework::Amendments<Search> kSearchAmendments;
extern const casework::Definition<Search> kSearch;

// Begins one by the suite, as part of an act. `absent_after`: the last day in order. No effect where one is open.
absl::Status BeginSearch(const Subject& s, Search::Cause cause, const std::string& absent_after, const casework::Act& act);
// Begins one of who is out of contact, which a proposal proposes; its id. Refused where one is open.
absl::StatusOr<std::string> OpenSearchFor(const Subject& s, const std::string& absent_after, const casework::Act& act);

// He has reported, as part of an act: what is open of the subject's searches ends. Where he had reported in time and it was
// entered late, nothing is proposed of him, and what was is withdrawn.
absl::Status EndSearches(const casework::Act& act);

// The days out of supervision of who has been found.
void SetAbsence(Search* search);

}  // namespace sifa::corrections
