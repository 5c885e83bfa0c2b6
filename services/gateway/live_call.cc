#include "services/gateway/live_call.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "libs/contract/validate.h"
#include "libs/core/clock.h"
#include "libs/core/id.h"
#include "libs/core/status.h"
#include "services/gateway/route_metrics.h"

namespace sifa::gateway {
namespace {

constexpr size_t kBatch = 64 << 10;
constexpr Millis kAskTimeout{3'000};
constexpr Millis kAgain{500};         // a service that is away is tried again
constexpr Millis kSilent{2'000};      // after which the page is told that it is
constexpr Millis kRenewAgain{2'000};  // where identity does not answer
constexpr Millis kTokenReserve{60'000};
constexpr Millis kTokenGrace{10'000};  // a service ends the stream itself when the token does
constexpr Millis kBeat{15'000};

// A browser that has lost the stream connects again after so many milliseconds: by then the ticket has been let go, and not all
// pages of a gateway that was stopped come back at once.
std::string Begin(absl::string_view holder) { return absl::StrCat("retry: ", 2000 + absl::HashOf(holder) % 3000, "\n\n"); }
// Neither a cache nor a proxy's buffer may hold events back.
constexpr absl::string_view kHeaders = "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n";

int64_t MillisOf(int32_t seconds) { return int64_t{seconds} * 1000; }

}  // namespace

LiveCall::LiveCall(CallSetup setup, const Routes& routes, std::atomic<int>& open)
    : RpcCall(std::move(setup)), routes_(routes), open_(open), holder_(NewId(options().clock->Now()).ToString()) {
  ProcessMetrics::Get().live.Set(++open_);
}

LiveCall::~LiveCall() { ProcessMetrics::Get().live.Set(--open_); }

void LiveCall::Start(std::string body) {
  if (absl::Status status = Read(body); !status.ok()) return Fail(status);
  if (open_ > options().max_live) {
    return Fail(
        Error(absl::StatusCode::kResourceExhausted, "LIVE_LIMIT_REACHED", "同时打开的实时动态过多，请关闭一些页面后再试"));
  }
  identity::v1::OpenLiveTicketRequest request;
  request.set_ticket(request_.ticket());
  request.set_holder(holder_);
  request.set_resumes(!request_.last_event_id().empty());
  began_at_ms_ = MonotonicMillis();
  Ask("OpenLiveTicket", request, [this](const absl::Status& status, const Held& held) { OnOpened(status, held); });
}

absl::Status LiveCall::Read(const std::string& body) {
  std::string wire;
  RETURN_IF_ERROR(Build(body, /*keyed=*/false, &wire));
  if (!request_.ParseFromString(wire)) return Internal("a request that the gateway has built does not parse");
  if (request_.last_event_id().empty()) request_.set_last_event_id(exchange()->head().last_event_id);
  RETURN_IF_ERROR(contract::Validate(request_, options().clock->Today(), nullptr));
  for (const auto& registered : routes_.live()) {
    Service& service = services_.emplace_back();
    service.name = registered.name;
    service.channel = loop().ChannelTo(routes_.PeerNamed(registered.name));
    // One of which the page has never heard: what it shows may be older than what is told from now on.
    service.reset = !request_.last_event_id().empty();
  }
  services_.erase(std::remove_if(services_.begin(), services_.end(), [](const Service& s) { return s.channel == nullptr; }),
                  services_.end());
  for (const absl::string_view part : absl::StrSplit(request_.last_event_id(), ',', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> known = absl::StrSplit(part, ':');
    int64_t position = 0;
    if (!absl::SimpleAtoi(known.second, &position)) {
      return InvalidField("last_event_id", "EVENT_ID_INVALID", "最后事件编号无效");
    }
    for (Service& service : services_) {
      if (service.name != known.first) continue;
      service.position = position;
      service.reset = false;
    }
  }
  return absl::OkStatus();
}

void LiveCall::Ask(absl::string_view method, const google::protobuf::Message& request,
                   std::function<void(const absl::Status&, const Held&)> then) {
  const auto& channel = loop().ChannelTo(routes_.PeerNamed("identity"));
  if (!channel) return then(Unavailable("SERVICE_UNAVAILABLE", "相关服务未部署"), Held());
  struct Asked {
    grpc::ClientContext context;
    grpc::ByteBuffer request, response;
  };
  auto asked = std::make_shared<Asked>();
  Passport with = passport();
  with.authorization.clear();
  with.deadline = kAskTimeout;
  Stamp(with, asked->context);
  asked->request = ToByteBuffer(request.SerializeAsString());
  auto self = std::static_pointer_cast<LiveCall>(shared_from_this());
  grpc::GenericStub(channel).UnaryCall(
      &asked->context, absl::StrCat("/sifa.identity.v1.LiveTicketService/", method), {}, &asked->request, &asked->response,
      [self = std::move(self), asked, then = std::move(then)](grpc::Status status) {
        LiveCall* const call = self.get();
        call->loop().Post([self, asked, then, status = OutcomeOf(status)]() mutable {
          Held held;
          const WireView view(asked->response);
          if (status.ok() && !held.ParseFromArray(view.bytes().data(), static_cast<int>(view.bytes().size()))) {
            status = Internal("an answer about a ticket does not parse");
          }
          then(status, held);
        });
      });
}

void LiveCall::OnOpened(const absl::Status& status, const Held& held) {
  if (!status.ok()) return Fail(status);
  held_ = true;
  if (exchange() == nullptr) return LetGo();
  Take(held, began_at_ms_);
  exchange()->BeginStream("text/event-stream", kHeaders);
  Send(Begin(holder_));
  if (exchange() == nullptr) return;  // writing has shown that the client has gone
  for (Service& service : services_) Connect(service);
}

void LiveCall::Take(const Held& held, int64_t asked_at_ms) {
  held_until_ms_ = asked_at_ms + MillisOf(held.held_for());
  renew_at_ms_ = asked_at_ms + MillisOf(held.held_for()) / 3;
  if (held.access_token().empty()) return;
  token_ = absl::StrCat("Bearer ", held.access_token());
  token_until_ms_ = asked_at_ms + MillisOf(held.expires_in());
  ++token_number_;
}

void LiveCall::Renew(bool with_token) {
  if (std::exchange(renewing_, true)) return;
  identity::v1::RenewLiveTicketRequest request;
  request.set_ticket(request_.ticket());
  request.set_holder(holder_);
  request.set_with_token(with_token);
  Ask("RenewLiveTicket", request, [this, asked_at_ms = MonotonicMillis()](const absl::Status& status, const Held& held) {
    if (status.ok() && exchange() != nullptr) Take(held, asked_at_ms);
    OnRenewed(status, held);
  });
}

void LiveCall::OnRenewed(const absl::Status& status, const Held&) {
  renewing_ = false;
  if (exchange() == nullptr || status.ok()) return;
  const bool unknown = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsResourceExhausted(status) ||
                       absl::IsInternal(status);
  if (!unknown) return End(status);
  renew_at_ms_ = MonotonicMillis() + kRenewAgain.count();
}

void LiveCall::Connect(Service& service) {
  office::v1::FollowChangesRequest request;
  if (service.position) request.set_after_position(*service.position);
  *request.mutable_types() = request_.types();
  request.set_organisation(request_.organisation());
  Passport with = passport();
  with.authorization = token_;
  with.deadline = Millis(std::max<int64_t>(token_until_ms_ - MonotonicMillis(), 0)) + kTokenGrace;
  service.heard = false;
  service.token = token_number_;
  auto self = std::static_pointer_cast<LiveCall>(shared_from_this());
  service.stream =
      std::make_shared<Stream>(with, [self = std::move(self), &loop = loop()] { loop.Post([self] { self->Serve(); }); });
  service.stream->Start(service.channel, std::string(kFollowChanges));
  service.stream->Send(ToByteBuffer(request.SerializeAsString()));
  service.stream->SendEnd();
}

void LiveCall::Serve() {
  if (serving_ || exchange() == nullptr) return;  // serving: writing made room for more, which Pass sees
  serving_ = true;
  Pass();
  serving_ = false;
}

void LiveCall::Pass() {
  for (bool any = true; any;) {
    any = false;
    for (Service& service : services_) {
      std::string batch;
      grpc::ByteBuffer bytes;
      while (exchange() != nullptr && !exchange()->congested() && batch.size() < kBatch && service.stream &&
             service.stream->Receive(&bytes)) {
        office::v1::FollowChangesResponse message;
        const WireView view(bytes);
        if (!message.ParseFromArray(view.bytes().data(), static_cast<int>(view.bytes().size()))) {
          return End(Internal("a message of changes does not parse"));
        }
        Tell(service, message, &batch);
      }
      if (exchange() == nullptr) return;
      any = any || !batch.empty();
      Send(batch);
      if (exchange() == nullptr) return;
      grpc::Status status;
      if (service.stream && service.stream->Finished(&status)) OnLost(service, OutcomeOf(status));
      if (exchange() == nullptr) return;
    }
  }
}

void LiveCall::Tell(Service& service, const office::v1::FollowChangesResponse& message, std::string* out) {
  service.position = message.position();
  if (!std::exchange(service.heard, true)) {
    if (std::exchange(service.away, false)) TellEvent("back", service, nullptr, out);
    service.lost_at_ms = 0;
  }
  if (std::exchange(service.reset, false) || message.reset()) TellEvent("reset", service, nullptr, out);
  if (message.has_change()) return TellEvent("change", service, &message.change(), out);
  absl::StrAppend(out, "id: ", EventId(), "\n\n");
}

void LiveCall::TellEvent(absl::string_view event, const Service& service, const office::v1::Change* change, std::string* out) {
  v1::LiveEvent data;
  data.set_service(service.name);
  if (change != nullptr) *data.mutable_change() = *change;
  std::string json;
  if (!contract::AnswerToJson(match(), data.SerializeAsString(), &json).ok()) return;
  const std::string id = EventId();
  if (!id.empty()) absl::StrAppend(out, "id: ", id, "\n");
  absl::StrAppend(out, "event: ", event, "\ndata: ", json, "\n\n");
}

void LiveCall::OnLost(Service& service, const absl::Status& status) {
  std::exchange(service.stream, nullptr)->Cancel();
  service.heard = false;
  const std::string reason = ReasonOf(status);
  if (reason == "LIVE_TOO_SLOW" || reason == "LIVE_LIMIT_REACHED") return End(status);
  const int64_t now = MonotonicMillis();
  if (absl::IsPermissionDenied(status)) {
    service.refused = true;
    if (!service.position || service.away) return;
    service.away = true;
    std::string event;
    TellEvent("away", service, nullptr, &event);
    return Send(event);
  }
  if (!service.position) service.reset = true;
  if (service.lost_at_ms == 0) service.lost_at_ms = now;
  if (!absl::IsUnauthenticated(status)) {
    service.again_at_ms = now + kAgain.count();
  } else if (service.token == token_number_) {
    Renew(/*with_token=*/true);
    service.again_at_ms = now + kAgain.count();
  } else {
    service.again_at_ms = now;
  }
}

void LiveCall::OnTick(int64_t now_ms, bool draining) {
  if (!held_ || exchange() == nullptr) return;
  if (draining || now_ms - began_at_ms_ > deadline().count()) return End(absl::OkStatus());
  if (now_ms >= held_until_ms_) return End(Unavailable("SERVICE_UNAVAILABLE", "身份服务暂不可用，请稍后重新连接"));
  if (now_ms >= renew_at_ms_) Renew(/*with_token=*/token_until_ms_ - now_ms < kTokenReserve.count());
  if (exchange() == nullptr) return;
  std::string events;
  for (Service& service : services_) {
    if (service.refused || service.heard) continue;
    if (!service.stream && now_ms >= service.again_at_ms) Connect(service);
    if (service.lost_at_ms != 0 && now_ms - service.lost_at_ms > kSilent.count() && !std::exchange(service.away, true)) {
      TellEvent("away", service, nullptr, &events);
    }
  }
  if (events.empty() && now_ms - sent_at_ms_ >= kBeat.count()) events = ":\n\n";
  Send(events);
}

void LiveCall::Send(absl::string_view text) {
  if (text.empty() || exchange() == nullptr) return;
  sent_at_ms_ = MonotonicMillis();
  exchange()->Write(text);
}

std::string LiveCall::EventId() const {
  std::vector<std::string> parts;
  for (const Service& service : services_) {
    if (service.position) parts.push_back(absl::StrCat(service.name, ":", *service.position));
  }
  return absl::StrJoin(parts, ",");
}

void LiveCall::LetGo() {
  for (Service& service : services_) {
    if (service.stream) std::exchange(service.stream, nullptr)->Cancel();
  }
  if (!std::exchange(held_, false)) return;
  identity::v1::CloseLiveTicketRequest request;
  request.set_ticket(request_.ticket());
  request.set_holder(holder_);
  Ask("CloseLiveTicket", request, [](const absl::Status&, const Held&) {});
}

void LiveCall::End(const absl::Status& status) {
  LetGo();
  Observe(status);
  Exchange* const exchange = Release();
  if (!status.ok()) exchange->Write(absl::StrCat("event: end\ndata: ", ErrorBody(status, passport().request_id), "\n\n"));
  exchange->EndStream();
}

void LiveCall::Abort() {
  Release();
  LetGo();
}

}  // namespace sifa::gateway
