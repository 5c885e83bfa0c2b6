// sifa-hotline.
#include "libs/casework/service.h"
#include "services/hotline/hotline.h"

int main(int argc, char** argv) { return sifa::casework::Serve(argc, argv, sifa::hotline::Definition()); }
