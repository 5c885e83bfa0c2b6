// The service as a whole.
#pragma once

#include "libs/casework/service.h"

namespace sifa::enforcement {

casework::ServiceDefinition Definition();

}  // namespace sifa::enforcement
