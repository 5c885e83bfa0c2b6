// The pages of docs/procedures about identity and reference data.
#pragma once

#include <map>
#include <string>

namespace sifa::identity {

// File name → text.
std::map<std::string, std::string> ProcedurePages();

}  // namespace sifa::identity
