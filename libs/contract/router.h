// From an HTTP request line to a method of the contract, by its google.api.http rules.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "libs/contract/contract.h"

namespace sifa::contract {

struct Binding {
  absl::string_view field;  // path in the request as the template has it, "id" or "case.id"
  std::string value;        // percent-decoded, valid UTF-8
};

// Views live as long as the router.
struct Match {
  const Method* method = nullptr;
  absl::string_view body;           // "" (none), "*" or a field of the request
  absl::string_view response_body;  // "" (the whole answer) or a field of it
  absl::InlinedVector<Binding, 2> bindings;
};

struct RouterTree;

// Immutable and thread-safe; keeps pointers into the contract, which must outlive it.
class Router {
 public:
  explicit Router(const Contract& contract);
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  // `path` is the request target without its query ("/v1/mediation/cases/X:accept"), still percent-encoded. A
  // literal segment is preferred to a variable. Without a match *path_known (may be null) tells 405 (the path
  // exists for another HTTP method) from 404. A bad percent-escape or invalid UTF-8 in a bound segment is no
  // match.
  std::optional<Match> Route(absl::string_view http_method, absl::string_view path, bool* path_known) const;

 private:
  std::unique_ptr<const RouterTree> tree_;
};

}  // namespace sifa::contract
