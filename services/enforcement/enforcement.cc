#include "services/enforcement/enforcement.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/office.h"
#include "services/enforcement/agency.h"
#include "services/enforcement/basis.h"
#include "services/enforcement/benchmark.h"
#include "services/enforcement/case.h"
#include "services/enforcement/delegation.h"
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

absl::Status Verify(mysql::Pool& pool, const crypto::Keyring& keyring, const casework::Objects&,
                    std::vector<journal::Finding>* findings) {
  return pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto altered, casework::AlteredKeys(OfficerKeyTerms(), keyring, connection));
    for (const std::string& id : altered) {
      findings->push_back({"OFFICER_KEY_CHANGED", 0, "", absl::StrCat("证件码密钥 ", id, "：不是系统生成的密钥")});
    }
    return VerifyFindings(keyring, connection, findings);
  });
}

absl::StatusOr<std::shared_ptr<const void>> ReadOwnData(const std::string& data_directory) {
  auto data = std::make_shared<OwnData>();
  ASSIGN_OR_RETURN(data->parameters, rules::Parameters::Load(data_directory + "/enforcement"));
  return data;
}

absl::Status SetUp(casework::Service& service) {
  RETURN_IF_ERROR(casework::ExposeOffice(service));
  return ExposeFindings(service);
}

}  // namespace

casework::ServiceDefinition Definition() {
  return {.name = "enforcement",
          .objects = {&kAgency, &kBasis, &kBenchmark, &kCase, &kDelegation, &kOfficer, &kPower, &kRuleSet},
          .schema = Schema(),
          .set_up = SetUp,
          .own_check = Verify,
          .own_data = ReadOwnData};
}

}  // namespace sifa::enforcement
