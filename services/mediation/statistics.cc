#include "services/mediation/statistics.h"

namespace sifa::mediation {

using statistics::StatisticsApi;

template <class Request, class Response>
void StatisticsService::On(rpc::DescribedService& service, const char* method,
                           absl::StatusOr<Response> (StatisticsApi::*answer)(const Request&, const statistics::Scopes&) const) {
  service.Add(method, [this, answer](rpc::Call& call, const google::protobuf::Message& request,
                                     google::protobuf::Message* response) -> absl::Status {
    const auto scopes = casework::ScopesOf(call, call.method().access.permission());
    ASSIGN_OR_RETURN(*static_cast<Response*>(response), (api_.*answer)(static_cast<const Request&>(request), scopes));
    return absl::OkStatus();
  });
}

void StatisticsService::Register(rpc::DescribedService& service) {
  On(service, "QueryStatistics", &StatisticsApi::Query);
  On(service, "DrillDown", &StatisticsApi::DrillDown);
  On(service, "ExportStatistics", &StatisticsApi::Export);
  On(service, "GetReport", &StatisticsApi::GetReport);
  On(service, "ListReports", &StatisticsApi::ListReports);
  On(service, "CompareReport", &StatisticsApi::CompareReport);
  service.On("FreezeReport", this, &StatisticsService::Freeze);
  service.On("RebuildStatistics", this, &StatisticsService::Rebuild);
}

absl::StatusOr<statistics::v1::Report> StatisticsService::Freeze(rpc::Call& call, const statistics::v1::FreezeRequest& request) {
  return api_.Freeze(request, casework::ScopesOf(call, call.method().access.permission()), casework::Actor::Of(call).id());
}

absl::StatusOr<statistics::v1::RebuildResponse> StatisticsService::Rebuild(rpc::Call&,
                                                                           const statistics::v1::RebuildRequest& request) {
  return api_.Rebuild(request);
}

}  // namespace sifa::mediation
