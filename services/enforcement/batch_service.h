// What is served of batches beside their acts: the upload of the file, its rows and findings, and the file to hand back.
#pragma once

#include <map>
#include <vector>

#include "libs/casework/service.h"
#include "libs/rpc/described_service.h"
#include "services/enforcement/batch.h"
#include "services/enforcement/batch_judge.h"

namespace sifa::enforcement {

// Bytes of a file in one block of evidence.
inline constexpr size_t kFileBlock = 256 << 10;

// Thread-safe.
class BatchService {
 public:
  explicit BatchService(const casework::Backend& backend) : backend_(backend), type_(backend.objects->Of<Batch>()) {}

  absl::StatusOr<Batch> SendContent(rpc::Call& call, rpc::Reader<v1::SendContentRequest> reader);
  absl::StatusOr<v1::ListBatchRowsResponse> ListRows(rpc::Call& call, const v1::ListBatchRowsRequest& r);
  absl::StatusOr<v1::ListBatchFindingsResponse> ListFindings(rpc::Call& call, const v1::ListBatchFindingsRequest& r);
  absl::StatusOr<v1::ListOvertakenCasesResponse> ListOvertaken(rpc::Call& call, const v1::ListOvertakenCasesRequest& r);
  absl::Status GetReturned(rpc::Call& call, const v1::GetReturnedRequest& r, rpc::Writer<v1::GetReturnedResponse> writer);

 private:
  // A row with its place: the block, and which of its rows.
  struct Placed {
    int64_t block = 0;
    size_t place = 0;
    ReadRow row;
    v1::BatchRow::Verdict verdict = v1::BatchRow::VERDICT_UNSPECIFIED;
  };
  absl::StatusOr<Batch> ReadBatch(rpc::Call& call, const std::string& id);
  // Up to `count` rows from a place on, in order; those without findings only where `all`. Moves the place behind the last row looked at;
  // false where the end is reached.
  absl::StatusOr<bool> Walk(const Batch& batch, bool all, int count, int64_t* block, size_t* place, std::vector<Placed>* rows);

  // By row the case that it concerns, where it was taken.
  absl::StatusOr<std::map<int64_t, Id>> CasesOf(const Batch& batch, const std::vector<Placed>& rows);

  const casework::Backend& backend_;
  const casework::ObjectType& type_;
};

void ServeBatches(casework::Service& service, rpc::DescribedService& methods);

}  // namespace sifa::enforcement
