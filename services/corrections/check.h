// 核查: of a roll-call the one person who is asked whether he is there (社区矫正法 §26): answered by telephone, by video or by an
// external comparison of faces, whose "no" goes to a person. Unanswered it goes to the office after half an hour, to a visit
// after an hour, to the county after two; in the morning it is missed, and a search is proposed.
#pragma once

#include "libs/casework/definition.h"
#include "services/corrections/subject.h"
#include "sifa/corrections/v1/check.pb.h"

namespace sifa::corrections {

using v1::Check;

extern const procedure::Procedure<Check> kCheckProcedure;
extern const statistics::Cube kChecksCube;  // by the day on which he was called
extern const casework::Definition<Check> kCheck;

// The hour of the next morning until which a roll-call of this moment is answered.
absl::Time SettleAt(absl::Time called_at, const procedure::Facts& facts);
// Calls a person, as part of an act of the roll-call. `heightened`: he has less time (重点时段).
absl::Status OpenCheck(const Subject& s, const std::string& roll_call, absl::Time settle_at, bool heightened,
                       const casework::Act& act);

}  // namespace sifa::corrections
