#include "services/hotline/hotline.h"

#include "libs/casework/office.h"
#include "services/hotline/centre.h"

namespace sifa::hotline {

casework::ServiceDefinition Definition() { return {.name = "hotline", .objects = {&kCentre}, .set_up = casework::ExposeOffice}; }

}  // namespace sifa::hotline
