// PaperService: the papers of the objects of a service, as PDF, for those who may read the objects.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/issued_papers.h"
#include "libs/contract/contract.h"
#include "libs/rpc/described_service.h"

namespace sifa::casework {

class PaperService {
 public:
  // `contract` says who may read objects of each type: who may call its Get. All outlive it.
  PaperService(const Backend& backend, const contract::Contract& contract, const IssuedPapers& papers)
      : backend_(backend), contract_(contract), papers_(papers) {}
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::ListPapersResponse> ListOf(rpc::Call& call, const v1::ListPapersRequest& r);
  // NOT_FOUND where the act made no such paper, or there is no such wording of it.
  absl::Status Download(rpc::Call& call, const v1::DownloadPaperRequest& r, rpc::Writer<v1::DownloadPaperResponse> writer);

 private:
  // Refuses with NOT_FOUND whoever may not read the object.
  absl::Status RequireReach(const rpc::Call& call, const ObjectType& type, const std::string& id) const;

  const Backend& backend_;
  const contract::Contract& contract_;
  const IssuedPapers& papers_;
};

}  // namespace sifa::casework
