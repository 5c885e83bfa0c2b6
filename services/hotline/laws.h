// By what the hotline is run. No national statute rules it; the regulation of 山东 is the model of those of other provinces (law
// §5.1).
#pragma once

#include "libs/procedure/procedure.h"

namespace sifa::hotline {

// One platform in each province, of which the cities and counties are parts.
inline constexpr procedure::Law kPlatform = {"山东省公共法律服务条例", "13"};

}  // namespace sifa::hotline
