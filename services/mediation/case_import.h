// The import of closed cases of past years, line by line.
#pragma once

#include <map>

#include "libs/casework/casework.h"
#include "services/mediation/case.h"
#include "services/mediation/committee.h"
#include "sifa/mediation/v1/import.pb.h"

namespace sifa::mediation {

class CaseImport {
 public:
  explicit CaseImport(const casework::Backend& backend) : backend_(backend), cases_(backend) {}

  absl::StatusOr<v1::ImportCasesResponse> Import(rpc::Call& call, rpc::Reader<v1::ImportCasesRequest> reader);

 private:
  struct Line;
  class Batches;
  using Committees = std::map<std::string, Committee>;  // by organisation, those met in this upload

  absl::StatusOr<Case> CaseOf(rpc::Call& call, const v1::ImportCasesRequest& request, Committees* committees);
  absl::StatusOr<const Committee*> CommitteeOf(rpc::Call& call, const std::string& organisation, Committees* committees);
  // Commits the lines of one batch, or, where one of them fails together with the others, each on its own; then they are gone.
  absl::Status Commit(rpc::Call& call, std::vector<Line>& lines, v1::ImportCasesResponse* response);
  // Called from several threads.
  absl::Status CommitTogether(rpc::Call& call, absl::Span<Line> lines, v1::ImportCasesResponse* response);
  // The record that was imported and voided since becomes what the line says, with the line as its key from now on.
  absl::Status RequireCommittee(casework::Neighbours& neighbours, const Case& c);
  absl::Status Replace(rpc::Call& call, const Line& line, const Id& voided, mysql::Connection& connection);

  const casework::Backend& backend_;
  const casework::Casework<Case> cases_;
};

}  // namespace sifa::mediation
