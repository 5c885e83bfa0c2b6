// Where the values of a case came from (数据溯源): computed from the raw rows and the version of the column map, kept nowhere.
#pragma once

#include "libs/casework/service.h"
#include "libs/rpc/described_service.h"
#include "sifa/enforcement/v1/case.pb.h"

namespace sifa::enforcement {

void ServeLineage(casework::Service& service, rpc::DescribedService& methods);

absl::StatusOr<v1::ListCaseVersionsResponse> ListVersions(const casework::Backend& backend, rpc::Call& call,
                                                          const v1::ListCaseVersionsRequest& r);
absl::StatusOr<v1::CaseLineage> GetLineage(const casework::Backend& backend, rpc::Call& call, const v1::GetCaseLineageRequest& r);

}  // namespace sifa::enforcement
