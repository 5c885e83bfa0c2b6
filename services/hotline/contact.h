// 来电 (接触): one call or chat from its arrival to its one outcome (law §5.2). Its acts are what the switch tells, in the order
// in which it happened there; the exchange (exchange.h) does them. Offers to agents are no acts: what came of them is.
#pragma once

#include <optional>
#include <string>

#include "libs/casework/definition.h"
#include "sifa/hotline/v1/contact.pb.h"

namespace sifa::hotline {

using v1::Contact;

extern const procedure::Procedure<Contact> kContactProcedure;
extern const casework::Definition<Contact> kContact;
extern const statistics::Cube kContactsCube;
extern const statistics::Cube kWaitingCube;

// Whether it asked for a person: only such a contact is a request, of exactly one outcome.
inline bool Asked(const Contact& contact) { return contact.has_queued_at(); }
// The switch's own name of the call.
std::string CallOf(const std::string& switch_id, const std::string& boot, const std::string& call);
// From the queue to the bridge; nullopt where it was not bridged.
std::optional<absl::Duration> WaitOf(const Contact& contact);

}  // namespace sifa::hotline
