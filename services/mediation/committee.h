// 人民调解委员会: set-up, composition, term (人民调解法 §8–§9).
#pragma once

#include "libs/casework/definition.h"
#include "libs/core/region_table.h"
#include "sifa/mediation/v1/committee.pb.h"

namespace sifa::mediation {

using v1::Committee;

extern const procedure::Procedure<Committee> kCommitteeProcedure;
extern const statistics::Cube kCommitteesCube;  // a stock: those there are on a day
extern const casework::Amendments<Committee> kCommitteeAmendments;
extern const casework::Definition<Committee> kCommittee;

// The functions of the rows in committee_procedure.cc.
absl::StatusOr<Committee> NewCommittee(const v1::EstablishCommitteeRequest&, const casework::Asking&);
absl::Status EstablishCommittee(Committee&, const v1::EstablishCommitteeRequest&, const casework::Act&);
absl::Status ChangeCommittee(Committee&, const v1::ChangeCommitteeRequest&, const casework::Act&);
absl::Status ReelectCommittee(Committee&, const v1::ChangeCommitteeRequest&, const casework::Act&);

// FAILED_PRECONDITION "COMMITTEE_DISSOLVED".
absl::Status RequireActive(const Committee& committee);

// A case counts where it stands, so it stands within the county of its committee (of a committee of a city or province, within
// that), by the codes of its day or by those that have followed. Else the refusal names the field `region`.
absl::Status RequireOwnDivision(const RegionTable& regions, RegionCode region, const Committee& committee, absl::CivilDay today);
// The same for the committee's own division, which is within that of its organisation.
absl::Status RequireSeat(const RegionTable& regions, const Committee& committee, absl::CivilDay today);

using Members = google::protobuf::RepeatedPtrField<v1::Member>;

// The members that a committee has been given in the place of `former` ones: these keep their ids, also who comes without his;
// new ones get one. Who was removed stays so and stays listed, also where he was left out (人民调解法 §15). MEMBER_TWICE,
// MEDIATOR_UNKNOWN: nobody stands twice, and ids are of former ones; the list is in the caller's message `at` ("content." or
// nothing).
absl::Status SettleMembers(const Members& former, absl::string_view at, absl::Time now, Committee* committee);

// MEDIATOR_REMOVED where the member was removed by that day (人民调解法 §15); names the caller's field.
absl::Status RequireServing(const Committee& committee, const std::string& id, const std::string& day, absl::string_view field);

// Whether a member is one, and not removed.
bool Serves(const Committee& committee, const std::string& id);

// Who mediates in a case is replaced there before he leaves the committee or is removed (人民调解法 §15). FAILED_PRECONDITION
// "MEMBER_HAS_CASES".
absl::Status RequireNoWork(casework::Neighbours& neighbours, const Committee& before, const Committee& after);

}  // namespace sifa::mediation
