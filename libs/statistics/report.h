// Filed reports (固化报表): kept as they were reported, bytes and digest, with the journal position that they
// can be computed from again. Written once, never changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/core/id.h"
#include "libs/mysql/mysql.h"

namespace sifa::statistics {

struct StoredReport {
  Id id;
  std::string name;
  std::string organisation_path;  // whose report it is
  std::string query;              // serialized statistics.v1.QueryRequest
  std::string answer;             // serialized statistics.v1.QueryResponse
  int64_t position = 0;
  std::string digest;      // 32 bytes
  std::string created_by;  // account id
  absl::Time created_at;

  // SHA-256 over name, query, answer and position, each with its length.
  std::string Digest() const;
};

absl::Status InsertReport(mysql::Connection& connection, const StoredReport& report);
// NOT_FOUND; DATA_LOSS "REPORT_CHANGED" where what is stored does not have its digest.
absl::StatusOr<StoredReport> ReadReport(mysql::Connection& connection, const Id& id);
// Newest first, without answers, of organisations in reach of the scopes (see statistics_api.h).
absl::StatusOr<std::vector<StoredReport>> ListReports(mysql::Pool& pool,
                                                      const std::vector<std::string>& scopes,
                                                      const std::optional<Id>& before, int limit);

}  // namespace sifa::statistics
