#include "libs/casework/statistics_service.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "libs/casework/acts.h"
#include "libs/casework/settled.h"
#include "libs/casework/where.h"
#include "libs/core/organisation_path.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/statistics/answers.h"

namespace sifa::casework {

using statistics::StatisticsApi;

namespace {

statistics::Scopes ScopesOf(const rpc::Call& call) { return casework::ScopesOf(call, call.method().access.permission()); }

// Takes out those that are sealed from the caller: they count, and are named to nobody whose post they are not.
template <class Objects>
absl::Status NameNoSealed(const Backend& backend, const rpc::Call& call, Objects* objects) {
  if (objects->empty()) return absl::OkStatus();
  Where where;
  std::vector<std::string> ids;
  for (const auto& object : *objects) {
    ASSIGN_OR_RETURN(const Id id, ParseId(object.object_id()));
    ids.emplace_back(id.AsBytes());
  }
  where.AndIn("id", ids);
  std::set<std::string> hidden;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows,
                     connection.Query(absl::StrCat("SELECT id, organisation_path FROM object", where.sql()), where.Values()));
    hidden.clear();
    for (const auto& row : rows) {
      if (IsSealed(row.Bytes(1)) && !call.MayAct(call.method().access.permission(), row.Bytes(1)))
        hidden.insert(row.AsId(0).ToString());
    }
    return absl::OkStatus();
  }));
  objects->erase(
      std::remove_if(objects->begin(), objects->end(), [&](const auto& object) { return hidden.contains(object.object_id()); }),
      objects->end());
  return absl::OkStatus();
}

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
  row.occurred_at = row.recorded_at;
  row.image = backend.store.EncryptImage(row, image);
  row.request = backend.store.EncryptRequest(row, KeptRequestOf(call));
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
  service.On("DrillDown", this, &StatisticsService::DrillDown);
  On(service, "QueryRates", &StatisticsApi::Rates);
  On(service, "ExportStatistics", &StatisticsApi::Export);
  On(service, "GetReport", &StatisticsApi::GetReport);
  On(service, "ListReports", &StatisticsApi::ListReports);
  service.On("CompareReport", this, &StatisticsService::CompareReport);
  service.On("FreezeReport", this, &StatisticsService::Freeze);
  service.On("RebuildStatistics", this, &StatisticsService::Rebuild);
  On(service, "GetRebuild", &StatisticsApi::GetRebuild);
  On(service, "ListRebuilds", &StatisticsApi::ListRebuilds);
}

absl::Status StatisticsService::Query(rpc::Call& call, const statistics::v1::QueryRequest& request,
                                      statistics::v1::QueryResponse* answer) {
  return api_.Query(request, ScopesOf(call), answer);
}

absl::StatusOr<statistics::v1::DrillDownResponse> StatisticsService::DrillDown(rpc::Call& call,
                                                                               const statistics::v1::DrillDownRequest& request) {
  ASSIGN_OR_RETURN(auto response, api_.DrillDown(request, ScopesOf(call)));
  RETURN_IF_ERROR(NameNoSealed(backend_, call, response.mutable_objects()));
  return response;
}

absl::StatusOr<statistics::v1::CompareReportResponse> StatisticsService::CompareReport(
    rpc::Call& call, const statistics::v1::CompareReportRequest& request) {
  ASSIGN_OR_RETURN(auto response, api_.CompareReport(request, ScopesOf(call)));
  RETURN_IF_ERROR(NameNoSealed(backend_, call, response.mutable_objects()));
  return response;
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

// Journalled as it begins, and once more with what was found: nothing takes the place of the counters without a trace.
absl::StatusOr<statistics::v1::Rebuild> StatisticsService::Rebuild(rpc::Call& call,
                                                                   const statistics::v1::RebuildRequest& request) {
  RETURN_IF_ERROR(StatisticsApi::RequireAll(ScopesOf(call)));
  const RequestKey key = KeyOf(call, request);
  statistics::Rebuild rebuild;
  const auto repeat = [&](mysql::Connection& connection, const Id& journal_id) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT object_id FROM journal WHERE id = ?", {journal_id}));
    if (rows.empty()) return Internal("journal row of a request is missing");
    ASSIGN_OR_RETURN(rebuild, statistics::ReadRebuild(connection, rows[0].AsId(0)));
    return absl::OkStatus();
  };
  const auto begin = [&](mysql::Connection& connection) -> absl::StatusOr<Id> {
    journal::Row row =
        RowOf(backend_, call, kStatistics, "REBUILD_STATISTICS", Words(request.replace() ? "重算并替换" : "重算并比对"), key);
    rebuild = {};
    rebuild.id = row.object_id = NewId(backend_.clock.Now());
    rebuild.replaces = request.replace();
    rebuild.begun = row.id;
    rebuild.started_at = row.recorded_at;
    RETURN_IF_ERROR(statistics::BeginRebuild(connection, &rebuild));
    RETURN_IF_ERROR(backend_.writer->Append(connection, {row}));
    return row.id;
  };
  RETURN_IF_ERROR(RunSettled(backend_, key, begin, repeat));
  return statistics::ToProto(rebuild);
}

absl::Status StatisticsService::JournalEnd(mysql::Connection& connection, const statistics::Rebuild& rebuild) const {
  if (!rebuild.begun) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      const auto begun,
      connection.Query("SELECT organisation, organisation_path, actor, record FROM journal WHERE id = ?", {*rebuild.begun}));
  if (begun.empty()) return Internal("journal row of a rebuild is missing");
  journal::Row row;
  row.id = NewId(backend_.clock.Now());
  row.object_type = kStatistics;
  row.object_id = rebuild.id;
  row.organisation = begun[0].Bytes(0);
  row.organisation_path = begun[0].Bytes(1);
  row.actor = begun[0].Bytes(2);
  v1::ActRecord record;
  if (!record.ParseFromString(begun[0].Bytes(3))) return Internal("an act's record does not parse");
  record.clear_request_key();  // which is that of the beginning
  row.record = record.SerializeAsString();
  row.action = "STATISTICS_REBUILT";
  row.occurred_on = backend_.clock.Today();
  row.recorded_at = backend_.clock.Now();
  row.image = backend_.store.EncryptImage(
      row, Words(!rebuild.report ? absl::StrCat("重算未能完成：", rebuild.problem)
                                 : absl::StrCat("比对 ", rebuild.report->counters, " 格，", rebuild.report->difference_count,
                                                " 处不同", rebuild.report->replaced ? "，已替换" : "")));
  return backend_.writer->Append(connection, {row});
}

}  // namespace sifa::casework
