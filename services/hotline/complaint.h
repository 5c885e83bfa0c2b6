// 投诉台账: complaints about who gives legal services and about offices (law §5.4 H3), in the order of a ledger: registered, accepted or
// declined and told so, transferred under seal, handled, served, closed.
#pragma once

#include "libs/casework/definition.h"
#include "libs/rpc/call.h"
#include "sifa/hotline/v1/complaint.pb.h"

namespace sifa::hotline {

using v1::Complaint;

extern const procedure::Procedure<Complaint> kComplaintProcedure;
extern const statistics::Cube kComplaintsCube;
extern const casework::Definition<Complaint> kComplaint;

// Names an organisation, which identity is asked for before the transaction.
absl::StatusOr<Complaint> TransferComplaint(const casework::Backend& backend, rpc::Call& call,
                                            const v1::TransferComplaintRequest& r);

}  // namespace sifa::hotline
