// The contract of the suite as one value: every RPC of the packages sifa.*, with who may call it. Made from
// the descriptors compiled into the process; nothing here knows any one service. The methods of the office (sifa.office.v1) are
// written once and stand here for each service that has registered for them (sifa.options.v1.registration), with its own routes
// and permissions.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/descriptor.h"
#include "libs/contract/http_template.h"
#include "sifa/options/v1/options.pb.h"

namespace sifa::contract {

struct Method {
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  std::string path;  // "/sifa.mediation.v1.CaseService/AcceptCase"
  std::string service;  // whose process serves it: "mediation"; "" of a package that is none of sifa.<service>.v<n>
  options::v1::Access access;
  std::vector<HttpRule> rules;  // its own first; empty where it has no route
};

// A service that the suite knows (protos/sifa/<service>/v1/service.proto).
struct RegisteredService {
  std::string name;   // "mediation"
  std::string label;  // 人民调解
};

// Immutable and safe to share. Methods keep their addresses when the contract is moved.
class Contract {
 public:
  // All services of the packages sifa.* in the generated pool. FAILED_PRECONDITION, reason CONTRACT_INVALID, naming the method,
  // for:
  // - no access or two kinds of it; a permission not of the form service.object.verb
  // - a route whose path variable or body names no field, or binds an output_only one; two methods on one route; a route on a
  //   method for services only
  // - an act (`journals`) whose request is not named …Request, has no request_id, or has head fields (rules.h) of another number
  // or
  //   type, or anything else below 10; that has occurred_on without occurred_at; that names an object by id and has no etag,
  //   unless its access says why (without_etag)
  // - a field rule that cannot be applied
  // - a registration for a service that the office does not have
  // `service`: as the process of that service sees it, with the office's methods of no other; empty: with all, as the gateway
  // does.
  static absl::StatusOr<Contract> Load(absl::string_view service = "");
  // The same for chosen services; of the office's methods, where it is among them, those for which their files register.
  static absl::StatusOr<Contract> Of(absl::Span<const google::protobuf::ServiceDescriptor* const> services);

  Contract(Contract&&) = default;
  Contract& operator=(Contract&&) = default;

  // nullptr where there is no such method. `path` as in Method::path, which is also gRPC's :path. Of several services' the first.
  const Method* Find(absl::string_view path) const;
  // Sorted by path and service.
  absl::Span<const Method> methods() const { return methods_; }
  // Those that serve a method of the office, by name.
  std::vector<RegisteredService> ServicesWith(absl::string_view path) const;

 private:
  Contract(std::vector<Method> methods, std::vector<RegisteredService> services);

  std::vector<Method> methods_;
  std::vector<RegisteredService> services_;
  absl::flat_hash_map<std::string, size_t> by_path_;
};

}  // namespace sifa::contract
