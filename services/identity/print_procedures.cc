// sifa-identity-docs docs/procedures: prints the procedures of identity there.
#include "services/identity/procedures.h"

int main(int argc, char** argv) { return sifa::procedure::PrintPages(argc, argv, sifa::identity::ProcedurePages()); }
