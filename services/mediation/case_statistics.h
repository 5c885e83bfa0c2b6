// What mediation counts: the national monthly table (law §3.7) and the figures that bureaus report from it.
#pragma once

#include "libs/casework/object_type.h"
#include "libs/statistics/cube.h"

namespace sifa::mediation {

extern const statistics::Cube kCasesCube;

// A case counts from its acceptance on, by the day of its acceptance: the figures of a period tell what became of the
// cases accepted in it, so a rate never exceeds 100 %.
std::vector<casework::v1::Count> CountsOfCase(const casework::Message& message);

}  // namespace sifa::mediation
