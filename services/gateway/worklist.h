// 待办 over all services: what each is to be asked, and one list of what they answer. Knows no network.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/contract/contract.h"
#include "sifa/casework/v1/work.pb.h"
#include "sifa/gateway/v1/worklist.pb.h"

namespace sifa::gateway {

class Worklist {
 public:
  // One service that may have more, what it is asked and what it answered.
  struct Part {
    std::string service, label;
    casework::v1::ListWorkRequest request;
    absl::Status status;  // of the answer
    casework::v1::ListWorkResponse response;
  };

  // A page of the list over `services`. INVALID_ARGUMENT "PAGE_TOKEN_INVALID" where the token is none of this list's.
  static absl::StatusOr<Worklist> Begin(const gateway::v1::ListAllWorkRequest& request,
                                        const std::vector<contract::RegisteredService>& services);

  std::vector<Part>& parts() { return parts_; }
  // The page, once each part has its answer. A service that refuses the caller (PERMISSION_DENIED, NOT_FOUND) has nothing; one
  // that failed is missing. Where the request or the token is at fault, that error.
  absl::StatusOr<gateway::v1::ListAllWorkResponse> Merge() const;

 private:
  // Of one part: how many of its items the page has.
  using Taken = std::vector<int>;
  Taken Take(gateway::v1::ListAllWorkResponse* page) const;
  std::string TokenAfter(const Taken& taken) const;

  gateway::v1::ListAllWorkRequest request_;
  std::vector<Part> parts_;
  std::vector<std::string> ended_;  // services whose lists have ended on an earlier page
};

}  // namespace sifa::gateway
