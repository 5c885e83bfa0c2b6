#include "libs/procedure/pages.h"

#include <fstream>
#include <iostream>

namespace sifa::procedure {

int PrintPages(int argc, char** argv, const Pages& pages) {
  if (argc != 2) {
    std::cerr << "usage: " << argv[0] << " DIRECTORY\n";
    return 2;
  }
  for (const auto& [file, text] : pages) {
    std::ofstream out(std::string(argv[1]) + "/" + file);
    out << text;
    if (!out.flush()) {
      std::cerr << "cannot write " << argv[1] << "/" << file << "\n";
      return 1;
    }
  }
  return 0;
}

}  // namespace sifa::procedure
