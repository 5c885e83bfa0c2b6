// The office of a service (内勤): what it offers over all its objects, whatever they are: files, corrections, worklists, the
// auditors' journal and figures; and what runs beside it: watched limits, the calendar, handing over.
//
// It serves the proto services of sifa.office.v1 that the service has registered for (protos/sifa/<service>/v1/service.proto).
#pragma once

#include "libs/casework/service.h"

namespace sifa::casework {

// Called once, before the process serves.
absl::Status ExposeOffice(Service& service);

}  // namespace sifa::casework
