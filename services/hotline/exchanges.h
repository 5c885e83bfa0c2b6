// The exchanges of all centres in this process, and what the switch and the agents ask of them: the events and commands of
// SwitchService, and OfferService.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "libs/rpc/forwarding.h"
#include "services/hotline/exchange.h"

namespace sifa::hotline {

// Thread-safe.
class Exchanges {
 public:
  // `forwarder`: to the process that owns a centre's exchange, where that is another one.
  Exchanges(const casework::Backend& backend, Owner owner, std::unique_ptr<rpc::Forwarder> forwarder);

  // Of SwitchService, in the definition of Switch.
  void ServeSwitch(rpc::DescribedService& methods);
  // Registers OfferService.
  void Register(rpc::DescribedService& methods);
  // All centres that work. Called by one thread.
  absl::Status Tick();

 private:
  // The switch that the caller is: SWITCH_NOT_YOURS.
  absl::StatusOr<Switch> SwitchOf(const rpc::Call& call, const std::string& id) const;
  // The seat that the caller has: NO_SEAT.
  absl::StatusOr<Agent> SeatOf(const rpc::Call& call) const;
  Exchange& Of(const std::string& centre);
  // `here(exchange)` where this process owns the exchange of the centre; otherwise its owner's answer.
  template <class Response, class F>
  absl::StatusOr<Response> AtOwner(const rpc::Call& call, const std::string& centre, F here);

  absl::StatusOr<v1::SendSwitchEventsResponse> Send(rpc::Call& call, const v1::SendSwitchEventsRequest& r);
  absl::StatusOr<v1::ListSwitchCommandsResponse> List(rpc::Call& call, const v1::ListSwitchCommandsRequest& r);
  absl::StatusOr<v1::AcknowledgeSwitchCommandsResponse> Acknowledge(rpc::Call& call,
                                                                    const v1::AcknowledgeSwitchCommandsRequest& r);
  absl::StatusOr<v1::ListOffersResponse> Offers(rpc::Call& call, const v1::ListOffersRequest& r);
  absl::StatusOr<v1::Offer> Accept(rpc::Call& call, const v1::AnswerOfferRequest& r);
  absl::StatusOr<v1::Offer> Refuse(rpc::Call& call, const v1::AnswerOfferRequest& r);
  absl::StatusOr<v1::TransferCallResponse> Transfer(rpc::Call& call, const v1::TransferCallRequest& r);

  const casework::Backend& backend_;
  const Owner owner_;
  const std::unique_ptr<rpc::Forwarder> forwarder_;
  absl::Mutex mutex_;
  std::map<std::string, std::unique_ptr<Exchange>> exchanges_ ABSL_GUARDED_BY(mutex_);  // by centre
  std::vector<Centre> centres_;
  absl::Time looked_ = absl::InfinitePast();
};

// Of the definition of Switch: serves its events and commands, and OfferService, and lets time pass for the exchanges.
void ServeSwitches(casework::Service& service, rpc::DescribedService& methods);

}  // namespace sifa::hotline
