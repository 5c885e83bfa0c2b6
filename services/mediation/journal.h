// JournalService: what auditors read of mediation's journal.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/journal_reading.h"
#include "libs/rpc/described_service.h"
#include "sifa/mediation/v1/journal.pb.h"

namespace sifa::mediation {

class JournalService {
 public:
  JournalService(const casework::Backend& backend, std::vector<const casework::ObjectType*> types)
      : backend_(backend), types_(std::move(types)) {}
  void Register(rpc::DescribedService& service) { service.On("ListJournal", this, &JournalService::List); }

  absl::StatusOr<v1::ListJournalResponse> List(rpc::Call& call, const v1::ListJournalRequest& r);

 private:
  const casework::Backend& backend_;
  const std::vector<const casework::ObjectType*> types_;
};

}  // namespace sifa::mediation
