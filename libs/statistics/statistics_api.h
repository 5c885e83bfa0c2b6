// Statistics as a service offers them: requests of statistics.v1 in, answers out, so that a handler is one
// line:
//   return api_.Query(request, casework::ScopesOf(call, permission), answer);
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/core/clock.h"
#include "libs/mysql/mysql.h"
#include "libs/statistics/query.h"
#include "libs/statistics/remembered.h"
#include "libs/statistics/report.h"
#include "sifa/statistics/v1/statistics.pb.h"

namespace sifa::statistics {

// Organisation paths that the caller's grants for the permission reach (reach.h).
using Scopes = std::vector<std::string>;

// Thread-safe. All that it is made of outlives it. Errors beside those of the parts: PERMISSION_DENIED
// "STATISTICS_OUT_OF_REACH".
class StatisticsApi {
 public:
  // `smallest_told`: of sealed measures, to those who may not know of whom they count.
  StatisticsApi(mysql::Pool& pool, const Cubes& cubes, Reference reference, const Clock& clock, int64_t smallest_told = 5)
      : pool_(pool), cubes_(cubes), reference_(reference), clock_(clock), smallest_told_(smallest_told) {}

  // `answer` is empty, best on an arena.
  absl::Status Query(const v1::QueryRequest& request, const Scopes& scopes, v1::QueryResponse* answer) const;
  absl::StatusOr<v1::RatesResponse> Rates(const v1::RatesRequest& request, const Scopes& scopes) const;
  absl::StatusOr<v1::DrillDownResponse> DrillDown(const v1::DrillDownRequest& request,
                                                  const Scopes& scopes) const;
  absl::StatusOr<v1::ExportResponse> Export(const v1::ExportRequest& request, const Scopes& scopes) const;

  // A report with the figures as they are now, to be stored (InsertReport) together with the journal row of the act.
  // `actor` is the account id.
  absl::StatusOr<StoredReport> Draft(const v1::FreezeRequest& request, const Scopes& scopes,
                                     const std::string& actor) const;
  absl::StatusOr<v1::Report> GetReport(const v1::GetReportRequest& request, const Scopes& scopes) const;
  absl::StatusOr<v1::ListReportsResponse> ListReports(const v1::ListReportsRequest& request,
                                                      const Scopes& scopes) const;
  absl::StatusOr<v1::CompareReportResponse> CompareReport(const v1::CompareReportRequest& request,
                                                          const Scopes& scopes) const;

  // Of rebuilds (rebuild.h), which concern the figures of all: STATISTICS_OUT_OF_REACH unless a scope begins at the top of the
  // tree.
  static absl::Status RequireAll(const Scopes& scopes);
  absl::StatusOr<v1::Rebuild> GetRebuild(const v1::GetRebuildRequest& request, const Scopes& scopes) const;
  absl::StatusOr<v1::ListRebuildsResponse> ListRebuilds(const v1::ListRebuildsRequest& request, const Scopes& scopes) const;

 private:
  absl::StatusOr<statistics::Query> ReadQuery(const v1::QueryRequest& request, const Scopes& scopes) const;
  absl::StatusOr<Result> Ask(const statistics::Query& query) const;

  mysql::Pool& pool_;
  const Cubes& cubes_;
  const Reference reference_;
  const Clock& clock_;
  const int64_t smallest_told_;
  mutable Remembered remembered_;
};

}  // namespace sifa::statistics
