// Instants as the engine counts them: milliseconds of the Unix epoch.
#pragma once

#include "absl/time/time.h"
#include "services/hotline/routing/engine.h"

namespace sifa::hotline {

inline routing::Time Ms(absl::Time time) { return absl::ToUnixMillis(time); }
inline absl::Time At(routing::Time ms) { return absl::FromUnixMillis(ms); }

}  // namespace sifa::hotline
