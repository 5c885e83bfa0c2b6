#include "services/gateway/route.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "google/rpc/status.pb.h"
#include "libs/contract/rules.h"
#include "libs/core/status.h"
#include "sifa/gateway/v1/live.pb.h"
#include "sifa/gateway/v1/worklist.pb.h"
#include "sifa/options/v1/options.pb.h"

namespace sifa::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

int NumberOf(const Descriptor& type, absl::string_view name, std::initializer_list<FieldDescriptor::Type> types) {
  const FieldDescriptor* field = type.FindFieldByName(std::string(name));
  if (field == nullptr || field->is_repeated()) return 0;
  return std::find(types.begin(), types.end(), field->type()) == types.end() ? 0 : field->number();
}

bool TakesSecret(const Descriptor& type) {
  for (int i = 0; i < type.field_count(); ++i) {
    if (contract::RuleOf(*type.field(i)).sensitive() == options::v1::SENSITIVE_SECRET) return true;
  }
  return false;
}

RawFields RawFieldsOf(const Descriptor& type) {
  RawFields raw;
  raw.data = NumberOf(type, "data", {FieldDescriptor::TYPE_BYTES});
  raw.content_type = NumberOf(type, "content_type", {FieldDescriptor::TYPE_STRING});
  raw.file_name = NumberOf(type, "file_name", {FieldDescriptor::TYPE_STRING});
  raw.last = NumberOf(type, "last", {FieldDescriptor::TYPE_BOOL});
  raw.line = NumberOf(type, "line", {FieldDescriptor::TYPE_INT32, FieldDescriptor::TYPE_INT64,
                                     FieldDescriptor::TYPE_UINT32, FieldDescriptor::TYPE_UINT64});
  const FieldDescriptor* error = type.FindFieldByName("line_error");
  if (error != nullptr && !error->is_repeated() && error->message_type() == google::rpc::Status::descriptor()) {
    raw.line_error = error->number();
  }
  return raw;
}

}  // namespace

absl::StatusOr<Routes> Routes::Make(const contract::Contract& contract) {
  Routes routes;
  for (const contract::Method& method : contract.methods()) {
    if (method.rules.empty()) continue;
    const auto* descriptor = method.descriptor;
    if (descriptor->client_streaming() && descriptor->server_streaming()) {
      return Error(absl::StatusCode::kFailedPrecondition, "ROUTE_BIDIRECTIONAL",
                   absl::StrCat("双向流式方法不能配置路由：", method.path));
    }
    const std::string& peer = method.service;
    if (peer.empty()) {
      return Error(absl::StatusCode::kFailedPrecondition, "ROUTE_PACKAGE", absl::StrCat("无法确定所属服务：", method.path));
    }
    const bool own = peer == "gateway";
    const bool live = method.descriptor->input_type() == gateway::v1::OpenLiveRequest::descriptor();
    if (own && !live && method.descriptor->input_type() != gateway::v1::ListAllWorkRequest::descriptor()) {
      return Error(absl::StatusCode::kFailedPrecondition, "ROUTE_PACKAGE", absl::StrCat("网关没有此方法：", method.path));
    }
    const size_t index = routes.PeerNamed(peer);
    if (!own && index == routes.peers_.size()) routes.peers_.push_back(peer);

    Route route = {};
    route.method = &method;
    route.pattern = absl::StrCat(method.rules.front().http_method, " ", method.rules.front().path);
    route.kind = live                             ? Route::Kind::kLive
                 : own                            ? Route::Kind::kWorklist
                 : descriptor->client_streaming() ? Route::Kind::kUpload
                 : descriptor->server_streaming() ? Route::Kind::kDownload
                                                  : Route::Kind::kUnary;
    route.peer = index;
    route.open = method.access.public_();
    route.takes_secret = TakesSecret(*descriptor->input_type());
    route.request_id = NumberOf(*descriptor->input_type(), "request_id", {FieldDescriptor::TYPE_STRING});
    if (method.access.journals()) route.etag = NumberOf(*descriptor->input_type(), "etag", {FieldDescriptor::TYPE_STRING});
    route.answered_etag = NumberOf(*descriptor->output_type(), "etag", {FieldDescriptor::TYPE_STRING});
    if (route.kind == Route::Kind::kUpload) route.raw = RawFieldsOf(*descriptor->input_type());
    if (route.kind == Route::Kind::kDownload) route.raw = RawFieldsOf(*descriptor->output_type());
    route.metrics = &routes.metrics_.emplace_back(route.pattern);
    routes.routes_.push_back(std::move(route));
    routes.by_method_[&method] = &routes.routes_.back();
  }
  routes.work_ = contract.ServicesWith(kListWork);
  routes.live_ = contract.ServicesWith(kFollowChanges);
  return routes;
}

size_t Routes::PeerNamed(const std::string& service) const {
  return static_cast<size_t>(std::find(peers_.begin(), peers_.end(), service) - peers_.begin());
}

const Route* Routes::Find(const contract::Method* method) const {
  const auto found = by_method_.find(method);
  return found == by_method_.end() ? nullptr : found->second;
}

}  // namespace sifa::gateway
