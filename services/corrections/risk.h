// 精准画像: the risk of a person on a day, made of the records of his term by the rules of risk_rules.h. It proposes a class and
// says why; the county decides (Subject.classify), and may hold another level to be right for a time (RiskOverride).
#pragma once

#include <string>
#include <vector>

#include "libs/casework/service.h"
#include "libs/procedure/procedure.h"
#include "services/corrections/risk_rules.h"
#include "services/corrections/subject.h"

namespace sifa::corrections {

// Whose a fact is.
struct RiskSource {
  absl::string_view type;
  std::string id;
};

struct RiskFacts {
  std::vector<RiskEvidence> evidence;
  std::vector<RiskSource> sources;  // by RiskEvidence::source
};

// The facts of a person as they were on a day, as it is known now. `records`: of his term.
RiskFacts RiskFactsOf(const Subject& s, const procedure::Relatives& records, absl::CivilDay day);

// The answer for a day, compared with an earlier one where `since` names it.
v1::Risk RiskOn(const RiskRules& rules, const CodeTables& codes, const Subject& s, const procedure::Relatives& records,
                absl::CivilDay day, const std::string& since = "");

void ServeRisk(casework::Service& service, rpc::DescribedService& methods);

}  // namespace sifa::corrections
