#include "services/enforcement/enforcement.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "libs/casework/office.h"
#include "services/enforcement/agency.h"
#include "services/enforcement/basis.h"
#include "services/enforcement/batch.h"
#include "services/enforcement/batch_evidence.h"
#include "services/enforcement/batch_work.h"
#include "services/enforcement/benchmark.h"
#include "services/enforcement/case.h"
#include "services/enforcement/delegation.h"
#include "services/enforcement/duplicate.h"
#include "services/enforcement/finding_service.h"
#include "services/enforcement/findings.h"
#include "services/enforcement/officer.h"
#include "services/enforcement/officer_code.h"
#include "services/enforcement/own_data.h"
#include "services/enforcement/power.h"
#include "services/enforcement/rule_set.h"
#include "services/enforcement/schema.h"

namespace sifa::enforcement {
namespace {

absl::Status Verify(mysql::Pool& pool, const crypto::Keyring& keyring, const casework::Objects& objects,
                    std::vector<journal::Finding>* findings) {
  return pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto altered, casework::AlteredKeys(OfficerKeyTerms(), keyring, connection));
    for (const std::string& id : altered) {
      findings->push_back({"OFFICER_KEY_CHANGED", 0, "", absl::StrCat("证件码密钥 ", id, "：不是系统生成的密钥")});
    }
    RETURN_IF_ERROR(VerifyFindings(keyring, connection, findings));
    return VerifyEvidence(connection, keyring, objects, findings);
  });
}

absl::Status SetUp(casework::Service& service) {
  service.Every(absl::Milliseconds(500), "working on batches", [&service]() -> absl::Status {
    for (bool more = true; more;) {
      ASSIGN_OR_RETURN(more, WorkOnBatches(service.backend(), std::filesystem::temp_directory_path()));
    }
    return absl::OkStatus();
  });
  RETURN_IF_ERROR(casework::ExposeOffice(service));
  return ExposeFindings(service);
}

}  // namespace

casework::ServiceDefinition Definition() {
  return {.name = "enforcement",
          .objects = {&kAgency, &kBasis, &kBatch, &kBenchmark, &kCase, &kDelegation, &kDuplicate, &kOfficer, &kPower, &kRuleSet},
          .schema = Schema(),
          .set_up = SetUp,
          .own_check = Verify,
          .own_data = ReadOwnData};
}

}  // namespace sifa::enforcement
