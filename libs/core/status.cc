#include "libs/core/status.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "libs/core/json_path.h"

namespace sifa {
namespace {

constexpr absl::string_view kTypePrefix = "type.googleapis.com/";

template <class Message>
std::string TypeUrl() {
  return absl::StrCat(kTypePrefix, Message::descriptor()->full_name());
}

template <class Message>
void SetDetail(absl::Status& status, const Message& detail) {
  status.SetPayload(TypeUrl<Message>(), absl::Cord(detail.SerializeAsString()));
}

template <class Message>
Message GetDetail(const absl::Status& status) {
  Message detail;
  if (auto payload = status.GetPayload(TypeUrl<Message>())) detail.ParseFromString(std::string(*payload));
  return detail;
}

// What quotes a request must not make an error longer than a transport carries (8 KiB of trailers).
std::string Short(absl::string_view text) {
  constexpr size_t kMost = 600;  // bytes: two hundred characters
  if (text.size() <= kMost) return std::string(text);
  size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not inside a character
  return absl::StrCat(text.substr(0, end), "…");
}

google::rpc::ErrorInfo InfoOf(absl::string_view reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain("sifa");
  return info;
}

}  // namespace

std::string JsonPath(absl::string_view path) {
  std::string json;
  bool quoted = false, raise = false;
  for (const char c : path) {
    quoted = quoted != (c == '"');
    if (c == '_' && !quoted) {
      raise = true;
      continue;
    }
    json.push_back(raise ? absl::ascii_toupper(c) : c);
    raise = false;
  }
  return json;
}

absl::Status Error(absl::StatusCode code, absl::string_view reason, absl::string_view message) {
  absl::Status status(code, Short(message));
  SetDetail(status, InfoOf(reason));
  return status;
}

absl::Status InvalidField(absl::string_view field, absl::string_view reason, absl::string_view message) {
  absl::Status status = Error(absl::StatusCode::kInvalidArgument, reason, message);
  AddFieldViolation(status, field, message);
  return status;
}

void AddFieldViolation(absl::Status& status, absl::string_view field, absl::string_view message) {
  auto bad = GetDetail<google::rpc::BadRequest>(status);
  auto* violation = bad.add_field_violations();
  violation->set_field(Short(JsonPath(field)));
  violation->set_description(Short(message));
  SetDetail(status, bad);
}

absl::Status Refused(absl::string_view reason, absl::string_view message, Citation law) {
  absl::Status status(absl::StatusCode::kFailedPrecondition, message);
  auto info = InfoOf(reason);
  (*info.mutable_metadata())["law"] = law.article.empty() ? absl::StrCat("《", law.instrument, "》") : absl::StrCat("《", law.instrument, "》第", law.article, "条");
  SetDetail(status, info);
  return status;
}

absl::Status NotFound(absl::string_view what) {
  return Error(absl::StatusCode::kNotFound, "NOT_FOUND", absl::StrCat(what, "不存在，或不在您的管辖范围内"));
}

absl::Status Internal(absl::string_view what) {
  return Error(absl::StatusCode::kInternal, "INTERNAL", what);
}

absl::Status Unavailable(absl::string_view reason, absl::string_view message) {
  return Error(absl::StatusCode::kUnavailable, reason, message);
}

std::string ReasonOf(const absl::Status& status) {
  return GetDetail<google::rpc::ErrorInfo>(status).reason();
}

google::rpc::Status ToProto(const absl::Status& status) {
  google::rpc::Status proto;
  proto.set_code(static_cast<int>(status.code()));
  proto.set_message(std::string(status.message()));
  status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& payload) {
    auto* detail = proto.add_details();
    detail->set_type_url(std::string(type_url));
    detail->set_value(std::string(payload));
  });
  // A status keeps them in no order; clients look for the reason in the first.
  std::stable_partition(proto.mutable_details()->begin(), proto.mutable_details()->end(),
                        [](const auto& detail) { return detail.template Is<google::rpc::ErrorInfo>(); });
  return proto;
}

absl::Status FromProto(const google::rpc::Status& proto) {
  absl::Status status(static_cast<absl::StatusCode>(proto.code()), proto.message());
  if (status.ok()) return status;
  for (const auto& detail : proto.details()) status.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  return status;
}

}  // namespace sifa
