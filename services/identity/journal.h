// JournalService: the journal of identity for auditors.
#pragma once

#include <utility>
#include <vector>

#include "libs/casework/journal_reading.h"
#include "libs/rpc/host.h"
#include "sifa/identity/v1/journal.pb.h"

namespace sifa::identity {

class JournalService {
 public:
  JournalService(const casework::Backend& backend, std::vector<const casework::ObjectType*> types)
      : backend_(backend), types_(std::move(types)) {}
  void Register(rpc::Host& host);

  absl::StatusOr<v1::ListJournalResponse> List(rpc::Call& call, const v1::ListJournalRequest& r);

 private:
  const casework::Backend& backend_;
  const std::vector<const casework::ObjectType*> types_;
};

}  // namespace sifa::identity
