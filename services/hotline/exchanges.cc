#include "services/hotline/exchanges.h"

#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "libs/core/status.h"
#include "libs/rpc/flags.h"
#include "libs/telemetry/log.h"
#include "services/hotline/hotline_data.h"

namespace sifa::hotline {
namespace {

constexpr absl::Duration kLook = absl::Seconds(2);  // for centres that were opened or closed

absl::Status NotYours() { return Error(absl::StatusCode::kPermissionDenied, "SWITCH_NOT_YOURS", "本账号不是这台交换机的账号"); }

// All that stand of a type with a term, at most a page of them: switches of an account, seats of one, centres.
template <class T>
absl::StatusOr<std::vector<T>> Standing(const casework::Backend& backend, const std::vector<casework::Term>& terms) {
  std::vector<T> found;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    casework::ListQuery query;
    query.scopes = {"/"};
    query.terms = terms;
    query.open = true;
    query.limit = 200;
    ASSIGN_OR_RETURN(const auto page, backend.store.List(connection, backend.objects->Of<T>(), query));
    found.clear();
    for (const auto& stored : page) found.push_back(static_cast<const T&>(*stored.object));
    return absl::OkStatus();
  }));
  return found;
}

}  // namespace

Exchanges::Exchanges(const casework::Backend& backend, Owner owner, std::unique_ptr<rpc::Forwarder> forwarder)
    : backend_(backend), owner_(std::move(owner)), forwarder_(std::move(forwarder)) {}

Exchange& Exchanges::Of(const std::string& centre) {
  const absl::MutexLock lock(&mutex_);
  auto& exchange = exchanges_[centre];
  if (exchange == nullptr) exchange = std::make_unique<Exchange>(backend_, owner_, centre);
  return *exchange;
}

absl::StatusOr<Switch> Exchanges::SwitchOf(const rpc::Call& call, const std::string& id) const {
  ASSIGN_OR_RETURN(const Id parsed, ParseId(id));
  std::optional<casework::Stored> stored;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(stored, backend_.store.Load(connection, backend_.objects->Of<Switch>(), parsed, casework::Lock::kNone));
    return absl::OkStatus();
  }));
  if (!stored) return NotFound("交换机");
  const auto& found = static_cast<const Switch&>(*stored->object);
  if (found.account() != casework::Actor::Of(call).id() || found.state() != Switch::ACTIVE) return NotYours();
  return found;
}

absl::StatusOr<Agent> Exchanges::SeatOf(const rpc::Call& call) const {
  ASSIGN_OR_RETURN(const auto seats, Standing<Agent>(backend_, {{"account", casework::Actor::Of(call).id()}}));
  if (seats.empty()) return Error(absl::StatusCode::kFailedPrecondition, "NO_SEAT", "本账号没有登记坐席");
  return seats.front();
}

template <class Response, class F>
absl::StatusOr<Response> Exchanges::AtOwner(const rpc::Call& call, const std::string& centre, F here) {
  Exchange& exchange = Of(centre);
  absl::StatusOr<Response> answer = here(exchange);
  if (ReasonOf(answer.status()) != "EXCHANGE_ELSEWHERE" || forwarder_->IsForwarded(call)) return answer;
  const std::string address = exchange.owner_address();
  if (address.empty()) return answer;
  Response of_owner;
  RETURN_IF_ERROR(forwarder_->Forward(call, address, *call.request(), &of_owner));
  return of_owner;
}

absl::StatusOr<v1::SendSwitchEventsResponse> Exchanges::Send(rpc::Call& call, const v1::SendSwitchEventsRequest& r) {
  ASSIGN_OR_RETURN(const Switch from, SwitchOf(call, r.id()));
  return AtOwner<v1::SendSwitchEventsResponse>(
      call, from.centre(), [&](Exchange& exchange) -> absl::StatusOr<v1::SendSwitchEventsResponse> {
        std::vector<const v1::SwitchEvent*> events;
        for (const auto& event : r.events()) events.push_back(&event);
        v1::SendSwitchEventsResponse response;
        ASSIGN_OR_RETURN(const int64_t up_to, exchange.Tell({from.id(), r.boot()}, events));
        response.set_acknowledged(up_to);
        return response;
      });
}

absl::StatusOr<v1::ListSwitchCommandsResponse> Exchanges::List(rpc::Call& call, const v1::ListSwitchCommandsRequest& r) {
  ASSIGN_OR_RETURN(const Switch from, SwitchOf(call, r.id()));
  return AtOwner<v1::ListSwitchCommandsResponse>(call, from.centre(),
                                                 [&](Exchange& exchange) -> absl::StatusOr<v1::ListSwitchCommandsResponse> {
                                                   ASSIGN_OR_RETURN(const auto commands, exchange.Commands(from.id()));
                                                   v1::ListSwitchCommandsResponse response;
                                                   response.mutable_commands()->Assign(commands.begin(), commands.end());
                                                   return response;
                                                 });
}

absl::StatusOr<v1::AcknowledgeSwitchCommandsResponse> Exchanges::Acknowledge(rpc::Call& call,
                                                                             const v1::AcknowledgeSwitchCommandsRequest& r) {
  ASSIGN_OR_RETURN(const Switch from, SwitchOf(call, r.id()));
  return AtOwner<v1::AcknowledgeSwitchCommandsResponse>(
      call, from.centre(), [&](Exchange& exchange) -> absl::StatusOr<v1::AcknowledgeSwitchCommandsResponse> {
        RETURN_IF_ERROR(exchange.Acknowledge(from.id(), {r.commands().begin(), r.commands().end()}));
        return v1::AcknowledgeSwitchCommandsResponse();
      });
}

absl::StatusOr<v1::ListOffersResponse> Exchanges::Offers(rpc::Call& call, const v1::ListOffersRequest&) {
  ASSIGN_OR_RETURN(const Agent seat, SeatOf(call));
  return AtOwner<v1::ListOffersResponse>(call, seat.centre(), [&](Exchange& exchange) { return exchange.OffersTo(seat.id()); });
}

absl::StatusOr<v1::Offer> Exchanges::Accept(rpc::Call& call, const v1::AnswerOfferRequest& r) {
  ASSIGN_OR_RETURN(const Agent seat, SeatOf(call));
  return AtOwner<v1::Offer>(call, seat.centre(), [&](Exchange& exchange) { return exchange.Answer(seat.id(), r.offer(), true); });
}

absl::StatusOr<v1::Offer> Exchanges::Refuse(rpc::Call& call, const v1::AnswerOfferRequest& r) {
  ASSIGN_OR_RETURN(const Agent seat, SeatOf(call));
  return AtOwner<v1::Offer>(call, seat.centre(),
                            [&](Exchange& exchange) { return exchange.Answer(seat.id(), r.offer(), false); });
}

absl::StatusOr<v1::TransferCallResponse> Exchanges::Transfer(rpc::Call& call, const v1::TransferCallRequest& r) {
  ASSIGN_OR_RETURN(const Agent seat, SeatOf(call));
  return AtOwner<v1::TransferCallResponse>(call, seat.centre(),
                                           [&](Exchange& exchange) -> absl::StatusOr<v1::TransferCallResponse> {
                                             RETURN_IF_ERROR(exchange.Transfer(seat.id(), r.contact(), r.to()));
                                             return v1::TransferCallResponse();
                                           });
}

void Exchanges::ServeSwitch(rpc::DescribedService& methods) {
  methods.On("SendSwitchEvents", this, &Exchanges::Send);
  methods.On("ListSwitchCommands", this, &Exchanges::List);
  methods.On("AcknowledgeSwitchCommands", this, &Exchanges::Acknowledge);
}

void Exchanges::Register(rpc::DescribedService& methods) {
  methods.On("ListOffers", this, &Exchanges::Offers);
  methods.On("AcceptOffer", this, &Exchanges::Accept);
  methods.On("RefuseOffer", this, &Exchanges::Refuse);
  methods.On("TransferCall", this, &Exchanges::Transfer);
}

absl::Status Exchanges::Tick() {
  const absl::Time real = absl::Now();
  if (real >= looked_ + kLook) {
    looked_ = real;
    ASSIGN_OR_RETURN(centres_, Standing<Centre>(backend_, {}));
  }
  absl::Status status;
  for (const Centre& centre : centres_) status.Update(Of(centre.id()).Tick());
  return status;
}

void ServeSwitches(casework::Service& service, rpc::DescribedService& methods) {
  const auto identity = service.host().ChannelTo("identity");
  if (!identity.ok()) return telemetry::ReportIf("reaching identity", identity.status());
  auto& exchanges = service.Keep(std::make_unique<Exchanges>(
      service.backend(), Owner{service.holder(), rpc::OwnAddress(), service.backend().Own<HotlineData>().routing},
      std::make_unique<rpc::Forwarder>(rpc::TlsFiles::In(absl::GetFlag(FLAGS_tls)), "hotline", *identity)));
  exchanges.ServeSwitch(methods);
  service.Expose("sifa.hotline.v1.OfferService", exchanges);
  service.Every(absl::Milliseconds(100), "routing calls", [&exchanges] { return exchanges.Tick(); });
}

}  // namespace sifa::hotline
