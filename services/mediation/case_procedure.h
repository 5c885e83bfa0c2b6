// 人民调解案件: the procedure of a mediation case (人民调解法; law §3.2, §3.5).
#pragma once

#include "libs/procedure/procedure.h"
#include "sifa/mediation/v1/case.pb.h"

namespace sifa::mediation {

using v1::Case;

extern const procedure::Procedure<Case> kCaseProcedure;

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

}  // namespace sifa::mediation
