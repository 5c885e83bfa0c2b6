// sifa-corrections.
#include "libs/casework/service.h"
#include "services/corrections/corrections.h"

int main(int argc, char** argv) { return sifa::casework::Serve(argc, argv, sifa::corrections::Definition()); }
