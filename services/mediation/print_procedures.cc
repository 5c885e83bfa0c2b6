// sifa-mediation-docs docs/procedures: prints the procedures of mediation there.
#include "services/mediation/procedures.h"

int main(int argc, char** argv) { return sifa::procedure::PrintPages(argc, argv, sifa::mediation::ProcedurePages()); }
