// The service as a whole.
#pragma once

#include "libs/casework/service.h"

namespace sifa::hotline {

casework::ServiceDefinition Definition();

}  // namespace sifa::hotline
