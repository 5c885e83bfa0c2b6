// Prints the procedures of identity into a directory: sifa-identity-docs docs/procedures
#include <fstream>
#include <iostream>

#include "services/identity/procedures.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: sifa-identity-docs DIRECTORY\n";
    return 2;
  }
  for (const auto& [file, text] : sifa::identity::ProcedurePages()) {
    std::ofstream out(std::string(argv[1]) + "/" + file);
    out << text;
    if (!out.flush()) {
      std::cerr << "cannot write " << argv[1] << "/" << file << "\n";
      return 1;
    }
  }
  return 0;
}
