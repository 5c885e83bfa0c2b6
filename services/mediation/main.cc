// sifa-mediation.
#include "libs/casework/service.h"
#include "services/mediation/mediation.h"

int main(int argc, char** argv) { return sifa::casework::Serve(argc, argv, sifa::mediation::Definition()); }
