// 移送调解: what an agent has transferred is applied for at mediation in the agent's name, exactly once, and followed there (law §5.4
// H5). The order itself is what waits: while mediation is away nothing is lost, and nothing is asked for inside a transaction.
// Any number of processes may do this at once: the key of the application is the journal row of the transfer.
#pragma once

#include <functional>

#include "libs/casework/backend.h"
#include "services/hotline/work_order.h"
#include "sifa/mediation/v1/case_service.pb.h"

namespace sifa::hotline {

class MediationTransfer {
 public:
  // Mediation, as it is asked: in the name of an account (its id), and by the code of a case.
  struct Mediation {
    std::function<absl::StatusOr<mediation::v1::Case>(const std::string& account, const mediation::v1::ApplyCaseRequest&)> apply;
    std::function<absl::StatusOr<mediation::v1::Progress>(const std::string& code)> progress;
  };

  // Borrows the backend.
  MediationTransfer(const casework::Backend& backend, Mediation mediation) : backend_(backend), mediation_(std::move(mediation)) {}

  // Applies for what waits: the order gets the case, or is returned with the reason of the refusal. An error where mediation could
  // not be asked; the rest is tried again at the next call.
  absl::Status ApplyAll() const;
  // Brings the orders whose cases have moved up to date.
  absl::Status FollowAll() const;

 private:
  absl::Status Apply(const WorkOrder& order) const;
  absl::Status Follow(const WorkOrder& order) const;

  const casework::Backend& backend_;
  const Mediation mediation_;
};

// What is asked for an order that waits.
mediation::v1::ApplyCaseRequest ApplicationOf(const WorkOrder& order);

}  // namespace sifa::hotline
