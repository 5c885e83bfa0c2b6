// 实时动态凭据: a page whose browser can send no token with its stream of changes has a ticket instead. It is issued to a
// session, and whoever brings it opens one stream as that session; the gateway gets an access token for it, with the grants of
// now, and a fresh one before that expires. Two gateways never hold a ticket at once: who holds it is a row here, for half a
// minute unless it is renewed.
//
// A ticket is a keyed digest of its id, which says when it was issued, its session and the session's account. None is stored, and
// there is a row only once it is used; the row decides nothing but who holds it and for how long it may still be resumed.
#pragma once

#include <string>

#include "google/protobuf/empty.pb.h"
#include "libs/rpc/described_service.h"
#include "services/identity/session.h"
#include "sifa/identity/v1/live_ticket.pb.h"

namespace sifa::identity {

class LiveTicketService {
 public:
  LiveTicketService(const casework::Backend& backend, SessionService& sessions) : backend_(backend), sessions_(sessions) {}
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::LiveTicket> Issue(rpc::Call& call, const v1::IssueLiveTicketRequest& r);
  absl::StatusOr<v1::LiveTicketHeld> Open(rpc::Call& call, const v1::OpenLiveTicketRequest& r);
  absl::StatusOr<v1::LiveTicketHeld> Renew(rpc::Call& call, const v1::RenewLiveTicketRequest& r);
  // Of another holder: nothing.
  absl::StatusOr<google::protobuf::Empty> Close(rpc::Call& call, const v1::CloseLiveTicketRequest& r);

 private:
  const casework::Backend& backend_;
  SessionService& sessions_;
};

// Forgets tickets that open nothing any more.
absl::Status PruneLiveTickets(const casework::Backend& backend);

}  // namespace sifa::identity
