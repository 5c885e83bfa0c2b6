// What a telling said, read again from where it lies: the evidence of its batch, or what a clerk typed.
#pragma once

#include <map>
#include <memory>

#include "services/enforcement/batch_judge.h"
#include "services/enforcement/tellings.h"

namespace sifa::enforcement {

// Of one request or transaction. Keeps what it has opened.
class ToldContent {
 public:
  explicit ToldContent(const casework::Backend& backend) : backend_(backend) {}

  absl::StatusOr<Entry> Of(mysql::Connection& connection, const Telling& telling);
  // The row of the file. REQUIRES: it was not typed.
  absl::StatusOr<ReadRow> RowOf(mysql::Connection& connection, const Telling& telling);
  absl::StatusOr<const Batch*> BatchOf(mysql::Connection& connection, const Id& batch);
  absl::StatusOr<const BatchRows*> RowsOf(mysql::Connection& connection, const Id& batch);

 private:
  struct Open {
    Batch batch;
    std::unique_ptr<BatchRows> rows;
    Agencies agencies;
    int64_t block = -1;
    std::vector<ReadRow> read;
  };
  absl::StatusOr<Open*> Find(mysql::Connection& connection, const Id& batch);

  const casework::Backend& backend_;
  std::map<Id, Open> open_;
};

}  // namespace sifa::enforcement
