// JournalService: the journal for auditors: who did or read what, across the objects of a service, latest first.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "libs/casework/object_type.h"
#include "libs/rpc/described_service.h"
#include "sifa/casework/v1/journal.pb.h"

namespace sifa::casework {

// The first id that can have been made at `time`: ids begin with their milliseconds, so the primary key bounds times.
Id FirstIdAt(absl::Time time);

class JournalService {
 public:
  // `types` give acts their names.
  JournalService(const Backend& backend, std::vector<const ObjectType*> types) : backend_(backend), types_(std::move(types)) {}
  void Register(rpc::DescribedService& service) { service.On("ListJournal", this, &JournalService::List); }

  // Rows in whose organisations the caller holds the method's permission. Reasons are shown as everywhere: personal text,
  // masked.
  absl::StatusOr<v1::ListJournalResponse> List(rpc::Call& call, const v1::ListJournalRequest& r);

 private:
  const Backend& backend_;
  const std::vector<const ObjectType*> types_;
};

}  // namespace sifa::casework
