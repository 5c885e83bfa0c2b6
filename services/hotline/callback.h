// 回拨: a citizen who hung up before he was answered, or asked for it, is called back in his old place of the queue (law §5.2).
// One open callback for each centre and number; the exchange (exchange.h) does its acts.
#pragma once

#include "libs/casework/definition.h"
#include "sifa/hotline/v1/callback.pb.h"

namespace sifa::hotline {

using v1::Callback;

extern const procedure::Procedure<Callback> kCallbackProcedure;
extern const casework::Definition<Callback> kCallback;
extern const statistics::Cube kCallbacksCube;

}  // namespace sifa::hotline
