// What the rules say, to who may read the cases: of one, of all, and how far they could be judged.
#pragma once

#include "libs/casework/service.h"

namespace sifa::enforcement {

absl::Status ExposeFindings(casework::Service& service);

}  // namespace sifa::enforcement
