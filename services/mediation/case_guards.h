// The rules M1 to M11 as guards of the case's procedure (law §3.5); complaints (M8) are in case_complaints.cc.
#pragma once

#include "services/mediation/case.h"

namespace sifa::mediation {

// Of certificate_type, those that bear a citizen's number.
inline constexpr char kIdentityCard[] = "111", kPermanentResidence[] = "553";

using CaseGuard = procedure::Guard<Case>;

extern const CaseGuard kNobodyRefuses;        // M1
extern const CaseGuard kIsCivilDispute;       // 受理范围
extern const CaseGuard kPartiesIdentified;    // M10
extern const CaseGuard kTwoSides;             // M10
extern const CaseGuard kSidesDiffer;          // M10: nobody is in dispute with himself
extern const CaseGuard kFewRepresentatives;   // M11
extern const CaseGuard kImpartial;            // M7
extern const CaseGuard kHasMediator;          // not where his cases were handed over to nobody, or he was removed
extern const CaseGuard kExtensionAgreed;
extern const CaseGuard kCourtsExtensionAgreed;  // M5: of what a court delegated or entrusted
extern const CaseGuard kLimitNotPast;           // what has run out is not extended
extern const CaseGuard kCourtsLimitNotPast;     // M5
extern const CaseGuard kRoutesTold;           // §26
extern const CaseGuard kInOrder;              // a check: the days that the case carries, and the act's, follow each other
extern const CaseGuard kSessionInOrder;
extern const CaseGuard kUnsigned;             // signatures belong to the parties as they stood
extern const CaseGuard kPartiesConsent;       // §20
extern const CaseGuard kHasSession;           // minutes before a result
extern const CaseGuard kDrafted;              // before it is signed
extern const CaseGuard kHasAgreement;         // M2
extern const CaseGuard kEveryPartySigned;     // M3
extern const CaseGuard kMediatorSigned;       // M3
extern const CaseGuard kSealApplied;          // M3
extern const CaseGuard kIsWritten;            // M2: only a written agreement can be confirmed
extern const CaseGuard kIsOral;               // M2: and is not written down twice
extern const CaseGuard kIsConfirmable;        // M6
extern const CaseGuard kConfirmationInTime;   // M4
extern const CaseGuard kNotEntrusted;         // what a court entrusted after filing ends with the court's own paper
extern const CaseGuard kNotInvited;           // nor is what is mediated in court, with help
extern const CaseGuard kDiversionStated;      // M5
extern const CaseGuard kNotDismissed;         // §206: what may be done then
extern const CaseGuard kNoConfirmationYet;
extern const CaseGuard kAfterLastResult;      // what follows from a court's answer is not before it
extern const CaseGuard kConfirmationFailed;   // §206: the agreement may then be changed
extern const CaseGuard kNoOpenConfirmation;   // what the court answers belongs in the dossier
extern const CaseGuard kDossierComplete;      // M9
extern const CaseGuard kScanBelongs;
extern const CaseGuard kNotOpenedHere;        // of imports

}  // namespace sifa::mediation
