#include "services/gateway/http_errors.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/status.pb.h"
#include "libs/contract/json.h"
#include "libs/core/status.h"

namespace sifa::gateway {
namespace {

constexpr absl::string_view kFault = "系统内部错误，请联系管理员，并提供请求编号 ";

}  // namespace

int HttpStatusOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk: return 200;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange: return 400;
    case absl::StatusCode::kUnauthenticated: return 401;
    case absl::StatusCode::kPermissionDenied: return 403;
    case absl::StatusCode::kNotFound: return 404;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists: return 409;
    case absl::StatusCode::kResourceExhausted: return 429;
    case absl::StatusCode::kCancelled: return 499;
    case absl::StatusCode::kUnimplemented: return 501;
    case absl::StatusCode::kUnavailable: return 503;
    case absl::StatusCode::kDeadlineExceeded: return 504;
    default: return 500;
  }
}

absl::string_view ReasonPhrase(int http) {
  switch (http) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 499: return "Client Closed Request";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Internal Server Error";
  }
}

HttpError Refusal(int http, absl::StatusCode code, absl::string_view reason, absl::string_view message) {
  return {Error(code, reason, message), http, ""};
}

HttpError Busy() { return Refusal(503, absl::StatusCode::kUnavailable, "GATEWAY_BUSY", "同时提交的内容过多，请稍后再试"); }

absl::Status Presentable(const absl::Status& status, absl::string_view request_id) {
  const bool ours = !ReasonOf(status).empty();
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return status;
    case absl::StatusCode::kUnavailable:
      if (ours) return status;
      return Error(status.code(), "SERVICE_UNAVAILABLE", "相关服务暂时不可用，请稍后重试；如为提交操作，请以同一请求编号重试");
    case absl::StatusCode::kDeadlineExceeded:
      if (ours) return status;
      return Error(status.code(), "DEADLINE_EXCEEDED", "处理超时；如为提交操作，请以同一请求编号重试");
    case absl::StatusCode::kCancelled:
      if (ours) return status;
      return Error(status.code(), "CANCELLED", "请求已取消");
    case absl::StatusCode::kUnimplemented:
      if (ours) return status;
      return Error(status.code(), "UNIMPLEMENTED", "该功能尚未提供");
    case absl::StatusCode::kResourceExhausted:
      if (ours) return status;
      return Error(status.code(), "RESOURCE_EXHAUSTED", "请求或答复过大，或系统繁忙，请稍后重试");
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return Error(status.code(), "INTERNAL", absl::StrCat(kFault, request_id));
    default:
      if (ours) return status;
      return Error(status.code(), "REFUSED", "请求被拒绝");
  }
}

std::string ErrorBody(const absl::Status& status, absl::string_view request_id) {
  static const contract::MessageTable& table = contract::TableOf(google::rpc::Status::descriptor());
  google::rpc::Status proto = ToProto(Presentable(status, request_id));
  auto* details = proto.mutable_details();
  for (int i = details->size(); i-- > 0;) {
    if (absl::EndsWith(details->Get(i).type_url(), "/google.rpc.DebugInfo")) details->DeleteSubrange(i, 1);
  }
  std::string json;
  if (!contract::WireToJson(table, proto.SerializeAsString(), &json).ok()) {
    return absl::StrCat(R"({"code":13,"message":")", kFault, request_id, "\"}");
  }
  return json;
}

}  // namespace sifa::gateway
