#include "libs/rpc/endpoint.h"

#include <atomic>
#include <chrono>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpc/grpc_security_constants.h"
#include "libs/contract/mask.h"
#include "libs/contract/percent.h"
#include "libs/contract/validate.h"
#include "libs/rpc/on_behalf.h"
#include "libs/telemetry/log.h"

namespace sifa::rpc {
namespace {

absl::string_view Metadata(const grpc::CallbackServerContext& context, const char* key) {
  const auto found = context.client_metadata().find(key);
  if (found == context.client_metadata().end()) return "";
  return {found->second.data(), found->second.size()};
}

std::string PeerName(const grpc::CallbackServerContext& context) {
  const auto names = context.auth_context()->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
  return names.empty() ? "" : std::string(names.front().data(), names.front().size());
}

// While a database is away every call fails alike: so many lines a second say it.
bool MayLogAway() {
  constexpr int kLinesASecond = 20;
  static std::atomic<int64_t> second{0};
  static std::atomic<int> lines{0};
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  if (second.exchange(now) != now) lines = 0;
  return ++lines <= kLinesASecond;
}

absl::Status Denied(absl::string_view reason, absl::string_view message) {
  return Error(absl::StatusCode::kPermissionDenied, reason, message);
}

// Why somebody wants to see personal data (X-Purpose): percent-encoded, since headers are ASCII and purposes are Chinese. One
// that nobody can read is none.
absl::Status ReadPurpose(absl::string_view header, std::string* purpose) {
  if (!contract::PercentDecode(header, contract::Percent::kSegment, purpose)) {
    return InvalidField("X-Purpose", "PURPOSE_MALFORMED", "查看目的应为百分号编码的 UTF-8 文字");
  }
  const absl::Status line = contract::ValidateLine(*purpose);
  return line.ok() ? line : InvalidField("X-Purpose", ReasonOf(line), absl::StrCat("查看目的", line.message()));
}

}  // namespace

EndpointBase::EndpointBase(const contract::Method& m, const Door& d)
    : method(m),
      door(d),
      masks(contract::HasSensitive(m.descriptor->output_type())),
      may_search(!m.access.journals() && !m.access.permission().empty() && contract::HasSensitive(m.descriptor->input_type())),
      calls([&path = m.path](const std::string& code) -> prometheus::Counter& {
        return telemetry::Counter("sifa_rpc_calls_total", "Calls answered, by status code", {{"method", path}, {"code", code}});
      }),
      latency(telemetry::Latency("sifa_rpc_seconds", "Time of a call from arrival to answer", {{"method", m.path}})),
      in_flight(telemetry::Gauge("sifa_rpc_in_flight", "Calls being handled", {{"method", m.path}})) {}

absl::Status EndpointBase::Admit(const grpc::CallbackServerContext& context, Call& call) const {
  Call::Fields fields;
  fields.trace = telemetry::ParseTraceparent(Metadata(context, "traceparent")).Child();
  fields.peer = PeerName(context);
  const absl::Status purpose = ReadPurpose(Metadata(context, "x-purpose"), &fields.purpose);
  fields.caller_address = std::string(Metadata(context, "x-caller-address"));
  fields.request_id = std::string(Metadata(context, "x-request-id"));
  const auto deadline = context.deadline();
  if (deadline != std::chrono::system_clock::time_point::max()) fields.deadline = absl::FromChrono(deadline);
  const absl::Time expires = fields.deadline;
  const std::string peer = fields.peer;
  absl::Status refused;
  if (!purpose.ok()) {
    refused = purpose;
  } else if (expires < absl::Now()) {
    refused = Error(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED", "请求超时");
  } else if (!door.authority.PeerMayCall(peer, method.path, method.access.service())) {
    refused = Denied("PEER_REFUSED", "该进程无权调用此接口");
  } else if (!method.access.public_() && !method.access.service()) {
    auto claims = door.tokens.Verify(Metadata(context, "authorization"));
    if (claims.ok() && !MayPresent(peer, *claims)) {
      refused = Denied("TOKEN_OF_A_SERVICE", "该令牌只能由取得它的服务使用");
    } else if (claims.ok()) {
      fields.claims = *std::move(claims);
    } else {
      refused = claims.status();
    }
  }
  call.Fill(std::move(fields));
  RETURN_IF_ERROR(refused);
  call.StateOwnPurpose();
  if (!method.access.permission().empty() && call.GrantsFor(method.access.permission()).empty()) {
    return Denied("PERMISSION_MISSING", "您的岗位没有此项权限");
  }
  return absl::OkStatus();
}

void EndpointBase::Mask(const Call& call, google::protobuf::Message* answer) const {
  if (call.of_person()) contract::ClearOfficeOnly(answer);
  if (!masks) return;
  if (call.unmasked()) {
    contract::MaskSecrets(answer);
  } else {
    contract::Mask(answer);
  }
}

void EndpointBase::NoteSearch(const google::protobuf::Message& request, Call& call) const {
  if (!may_search) return;
  std::vector<std::string> fields = contract::SensitiveIn(request);
  if (!fields.empty()) call.search() = Call::Search{std::move(fields)};
}

absl::Status EndpointBase::CheckSearch(Call& call) {
  if (!call.search() || call.search()->journalled) return absl::OkStatus();
  return Internal("a search by personal data was not journalled");
}

absl::Status EndpointBase::Present(const Call& call, const absl::Status& status) const {
  const auto code = status.code();
  if ((code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kDeadlineExceeded) && MayLogAway()) {
    telemetry::TraceScope trace(call.trace());
    telemetry::Warn("call not served", {{"method", method.path},
                                        {"request_id", call.request_id()},
                                        {"code", absl::StatusCodeToString(code)},
                                        {"reason", ReasonOf(status)}});
  }
  if (code != absl::StatusCode::kInternal && code != absl::StatusCode::kUnknown && code != absl::StatusCode::kDataLoss) {
    return status;
  }
  telemetry::TraceScope trace(call.trace());
  telemetry::Error("call failed",
                   {{"method", method.path}, {"request_id", call.request_id()}, {"detail", std::string(status.message())}});
  const std::string& id = call.request_id().empty() ? call.trace().trace_id : call.request_id();
  return Error(absl::StatusCode::kInternal, "INTERNAL", absl::StrCat("系统内部错误，请联系管理员，编号 ", id));
}

}  // namespace sifa::rpc
