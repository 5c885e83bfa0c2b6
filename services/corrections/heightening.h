// 重点时段: a period of at most thirty days in which the people of a place, or of a class there, report weekly and answer
// roll-calls sooner (社区矫正法 §24). The county decides it; it ends by itself. Nothing of it is stored on a person: what asks
// for it looks whether one is in force, and the reports that it asks for are its own.
#pragma once

#include <string>
#include <vector>

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/heightening.pb.h"

namespace sifa::corrections {

using v1::Heightening;

extern const procedure::Procedure<Heightening> kHeighteningProcedure;
extern const casework::Amendments<Heightening> kHeighteningAmendments;
extern const casework::Definition<Heightening> kHeightening;

// Those in force on the day of an act, anywhere: few.
absl::StatusOr<std::vector<Heightening>> HeighteningsInForce(const casework::Act& act);
// Whether one of them is for this person.
bool IsHeightened(const Subject& s, const std::vector<Heightening>& in_force);

}  // namespace sifa::corrections
