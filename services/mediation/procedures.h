// The pages of docs/procedures about mediation.
#pragma once

#include <map>
#include <string>

namespace sifa::mediation {

// File name → text.
std::map<std::string, std::string> ProcedurePages();

}  // namespace sifa::mediation
