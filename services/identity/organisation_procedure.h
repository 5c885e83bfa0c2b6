// 机构的设立、变更与撤销.
#pragma once

#include "libs/procedure/procedure.h"
#include "sifa/identity/v1/organisation.pb.h"

namespace sifa::identity {

extern const procedure::Procedure<v1::Organisation> kOrganisationProcedure;

}  // namespace sifa::identity
