// StatisticsService: the figures of a service. Filing a report and counting again are acts: once for each request, and in the
// journal.
#pragma once

#include "libs/casework/backend.h"
#include "libs/rpc/described_service.h"
#include "libs/statistics/rebuild.h"
#include "libs/statistics/statistics_api.h"

namespace sifa::casework {

class StatisticsService {
 public:
  StatisticsService(const Backend& backend, const statistics::StatisticsApi& api) : backend_(backend), api_(api) {}
  void Register(rpc::DescribedService& service);

  absl::Status Query(rpc::Call& call, const statistics::v1::QueryRequest& request, statistics::v1::QueryResponse* answer);
  absl::StatusOr<statistics::v1::Report> Freeze(rpc::Call& call, const statistics::v1::FreezeRequest& request);
  // Begins one; a worker (office.cc) carries it through.
  absl::StatusOr<statistics::v1::Rebuild> Rebuild(rpc::Call& call, const statistics::v1::RebuildRequest& request);
  // The journal row of what a rebuild found, in the name of who began it: for ContinueRebuild.
  absl::Status JournalEnd(mysql::Connection& connection, const statistics::Rebuild& rebuild) const;

 private:
  absl::StatusOr<statistics::v1::DrillDownResponse> DrillDown(rpc::Call& call, const statistics::v1::DrillDownRequest& request);
  absl::StatusOr<statistics::v1::CompareReportResponse> CompareReport(rpc::Call& call,
                                                                      const statistics::v1::CompareReportRequest& request);
  // A handler that passes the caller's reach on.
  template <class Request, class Response>
  void On(rpc::DescribedService& service, const char* method,
          absl::StatusOr<Response> (statistics::StatisticsApi::*answer)(const Request&, const statistics::Scopes&) const);

  const Backend& backend_;
  const statistics::StatisticsApi& api_;
};

}  // namespace sifa::casework
