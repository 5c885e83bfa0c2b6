// The pages of docs/procedures about mediation.
#pragma once

#include "libs/procedure/pages.h"

namespace sifa::mediation {

procedure::Pages ProcedurePages();

}  // namespace sifa::mediation
