// 风险评估: what the facts of a person's term come to, by dated rules that are data (data/corrections/risk-rules.csv,
// risk-levels.csv; mission 6). Pure: facts in, points out, a hundred thousand persons a second on one core.
//
// The rules may name the facts of RiskFact and no others: what a person is by birth, belief or conviction is not among them, and
// a table that asks for it stops the start.
#pragma once

#include <bitset>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "sifa/corrections/v1/risk.pb.h"

namespace sifa::corrections {

using v1::RiskLevel;

// In the order of RiskFactNames.
enum class RiskFact : uint8_t {
  kAge,               // number: years on the day
  kCategory,          // code: correction_category
  kOffence,           // code: offence_chapter
  kBan,               // a court's ban binds him
  kDaysInCorrection,  // number: since his reception
  kReportedLate,      // number: days after the limit
  kAbsence,           // number: days out of supervision
  kDutyMissed,        // code: Duty::Kind
  kLeaveOverstayed,   // number: days late
  kBreach,            // code: Breach::Kind, of an established one
  kAdmonition,
  kWarning,
  kPolicePenalty,
  kCustody,     // code: Custody::Kind
  kPsychology,  // code: PsychologyCase::Level
  kCommendation,
  kHeightenedDutyMissed,  // code: Duty::Kind; what a 重点时段 asked for
  kRollCallMissed,        // code: 1; in a 重点时段 2
};
absl::Span<const absl::string_view> RiskFactNames();

constexpr int kMostRiskCode = 128;

// One fact of a person: how much, of which kind, and since and until which day it counts.
struct RiskEvidence {
  RiskFact fact;
  int code = 0;  // below kMostRiskCode
  int number = 0;
  int32_t from = 0, until = std::numeric_limits<int32_t>::max();  // RiskDay of the first day and of the last
  int source = 0;                                                 // whose it is: an index of the caller's
};

constexpr int32_t RiskDay(absl::CivilDay day) { return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1)); }

struct RiskRule {
  std::string name, basis, text;
  int32_t valid_from = 0, valid_to = 0;
  RiskFact fact = RiskFact::kAge;
  std::bitset<kMostRiskCode> codes;  // none: any
  int at_least = 0, at_most = 0;     // of the number
  int within_days = 0;               // of the day, it included; 0: at any time
  int count = 1;                     // so many of them at least
  int points = 0, most = 0;          // of each, and of all together
};

struct RiskStep {
  int32_t valid_from = 0, valid_to = 0;
  RiskLevel level = v1::LOW;
  int at_least = 0;
  std::string management_class;
};

class RiskRules {
 public:
  // Of data/corrections. DATA_FILE_MALFORMED where a rule names a fact that is not of the list.
  static absl::StatusOr<RiskRules> Load(const std::string& directory);
  static absl::StatusOr<RiskRules> Parse(absl::string_view rules, absl::string_view levels);

  const std::vector<RiskRule>& rules() const { return rules_; }
  const std::vector<RiskStep>& steps() const { return steps_; }

 private:
  std::vector<RiskRule> rules_;  // by fact
  std::vector<RiskStep> steps_;
};

struct RiskMark {
  const RiskRule* rule;
  const RiskEvidence* evidence;
  int points;
};

struct RiskScore {
  int sum = 0;
  const RiskStep* step = nullptr;  // null: no level holds on the day
  absl::InlinedVector<RiskMark, 16> marks;
};

RiskScore ScoreRisk(const RiskRules& rules, absl::Span<const RiskEvidence> evidence, absl::CivilDay day);

}  // namespace sifa::corrections
