#include "services/mediation/statistics.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/acts.h"
#include "libs/casework/settled.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/statistics/answers.h"

namespace sifa::mediation {

using statistics::StatisticsApi;

namespace {

statistics::Scopes ScopesOf(const rpc::Call& call) { return casework::ScopesOf(call, call.method().access.permission()); }

// The journal row of what a caller did to figures as a whole, in whose name, and in words.
journal::Row RowOf(const casework::Backend& backend, const rpc::Call& call, const std::string& object_type, const std::string& action,
                   const std::string& words) {
  casework::v1::ActRecord record;
  record.set_actor_account(call.claims().account());
  casework::v1::Image image;
  image.set_reason(words);
  journal::Row row;
  row.id = NewId(backend.clock.Now());
  row.object_type = object_type;
  if (const auto grants = call.GrantsFor(call.method().access.permission()); !grants.empty()) {
    row.organisation = grants.front()->organisation();
    row.organisation_path = grants.front()->path();
  }
  row.actor = casework::Actor::Of(call).id();
  row.action = action;
  row.occurred_on = call.today();
  row.recorded_at = call.now();
  row.record = record.SerializeAsString();
  row.image = backend.store.EncryptImage(row.id, image);
  return row;
}

}  // namespace

template <class Request, class Response>
void StatisticsService::On(rpc::DescribedService& service, const char* method,
                           absl::StatusOr<Response> (StatisticsApi::*answer)(const Request&, const statistics::Scopes&) const) {
  service.Add(method, [this, answer](rpc::Call& call, const google::protobuf::Message& request,
                                     google::protobuf::Arena& arena) -> absl::StatusOr<google::protobuf::Message*> {
    ASSIGN_OR_RETURN(Response response, (api_.*answer)(static_cast<const Request&>(request), ScopesOf(call)));
    return google::protobuf::Arena::Create<Response>(&arena, std::move(response));
  });
}

void StatisticsService::Register(rpc::DescribedService& service) {
  service.On("QueryStatistics", this, &StatisticsService::Query);
  On(service, "DrillDown", &StatisticsApi::DrillDown);
  On(service, "ExportStatistics", &StatisticsApi::Export);
  On(service, "GetReport", &StatisticsApi::GetReport);
  On(service, "ListReports", &StatisticsApi::ListReports);
  On(service, "CompareReport", &StatisticsApi::CompareReport);
  service.On("FreezeReport", this, &StatisticsService::Freeze);
  service.On("RebuildStatistics", this, &StatisticsService::Rebuild);
}

absl::Status StatisticsService::Query(rpc::Call& call, const statistics::v1::QueryRequest& request,
                                      statistics::v1::QueryResponse* answer) {
  return api_.Query(request, ScopesOf(call), answer);
}

absl::StatusOr<statistics::v1::Report> StatisticsService::Freeze(rpc::Call& call, const statistics::v1::FreezeRequest& request) {
  const std::string actor = casework::Actor::Of(call).id();
  ASSIGN_OR_RETURN(statistics::StoredReport report,
                   api_.Draft(request, ScopesOf(call), actor));
  const auto file = [&](mysql::Connection& connection) -> absl::StatusOr<Id> {
    RETURN_IF_ERROR(statistics::InsertReport(connection, report));
    journal::Row row = RowOf(backend_, call, "Report", "FREEZE_REPORT",
                             absl::StrCat(report.name, "，校验值 ", crypto::Hex(report.digest)));
    row.object_id = report.id;
    RETURN_IF_ERROR(journal::Append(connection, {row}));
    return row.id;
  };
  const auto repeat = [&](mysql::Connection& connection, const Id& journal_id) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT object_id FROM journal WHERE id = ?", {journal_id}));
    if (rows.empty()) return Internal("journal row of a request is missing");
    ASSIGN_OR_RETURN(report, statistics::ReadReport(connection, rows[0].AsId(0)));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(casework::RunSettled(
      backend_, {actor, call.method().path, request.request_id(), casework::RequestDigest(request)}, file, repeat));
  return statistics::ToProto(report);
}

// Journalled before it begins: nothing takes the place of the counters without a trace, whatever becomes of the call.
absl::StatusOr<statistics::v1::RebuildResponse> StatisticsService::Rebuild(rpc::Call& call,
                                                                           const statistics::v1::RebuildRequest& request) {
  const journal::Row row = RowOf(backend_, call, "Statistics", "REBUILD_STATISTICS", request.replace() ? "重算并替换" : "重算并比对");
  RETURN_IF_ERROR(backend_.pool.InTransaction(
      [&](mysql::Connection& connection) { return journal::Append(connection, {row}); }));
  backend_.committed();
  return api_.Rebuild(request);
}

}  // namespace sifa::mediation
