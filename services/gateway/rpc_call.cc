#include "services/gateway/rpc_call.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "libs/core/status.h"
#include "libs/telemetry/log.h"
#include "services/gateway/wire_fields.h"

namespace sifa::gateway {
namespace {

// The suite is at fault, not the caller: an operator should see it.
bool IsFault(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss || code == absl::StatusCode::kUnavailable ||
         code == absl::StatusCode::kUnimplemented || code == absl::StatusCode::kDeadlineExceeded;
}

// Services name fields as the contract does; the caller sees what he has written.
absl::Status AsSent(const absl::Status& status, absl::string_view body) {
  google::rpc::Status proto = ToProto(status);
  bool any = false;
  for (auto& detail : *proto.mutable_details()) {
    google::rpc::BadRequest bad;
    if (!detail.Is<google::rpc::BadRequest>() || !detail.UnpackTo(&bad)) continue;
    for (auto& violation : *bad.mutable_field_violations()) {
      violation.set_field(contract::PathAsSent(violation.field(), body));
    }
    detail.PackFrom(bad);
    any = true;
  }
  return any ? FromProto(proto) : status;
}

// Puts what a header field gives into a field of the message; `number` 0: it has none. False where it has another value there.
bool FillFrom(absl::string_view header, int number, std::string* wire) {
  if (header.empty() || number == 0) return true;
  const absl::string_view sent = FindBytes(*wire, number).value_or("");
  if (!sent.empty()) return sent == header;
  AppendBytes(wire, number, header);
  return true;
}

// What an etag may be in a header field (RFC 9110 §8.8.3); ours are numbers.
bool IsEtag(absl::string_view etag) {
  return !etag.empty() && std::all_of(etag.begin(), etag.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '"'; });
}

}  // namespace

RpcCall::RpcCall(CallSetup setup) : setup_(std::move(setup)), exchange_(setup_.exchange), loop_(exchange_->loop()) {
  ++*setup_.alive;
  ProcessMetrics::Get().in_flight.Increment();
}

RpcCall::~RpcCall() {
  Observe(absl::CancelledError());  // of a call whose client has gone
  ProcessMetrics::Get().in_flight.Decrement();
  --*setup_.alive;
}

bool RpcCall::known_caller() const { return setup_.known->Knows(setup_.passport.authorization, MonotonicMillis()); }

std::shared_ptr<grpc::Channel> RpcCall::Channel() {
  const auto& channel = loop_.ChannelTo(route().peer);
  if (!channel) Fail(Unavailable("SERVICE_UNAVAILABLE", "相关服务未部署"));
  return channel;
}

absl::Status RpcCall::Build(absl::string_view body, bool keyed, std::string* wire) const {
  std::string utf8;
  if (const Encoding encoding = setup_.encoding.value_or(Encoding::kUtf8); encoding != Encoding::kUtf8) {
    if (!ToUtf8(encoding, body, &utf8)) return InvalidField("", "CHARSET_INVALID", "请求内容不是有效的GB 18030编码");
    body = utf8;
  }
  RETURN_IF_ERROR(contract::BuildRequest(match(), exchange_->head().query, body, wire));
  return AddHeaders(keyed, wire);
}

absl::Status RpcCall::BuildWithoutBody(bool keyed, std::string* wire) const {
  contract::Match no_body = match();
  no_body.body = "";
  RETURN_IF_ERROR(contract::BuildRequest(no_body, exchange_->head().query, "", wire));
  return AddHeaders(keyed, wire);
}

absl::Status RpcCall::AddHeaders(bool keyed, std::string* wire) const {
  if (!keyed) return absl::OkStatus();
  if (!FillFrom(exchange_->head().idempotency_key, route().request_id, wire)) {
    return InvalidField("request_id", "IDEMPOTENCY_KEY_CONFLICT", "请求编号与 Idempotency-Key 不一致");
  }
  if (!FillFrom(setup_.if_match, route().etag, wire)) {
    return InvalidField("etag", "IF_MATCH_CONFLICT", "版本与 If-Match 不一致");
  }
  return absl::OkStatus();
}

void RpcCall::Observe(const absl::Status& status) {
  if (std::exchange(observed_, true)) return;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun_;
  route().metrics->Observe(status.code(), took.count());
  if (status.code() == absl::StatusCode::kUnauthenticated) {
    setup_.offenders->Take(setup_.passport.caller_address, MonotonicMillis());
    setup_.known->Forget(setup_.passport.authorization);  // revoked or expired
  } else if (status.ok() && !route().open) {
    setup_.known->Remember(setup_.passport.authorization, MonotonicMillis());
  }
  const bool fault = IsFault(status.code());
  if (!setup_.options->log_every_request && !fault) return;
  int64_t skipped = 0;
  if (fault && !route().metrics->MayLog(MonotonicMillis(), &skipped)) return;
  const telemetry::TraceScope scope(setup_.trace);
  const std::string millis = absl::StrCat(static_cast<int64_t>(took.count() * 1000));
  if (fault) {
    // Words are logged only where gRPC itself chose them; those of a service may name people.
    const std::string reason = ReasonOf(status);
    telemetry::Warn("request failed", {{"route", route().pattern},
                                       {"code", std::string(CodeName(status.code()))},
                                       {"reason", reason.empty() ? std::string(status.message()) : reason},
                                       {"request_id", setup_.passport.request_id},
                                       {"millis", millis},
                                       {"skipped", absl::StrCat(skipped)}});
  } else {
    telemetry::Info("request", {{"route", route().pattern},
                                {"code", std::string(CodeName(status.code()))},
                                {"request_id", setup_.passport.request_id},
                                {"millis", millis}});
  }
}

void RpcCall::AnswerJson(absl::string_view wire) {
  static thread_local std::string json;  // keeps its room from call to call
  if (absl::Status status = contract::AnswerToJson(match(), wire, &json); !status.ok()) return Fail(status);
  Observe(absl::OkStatus());
  const absl::string_view etag = route().answered_etag == 0 ? "" : FindBytes(wire, route().answered_etag).value_or("");
  Release()->Answer({200, "application/json", json, IsEtag(etag) ? absl::StrCat("ETag: \"", etag, "\"\r\n") : ""});
  if (json.capacity() > (1 << 20)) std::string().swap(json);
}

void RpcCall::Fail(const absl::Status& status) { Fail(HttpError{AsSent(status, match().body), 0, ""}); }

void RpcCall::Fail(const HttpError& error) {
  if (exchange_ == nullptr) return;
  Observe(error.status);
  Release()->Refuse(error);
}

}  // namespace sifa::gateway
