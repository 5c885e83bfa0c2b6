// The service as a whole.
#pragma once

#include "libs/casework/service.h"

namespace sifa::corrections {

casework::ServiceDefinition Definition();

}  // namespace sifa::corrections
