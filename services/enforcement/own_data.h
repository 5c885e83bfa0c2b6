// What the service reads of its own data (Backend::Own).
#pragma once

#include "services/enforcement/rules/parameters.h"

namespace sifa::enforcement {

struct OwnData {
  rules::Parameters parameters;
};

}  // namespace sifa::enforcement
