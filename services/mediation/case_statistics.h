// What mediation counts of its cases: the national monthly table (law §3.7) and the figures that bureaus report from it. One
// cube for each day on which something is counted, so that a rate never exceeds 100 %.
#pragma once

#include "libs/casework/object_type.h"
#include "libs/statistics/cube.h"

namespace sifa::mediation {

extern const statistics::Cube kCasesCube;        // by the day of acceptance: what became of the cases accepted in a period
extern const statistics::Cube kConclusionsCube;  // by the day of conclusion
extern const statistics::Cube kLimitsCube;       // by the first day after the limit to conclude
extern const statistics::Cube kPerformanceCube;  // by the day on which the agreement falls due

std::vector<casework::v1::Count> CountsOfCase(const casework::Message& message);

}  // namespace sifa::mediation
