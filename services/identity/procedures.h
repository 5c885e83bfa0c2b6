// The pages of docs/procedures about identity and reference data.
#pragma once

#include "libs/procedure/pages.h"

namespace sifa::identity {

procedure::Pages ProcedurePages();

}  // namespace sifa::identity
