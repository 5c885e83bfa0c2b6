// 机构的设立、变更与撤销.
#pragma once

#include "libs/casework/definition.h"
#include "sifa/identity/v1/organisation.pb.h"

namespace sifa::identity {

extern const procedure::Procedure<v1::Organisation> kOrganisationProcedure;
extern const casework::Definition<v1::Organisation> kOrganisation;

}  // namespace sifa::identity
