// The pages of docs/procedures, as each service prints its own.
#pragma once

#include <map>
#include <string>

namespace sifa::procedure {

using Pages = std::map<std::string, std::string>;  // file name → text

// The main of sifa-<service>-docs: writes the pages into the directory that is the only argument. The exit code.
int PrintPages(int argc, char** argv, const Pages& pages);

}  // namespace sifa::procedure
