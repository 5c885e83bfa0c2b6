// What the gateway knows of each routed method, worked out from its descriptor once at the start.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "libs/contract/contract.h"
#include "services/gateway/route_metrics.h"

namespace sifa::gateway {

// How raw bytes travel in a message, by the names of its fields; numbers, 0 where there is no such field:
//   bytes data           the bytes; with it a streaming method can be downloaded or uploaded raw
//   string content_type  of the first message of a download: its Content-Type
//   string file_name     of the first message of a download: the name to save it under
//   bool last            of an upload: set on its last message, so that the service can tell its end from a cut
// and for lines of an NDJSON upload:
//   int32|int64|uint32|uint64 line    the number of the line, from 1
//   google.rpc.Status line_error      what is wrong with the line: the call goes on, and the service reports it
struct RawFields {
  int data = 0;
  int content_type = 0;
  int file_name = 0;
  int last = 0;
  int line = 0;
  int line_error = 0;
};

// The method by which a service lists its work.
constexpr absl::string_view kListWork = "/sifa.office.v1.WorkService/ListWork";
// And that by which it tells changes.
constexpr absl::string_view kFollowChanges = "/sifa.office.v1.LiveService/FollowChanges";

struct Route {
  enum class Kind { kUnary, kDownload, kUpload, kWorklist, kLive };

  const contract::Method* method;
  std::string pattern;  // "GET /v1/mediation/cases/{id}"
  Kind kind;
  size_t peer;          // index into Routes::peers(); of no meaning to what the gateway itself serves
  bool open;            // needs no token
  bool takes_secret;    // a password or code that may be guessed
  int request_id;       // number of the string field request_id of the request, or 0
  int etag;             // of etag, of an act
  int answered_etag;    // of etag in the answer
  RawFields raw;        // of the request of an upload, of the answer of a download
  RouteMetrics* metrics;
};

class Routes {
 public:
  // FAILED_PRECONDITION for a route that streams in both directions, or a package that is not sifa.<service>.v<n>.
  static absl::StatusOr<Routes> Make(const contract::Contract& contract);

  const Route* Find(const contract::Method* method) const;
  // Names of the services that any route leads to.
  const std::vector<std::string>& peers() const { return peers_; }
  // REQUIRES: a route leads to it.
  size_t PeerNamed(const std::string& service) const;
  // The services that list work.
  const std::vector<contract::RegisteredService>& work() const { return work_; }
  // And those that tell changes.
  const std::vector<contract::RegisteredService>& live() const { return live_; }

 private:
  std::deque<Route> routes_;
  std::deque<RouteMetrics> metrics_;
  absl::flat_hash_map<const contract::Method*, const Route*> by_method_;
  std::vector<std::string> peers_;
  std::vector<contract::RegisteredService> work_, live_;
};

}  // namespace sifa::gateway
