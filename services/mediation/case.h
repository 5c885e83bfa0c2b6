// 人民调解案件: a mediation case (人民调解法; law §3.2, §3.5).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/mediation/v1/case.pb.h"

namespace sifa::mediation {

using v1::Case;

extern const procedure::Procedure<Case> kCaseProcedure;
extern const statistics::Cube kCasesCube;        // by the day of acceptance: what became of the cases accepted in a period
extern const statistics::Cube kConclusionsCube;  // by the day of conclusion
extern const statistics::Cube kLimitsCube;       // by the first day after the limit to conclude
extern const statistics::Cube kPerformanceCube;  // by the day on which the agreement falls due
extern const casework::Amendments<Case> kCaseAmendments;
extern const casework::Definition<Case> kCase;

// M3: the day on which a written agreement takes effect: with the last of the parties' signatures, the mediator's and the seal
// (人民调解法 §29), of those that there are; in delegated mediation with the parties' alone. 1970-01-01 where there is none.
absl::CivilDay EffectiveDay(const Case& c);
// The last of the three, by whatever law it takes effect.
absl::CivilDay CompleteDay(const Case& c);
// Brought in closed from an old system, of which less is known than of a case handled here.
bool IsImported(const Case& c);
// Papers of the minimal dossier that are missing, by their names (M9). What the suite writes itself (registration, notice,
// minutes, oral register) is there with its act; what others bring or sign is there with its scan.
std::vector<std::string> MissingPapers(const Case& c, const procedure::Facts& facts);
// M6: whether the agreement may be put before a court for confirmation (民诉法解释 §355).
bool MayBeConfirmed(const Case& c);
// No application stands: there was none, or it was withdrawn or not accepted. Within the thirty days there may be another.
bool MayApplyForConfirmation(const Case& c);

// Checks identifiers and fills what the service derives from the particulars.
absl::Status CheckParticulars(v1::Particulars* particulars, absl::CivilDay today);
// When an agreement takes effect and so concludes the case, and whether a court may confirm it. REQUIRES of a written one: all
// have signed.
void SettleEffect(Case* c);
// Adds signatures, which stand in the caller's field `at`: of parties only, each once (PARTY_UNKNOWN, SIGNED_TWICE). Earlier ones
// stay.
absl::Status AddSignatures(const google::protobuf::RepeatedPtrField<v1::Signature>& signatures, absl::string_view at, Case* c);

// The confirmations that were asked for of a case's present agreement, in order; an empty id where the journal does not name it
// (rows of earlier versions).
std::vector<std::string> OfPresentAgreement(const casework::Past& past);

}  // namespace sifa::mediation
