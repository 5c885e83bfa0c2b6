// 坐席: who answers at a centre, with the groups, grades and languages by which calls are routed to him, and whether he is at his
// desk. What he does there from call to call (reserved, talking, finishing) is the engine's to know (routing/), and stored
// nowhere.
#pragma once

#include "libs/casework/definition.h"
#include "sifa/hotline/v1/agent.pb.h"

namespace sifa::hotline {

using v1::Agent;

extern const procedure::Procedure<Agent> kAgentProcedure;
extern const casework::Amendments<Agent> kAgentAmendments;
extern const casework::Definition<Agent> kAgent;

}  // namespace sifa::hotline
