// What mediation counts of its committees and mediators (人民调解法 §10): the bureau keeps their number and composition.
#pragma once

#include "libs/casework/object_type.h"
#include "libs/statistics/cube.h"

namespace sifa::mediation {

extern const statistics::Cube kCommitteesCube;  // a stock: those there are on a day

std::vector<casework::v1::Count> CountsOfCommittee(const casework::Message& message);

}  // namespace sifa::mediation
