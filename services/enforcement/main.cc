// sifa-enforcement.
#include "libs/casework/service.h"
#include "services/enforcement/enforcement.h"

int main(int argc, char** argv) { return sifa::casework::Serve(argc, argv, sifa::enforcement::Definition()); }
