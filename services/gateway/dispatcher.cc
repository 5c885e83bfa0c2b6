#include "services/gateway/dispatcher.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/contract/openapi.h"
#include "libs/contract/percent.h"
#include "libs/core/id.h"
#include "libs/core/status.h"
#include "services/gateway/download_call.h"
#include "services/gateway/live_call.h"
#include "services/gateway/unary_call.h"
#include "services/gateway/upload_call.h"
#include "services/gateway/worklist_call.h"

namespace sifa::gateway {
namespace {

constexpr size_t kMaxToken = 4 << 10;    // gRPC takes 8 KB of metadata in all
constexpr size_t kMaxPurpose = 2 << 10;  // percent-encoded
constexpr size_t kMaxKey = 128;

HttpError BadHeader(absl::string_view name) {
  return Refusal(400, absl::StatusCode::kInvalidArgument, "HEADER_INVALID", absl::StrCat("请求头 ", name, " 不符合要求"));
}

// What gRPC takes as a metadata value; anything else would end the process in it.
bool Printable(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool IsName(absl::string_view text, size_t longest) {
  return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
  });
}

// "application/json; charset=utf-8" -> "application/json"
std::string MediaTypeOf(absl::string_view content_type) {
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(content_type.substr(0, content_type.find(';'))));
}

// "application/json; charset=utf-8" -> "utf-8"; empty where it is not told
absl::string_view CharsetOf(absl::string_view content_type) {
  for (absl::string_view parameter : absl::StrSplit(content_type, ';')) {
    parameter = absl::StripAsciiWhitespace(parameter);
    const size_t equals = parameter.find('=');
    if (equals != absl::string_view::npos && absl::EqualsIgnoreCase(parameter.substr(0, equals), "charset")) {
      return parameter.substr(equals + 1);
    }
  }
  return "";
}

// "\"7\"" -> "7". An act compares one version: no list, no weak one, not any.
std::optional<absl::string_view> VersionOf(absl::string_view if_match) {
  const bool quoted = absl::ConsumePrefix(&if_match, "\"") && absl::ConsumeSuffix(&if_match, "\"");
  if (!quoted || if_match.empty() || !Printable(if_match) || absl::StrContains(if_match, '"')) return std::nullopt;
  return if_match;
}

HttpError UnsupportedType(absl::string_view wanted) {
  return Refusal(415, absl::StatusCode::kInvalidArgument, "CONTENT_TYPE_UNSUPPORTED", absl::StrCat("请求内容应为 ", wanted));
}

// Whether the body comes in a form that the route takes; *raw for bytes.
std::optional<HttpError> CheckForm(const Route& route, const RequestHead& head, bool* raw) {
  *raw = false;
  if (!head.content_encoding.empty() && !absl::EqualsIgnoreCase(head.content_encoding, "identity")) {
    return UnsupportedType("未压缩的数据");
  }
  const std::string type = MediaTypeOf(head.content_type);
  if (route.kind != Route::Kind::kUpload) {
    if (head.has_body() && type != "application/json") return UnsupportedType("application/json");
    return std::nullopt;
  }
  *raw = route.raw.data != 0 && type == "application/octet-stream";
  if (*raw || !head.has_body() || type == "application/x-ndjson" || type == "application/ndjson") return std::nullopt;
  return UnsupportedType(route.raw.data != 0 ? "application/octet-stream 或 application/x-ndjson" : "application/x-ndjson");
}

}  // namespace

Dispatcher::Dispatcher(const Options& options, const contract::Contract& contract, const Routes& routes, const Door& door,
                       rpc::TokenVerifier& tokens)
    : options_(options),
      routes_(routes),
      door_(door),
      tokens_(tokens),
      router_(contract),
      openapi_(contract::OpenApi(contract, "司法行政业务平台", "1")),
      callers_(options.per_caller),
      strangers_(options.per_stranger),
      offenders_(options.per_offender) {}

std::shared_ptr<Call> Dispatcher::Begin(Exchange& exchange) {
  if (AnswerPage(exchange)) return nullptr;
  std::optional<HttpError> refusal;
  std::shared_ptr<Call> call = Judge(exchange, &refusal);
  if (refusal) exchange.Refuse(*refusal);
  return call;
}

std::shared_ptr<Call> Dispatcher::Judge(Exchange& exchange, std::optional<HttpError>* refusal) {
  const RequestHead& head = exchange.head();
  CallSetup setup;
  setup.passport.request_id = IsName(head.request_id, 64) ? head.request_id : NewId(options_.clock->Now()).ToString();
  exchange.SetRequestId(setup.passport.request_id);

  bool path_known = false;
  auto match = router_.Route(head.method, head.path, &path_known);
  if (!match) {
    *refusal = Unrouted(head, path_known);
    return nullptr;
  }
  const Route* route = routes_.Find(match->method);
  bool raw = false;
  *refusal = Admit(*route, head, exchange.caller_address());
  if (!*refusal) *refusal = CheckForm(*route, head, &raw);
  if (const absl::string_view charset = CharsetOf(head.content_type); !*refusal && !raw && !charset.empty()) {
    if (const auto encoding = EncodingOf(charset); encoding.ok()) {
      setup.encoding = *encoding;
    } else {
      *refusal = Refusal(415, absl::StatusCode::kInvalidArgument, ReasonOf(encoding.status()), encoding.status().message());
    }
  }
  if (*refusal) {
    route->metrics->Count((*refusal)->status.code());
    return nullptr;
  }

  const bool streams =
      route->kind == Route::Kind::kDownload || route->kind == Route::Kind::kUpload || route->kind == Route::Kind::kLive;
  setup.passport.deadline = streams ? options_.stream_deadline : options_.default_deadline;
  if (!head.timeout_ms.empty()) {
    int64_t wanted = 0;
    if (!absl::SimpleAtoi(head.timeout_ms, &wanted) || wanted <= 0) {
      *refusal = BadHeader("X-Timeout-Ms");
      return nullptr;
    }
    const Millis longest = streams ? options_.stream_deadline : options_.max_deadline;
    setup.passport.deadline = Millis(std::min<int64_t>(wanted, longest.count()));
  }
  std::string purpose;
  if (!head.purpose.empty() &&
      (head.purpose.size() > kMaxPurpose || !Printable(head.purpose) ||
       !contract::PercentDecode(head.purpose, contract::Percent::kSegment, &purpose))) {
    *refusal = BadHeader("X-Purpose");
    return nullptr;
  }
  if (head.idempotency_key.size() > kMaxKey || !Printable(head.idempotency_key)) {
    *refusal = BadHeader("Idempotency-Key");
    return nullptr;
  }
  if (route->method->access.journals() && !head.if_match.empty()) {
    const auto version = VersionOf(head.if_match);
    if (!version || route->etag == 0) {
      *refusal =
          version ? Refusal(400, absl::StatusCode::kInvalidArgument, "IF_MATCH_UNUSED", "这项操作不比较版本，不能附带 If-Match")
                  : BadHeader("If-Match");
      return nullptr;
    }
    setup.if_match = std::string(*version);
  }

  setup.trace = telemetry::ParseTraceparent(head.traceparent).Child();
  setup.passport.traceparent = setup.trace.ToTraceparent();
  setup.passport.authorization = head.authorization;
  setup.passport.purpose = head.purpose;
  setup.passport.caller_address = exchange.caller_address();
  setup.exchange = &exchange;
  setup.route = route;
  setup.match = *std::move(match);
  setup.offenders = &offenders_;
  setup.known = &known_;
  setup.options = &options_;
  setup.alive = &alive_;
  switch (route->kind) {
    case Route::Kind::kUnary: return std::make_shared<UnaryCall>(std::move(setup));
    case Route::Kind::kDownload: return std::make_shared<DownloadCall>(std::move(setup));
    case Route::Kind::kWorklist:
      return std::make_shared<WorklistCall>(std::move(setup), routes_);
    case Route::Kind::kLive:
      return std::make_shared<LiveCall>(std::move(setup), routes_, live_);
    case Route::Kind::kUpload: break;
  }
  return std::make_shared<UploadCall>(std::move(setup), raw);
}

std::optional<HttpError> Dispatcher::Admit(const Route& route, const RequestHead& head, const std::string& address) {
  const std::string& token = head.authorization;
  const int64_t now = MonotonicMillis();
  const bool known = !token.empty() && known_.Knows(token, now);
  bool allowed;
  if (route.kind == Route::Kind::kLive) {
    // Its ticket is as good as a token, and one that is none is charged as one: all pages of a building may come back at once.
    allowed = offenders_.Allows(address, now) && callers_.Take(address, now);
  } else if (route.open && (route.takes_secret || !known)) {
    // Whoever made up a token would otherwise have a fresh bucket for each guess of a password.
    allowed = strangers_.Take(address, now);
  } else if (token.empty()) {
    allowed = callers_.Take(address, now);
  } else {
    // Whoever guesses tokens must not lock out the others behind the same address: only unknown ones wait with him.
    allowed = (known || offenders_.Allows(address, now)) && callers_.Take(token, now);
  }
  if (!allowed) {
    ProcessMetrics::Get().limited.Increment();
    return Refusal(429, absl::StatusCode::kResourceExhausted, "RATE_LIMITED", "请求过于频繁，请稍后再试");
  }
  if (token.empty()) {
    if (route.open) return std::nullopt;
    return Refusal(401, absl::StatusCode::kUnauthenticated, "TOKEN_MISSING", "请先登录");
  }
  if (!absl::StartsWithIgnoreCase(token, "Bearer ") || token.size() > kMaxToken || !Printable(token)) {
    offenders_.Take(address, now);
    return Refusal(401, absl::StatusCode::kUnauthenticated, "TOKEN_MALFORMED", "登录凭证格式不正确，请重新登录");
  }
  return known || route.open ? std::nullopt : Verify(token, address, now);
}

std::optional<HttpError> Dispatcher::Verify(const std::string& token, const std::string& address, int64_t now_ms) {
  if (!tokens_.has_keys()) return std::nullopt;  // the service will judge
  const absl::Status verified = tokens_.Verify(token).status();
  if (verified.ok()) {
    known_.Remember(token, now_ms);
  } else if (ReasonOf(verified) == "TOKEN_MALFORMED") {  // what has expired or was revoked the service refuses, by its own clock
    offenders_.Take(address, now_ms);
    return HttpError{verified, 0, ""};
  }
  return std::nullopt;
}

std::optional<HttpError> Dispatcher::Unrouted(const RequestHead& head, bool path_known) const {
  ProcessMetrics::Get().unrouted.Increment();
  if (!path_known) return Refusal(404, absl::StatusCode::kNotFound, "ROUTE_UNKNOWN", "没有这个地址");
  std::string allow;
  for (absl::string_view method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    if (router_.Route(method, head.path, nullptr)) absl::StrAppend(&allow, allow.empty() ? "" : ", ", method);
  }
  HttpError error = Refusal(405, absl::StatusCode::kUnimplemented, "METHOD_NOT_ALLOWED", "该地址不支持此请求方法");
  error.extra_header = absl::StrCat("Allow: ", allow, "\r\n");
  return error;
}

bool Dispatcher::AnswerPage(Exchange& exchange) const {
  const RequestHead& head = exchange.head();
  const bool ready = !lame_ && !door_.full();
  Response response;
  if (head.path == "/healthz") {
    response = {200, "text/plain", "ok\n", ""};
  } else if (head.path == "/readyz") {
    response = {ready ? 200 : 503, "text/plain", lame_ ? "draining\n" : ready ? "ready\n" : "full\n", ""};
  } else if (head.path == "/openapi.json") {
    response = {200, "application/json", openapi_, ""};
  } else {
    return false;
  }
  if (head.method == "GET" || head.method == "HEAD") {
    exchange.Answer(response);
  } else {
    HttpError error = Refusal(405, absl::StatusCode::kUnimplemented, "METHOD_NOT_ALLOWED", "该地址不支持此请求方法");
    error.extra_header = "Allow: GET, HEAD\r\n";
    exchange.Refuse(error);
  }
  return true;
}

}  // namespace sifa::gateway
