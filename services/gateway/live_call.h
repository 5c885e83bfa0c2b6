// GET /v1/live: one stream of server-sent events for a page, over all services that tell changes.
//
// Upstream it is one call to each service, of the page's own: which objects a caller sees is decided where they are, by his own
// token, and never here. That costs little, since a service keeps no thread for such a call (libs/rpc/outlet.h) and reads its
// journal once for all of them (libs/feed). A call ends with the token; the next one goes on after the last position with a fresh
// token, so that somebody who has lost a post loses what it showed within minutes, and within seconds where his tokens were
// revoked.
//
// The id of an event holds the position in each service, "corrections:123,mediation:55": whoever comes back with it misses
// nothing and sees nothing twice, at any gateway. A service that is away is tried again for as long as the stream lasts, and is
// told of as `away`.
//
// Whose stream it is says a ticket (sifa.identity.v1.LiveTicketService), which identity holds for this stream alone while it is
// renewed. When it cannot be renewed in time, the stream ends before another gateway could be given it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/gateway/rpc_call.h"
#include "sifa/gateway/v1/live.pb.h"
#include "sifa/identity/v1/live_ticket.pb.h"
#include "sifa/office/v1/live.pb.h"

namespace sifa::gateway {

class LiveCall : public RpcCall {
 public:
  // `open`: streams of the process.
  LiveCall(CallSetup setup, const Routes& routes, std::atomic<int>& open);
  ~LiveCall() override;
  void Start(std::string body) override;
  void OnRoom() override { Serve(); }
  void OnTick(int64_t now_ms, bool draining) override;
  void Abort() override;

 private:
  using Held = identity::v1::LiveTicketHeld;
  struct Service {
    std::string name;
    std::shared_ptr<grpc::Channel> channel;
    std::shared_ptr<Stream> stream;   // nullptr while it is away, or refused
    std::optional<int64_t> position;  // up to which all has been told
    bool heard = false;               // of the stream
    bool reset = false;               // changes may have been missed
    bool refused = false;             // the caller may see nothing there
    bool away = false;                // and the page has been told
    int64_t lost_at_ms = 0;
    int64_t again_at_ms = 0;
    int64_t token = 0;  // the number of the one it was asked with
  };

  absl::Status Read(const std::string& body);
  void Ask(absl::string_view method, const google::protobuf::Message& request,
           std::function<void(const absl::Status&, const Held&)> then);
  void OnOpened(const absl::Status& status, const Held& held);
  void Renew(bool with_token);
  void OnRenewed(const absl::Status& status, const Held& held);
  void Take(const Held& held, int64_t asked_at_ms);
  void Connect(Service& service);
  // Passes on what has come, as far as the client keeps up.
  void Serve();
  void Pass();
  void Tell(Service& service, const office::v1::FollowChangesResponse& message, std::string* out);
  void TellEvent(absl::string_view event, const Service& service, const office::v1::Change* change, std::string* out);
  void OnLost(Service& service, const absl::Status& status);
  void Send(absl::string_view text);
  std::string EventId() const;
  void LetGo();
  // With `status` as the last event where it is an error.
  void End(const absl::Status& status);

  const Routes& routes_;
  std::atomic<int>& open_;
  const std::string holder_;
  v1::OpenLiveRequest request_;
  std::vector<Service> services_;
  std::string token_;
  int64_t token_number_ = 0;
  int64_t token_until_ms_ = 0;
  bool held_ = false;
  int64_t held_until_ms_ = 0;
  int64_t renew_at_ms_ = 0;
  bool renewing_ = false;
  bool serving_ = false;
  int64_t began_at_ms_ = 0;
  int64_t sent_at_ms_ = 0;
};

}  // namespace sifa::gateway
