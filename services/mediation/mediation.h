// The service as a whole.
#pragma once

#include "libs/casework/service.h"

namespace sifa::mediation {

casework::ServiceDefinition Definition();

}  // namespace sifa::mediation
