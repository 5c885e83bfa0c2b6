// RegionService, CodeTableService and IdentifierService: what is looked up in the data of the suite.
#pragma once

#include "libs/core/code_table.h"
#include "libs/core/region_table.h"
#include "libs/rpc/described_service.h"
#include "sifa/reference/v1/code_table.pb.h"
#include "sifa/reference/v1/identifier.pb.h"
#include "sifa/reference/v1/region.pb.h"

namespace sifa::reference {

class RegionService {
 public:
  explicit RegionService(const RegionTable& regions) : regions_(regions) {}
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::Region> Get(rpc::Call& call, const v1::GetRegionRequest& r);
  absl::StatusOr<v1::RegionList> ListProvinces(rpc::Call& call, const v1::ListProvincesRequest& r);
  absl::StatusOr<v1::RegionList> ListChildren(rpc::Call& call, const v1::ListRegionChildrenRequest& r);
  absl::StatusOr<v1::RegionList> Search(rpc::Call& call, const v1::SearchRegionsRequest& r);

 private:
  // In the names of a day; without one, of their latest time.
  v1::RegionList ToList(const std::vector<Region>& regions, std::optional<absl::CivilDay> day = std::nullopt) const;
  void Fill(const Region& region, std::optional<absl::CivilDay> day, v1::Region* out) const;

  const RegionTable& regions_;
};

class CodeTableService {
 public:
  explicit CodeTableService(const CodeTables& tables) : tables_(tables) {}
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::ListCodeTablesResponse> List(rpc::Call& call, const v1::ListCodeTablesRequest& r);
  absl::StatusOr<v1::CodeTable> Get(rpc::Call& call, const v1::GetCodeTableRequest& r);

 private:
  const CodeTables& tables_;
};

class IdentifierService {
 public:
  explicit IdentifierService(const RegionTable& regions) : regions_(regions) {}
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::CheckedIdentifier> Check(rpc::Call& call, const v1::CheckIdentifierRequest& r);

 private:
  v1::CheckedIdentifier CheckRegion(const std::string& text, absl::CivilDay today) const;

  const RegionTable& regions_;
};

}  // namespace sifa::reference
