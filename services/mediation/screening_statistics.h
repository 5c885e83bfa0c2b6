// What mediation counts of its screening (law §3.6, the national monthly table): rounds and what they found by the day of the
// round, what was prevented by the day on which that was clear.
#pragma once

#include "libs/casework/object_type.h"
#include "libs/statistics/cube.h"

namespace sifa::mediation {

extern const statistics::Cube kScreeningsCube;
extern const statistics::Cube kPreventionCube;

std::vector<casework::v1::Count> CountsOfScreening(const casework::Message& message);

}  // namespace sifa::mediation
