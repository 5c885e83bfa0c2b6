#include "libs/casework/statistics_service.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/acts.h"
#include "libs/casework/settled.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/statistics/answers.h"

namespace sifa::casework {

using statistics::StatisticsApi;

namespace {

statistics::Scopes ScopesOf(const rpc::Call& call) { return casework::ScopesOf(call, call.method().access.permission()); }

constexpr char kStatistics[] = "Statistics";  // what the journal names as the object: the figures as a whole

v1::Image Words(const std::string& words) {
  v1::Image image;
  image.set_reason(words);
  return image;
}

// The journal row of what a caller did to figures, and in whose name.
journal::Row RowOf(const Backend& backend, const rpc::Call& call, const std::string& object_type, const std::string& action,
                   const v1::Image& image, const RequestKey& key = {}) {
  v1::ActRecord record;
  record.set_request_key(backend.store.RequestKey(key.caller, key.method, key.request_id));
  record.set_actor_account(call.claims().account());
  journal::Row row;
  row.id = NewId(backend.clock.Now());
  row.object_type = object_type;
  if (const auto grants = call.GrantsFor(call.method().access.permission()); !grants.empty()) {
    row.organisation = grants.front()->organisation();
    row.organisation_path = grants.front()->path();
  }
  row.actor = Actor::Of(call).id();
  row.action = action;
  row.occurred_on = call.today();
  row.recorded_at = call.now();
  row.record = record.SerializeAsString();
  row.image = backend.store.EncryptImage(row, image);
  return row;
}

template <class Request>
RequestKey KeyOf(const rpc::Call& call, const Request& request) {
  return {Actor::Of(call).id(), call.method().path, request.request_id(), RequestDigest(request)};
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
  const RequestKey key = KeyOf(call, request);
  statistics::StoredReport report;
  const auto repeat = [&](mysql::Connection& connection, const Id& journal_id) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT object_id FROM journal WHERE id = ?", {journal_id}));
    if (rows.empty()) return Internal("journal row of a request is missing");
    ASSIGN_OR_RETURN(report, statistics::ReadReport(connection, rows[0].AsId(0)));
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const bool done, FindSettled(backend_, key, repeat));
  if (done) return statistics::ToProto(report);
  ASSIGN_OR_RETURN(report, api_.Draft(request, ScopesOf(call), key.caller));
  const auto file = [&](mysql::Connection& connection) -> absl::StatusOr<Id> {
    RETURN_IF_ERROR(statistics::InsertReport(connection, report));
    journal::Row row = RowOf(backend_, call, "Report", "FREEZE_REPORT",
                             Words(absl::StrCat(report.name, "，校验值 ", crypto::Hex(report.digest))), key);
    row.object_id = report.id;
    RETURN_IF_ERROR(backend_.writer->Append(connection, {row}));
    return row.id;
  };
  RETURN_IF_ERROR(RunSettled(backend_, key, file, repeat));
  return statistics::ToProto(report);
}

// Journalled before it begins: nothing takes the place of the counters without a trace, whatever becomes of the call. Journalled
// again with what was found, which is the answer to the same request from then on; one that was cut off before that counts anew.
absl::StatusOr<statistics::v1::RebuildResponse> StatisticsService::Rebuild(rpc::Call& call,
                                                                           const statistics::v1::RebuildRequest& request) {
  const RequestKey key = KeyOf(call, request);
  statistics::v1::RebuildResponse response;
  const auto repeat = [&](mysql::Connection& connection, const Id& journal_id) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Image image, backend_.store.ImageOf(connection, journal_id));
    return response.ParseFromString(image.object()) ? absl::OkStatus() : Internal("journal image does not parse");
  };
  ASSIGN_OR_RETURN(const bool done, FindSettled(backend_, key, repeat));
  if (done) return response;
  const journal::Row begun =
      RowOf(backend_, call, kStatistics, "REBUILD_STATISTICS", Words(request.replace() ? "重算并替换" : "重算并比对"));
  RETURN_IF_ERROR(
      backend_.pool.InTransaction([&](mysql::Connection& connection) { return backend_.writer->Append(connection, {begun}); }));
  backend_.committed();
  ASSIGN_OR_RETURN(response, api_.Rebuild(request));
  const auto keep = [&](mysql::Connection& connection) -> absl::StatusOr<Id> {
    v1::Image image = Words(absl::StrCat("比对 ", response.counters(), " 格，", response.difference_count(), " 处不同",
                                         response.replaced() ? "，已替换" : ""));
    image.set_object(response.SerializeAsString());
    const journal::Row row = RowOf(backend_, call, kStatistics, "STATISTICS_REBUILT", image, key);
    RETURN_IF_ERROR(backend_.writer->Append(connection, {row}));
    return row.id;
  };
  RETURN_IF_ERROR(RunSettled(backend_, key, keep, repeat));
  return response;
}

}  // namespace sifa::casework
