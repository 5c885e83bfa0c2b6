// The pages of docs/procedures that a service prints of its objects.
#pragma once

#include <map>
#include <string>

#include "libs/casework/objects.h"

namespace sifa::casework {

// By file name ("mediation-case.md") the text.
std::map<std::string, std::string> ProcedurePages(const Objects& objects);

}  // namespace sifa::casework
