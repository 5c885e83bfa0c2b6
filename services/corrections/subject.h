// 社区矫正对象: a person in community corrections, from the notice of the decider to the end of the term (社区矫正法; law §2.2).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/subject.pb.h"

namespace sifa::corrections {

using v1::Subject;

constexpr char kProbation[] = "02", kParole[] = "03", kOutsidePrison[] = "04";  // correction_category

extern const procedure::Procedure<Subject> kSubjectProcedure;
extern const statistics::Cube kSubjectsCube;    // a stock: those in corrections on a day
extern const statistics::Cube kReceptionsCube;  // by the day of registration
extern const statistics::Cube kEndingsCube;     // by the day on which the term ended
extern const statistics::Cube kReoffencesCube;  // by the day of the judgment
extern const casework::Amendments<Subject> kSubjectAmendments;
extern const casework::Definition<Subject> kSubject;

// What ends with the term of a subject moves with it: his release, and what may not last longer. `act` is one of a type that
// looks at them (Definition::looks_at).
absl::Status FollowTerm(const std::string& term_to, const casework::Act& act);

}  // namespace sifa::corrections
