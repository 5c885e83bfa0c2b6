// JournalService: the journal for auditors: who did or read what, across the objects of a service, latest first.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "libs/casework/object_type.h"
#include "libs/journal/journal.h"
#include "libs/rpc/described_service.h"
#include "sifa/casework/v1/journal.pb.h"

namespace sifa::casework {

// The first id that can have been made at `time`: ids begin with their milliseconds, so the primary key bounds times.
Id FirstIdAt(absl::Time time);

class JournalService {
 public:
  // `types` give acts their names.
  JournalService(const Backend& backend, std::vector<const ObjectType*> types) : backend_(backend), types_(std::move(types)) {}
  void Register(rpc::DescribedService& service) {
    service.On("ListJournal", this, &JournalService::List);
    service.On("GetActRequest", this, &JournalService::GetRequest);
  }

  // Rows in whose organisations the caller holds the method's permission. Reasons are shown as everywhere: personal text,
  // masked.
  absl::StatusOr<v1::ListJournalResponse> List(rpc::Call& call, const v1::ListJournalRequest& r);

  // What was asked for the act of a row in the caller's reach. Personal data is masked, but for who may read that of the object's
  // organisation and states a purpose: that reading is journalled as one of the object. NOT_FOUND "REQUEST_NOT_KEPT" of a row
  // without a request of its own.
  absl::StatusOr<v1::ActRequest> GetRequest(rpc::Call& call, const v1::GetActRequestRequest& r);

 private:
  absl::Status Unmask(rpc::Call& call, const journal::Row& act) const;

  const Backend& backend_;
  const std::vector<const ObjectType*> types_;
};

}  // namespace sifa::casework
