// 病情复查延期: a later day for the re-examination of who is on medical parole: the county opines; below one month it decides itself,
// below three months the city, otherwise the province (实施办法 §24).
#pragma once

#include "libs/casework/definition.h"
#include "sifa/corrections/v1/recheck_extension.pb.h"

namespace sifa::corrections {

using v1::RecheckExtension;

extern const procedure::Procedure<RecheckExtension> kRecheckExtensionProcedure;
extern const casework::Definition<RecheckExtension> kRecheckExtension;

}  // namespace sifa::corrections
