#include "services/corrections/risk_rules.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/core/clock.h"
#include "libs/core/csv.h"
#include "libs/core/status.h"

namespace sifa::corrections {
namespace {

using Fields = absl::Span<const absl::string_view>;

constexpr absl::string_view kFactNames[] = {"age",
                                            "category",
                                            "offence",
                                            "ban",
                                            "days_in_correction",
                                            "reported_late",
                                            "absence",
                                            "duty_missed",
                                            "leave_overstayed",
                                            "breach",
                                            "admonition",
                                            "warning",
                                            "police_penalty",
                                            "custody",
                                            "psychology",
                                            "commendation",
                                            "heightened_duty_missed",
                                            "roll_call_missed"};
constexpr int kNoBound = std::numeric_limits<int>::max();

absl::Status ReadNumber(absl::string_view text, int if_empty, int* number) {
  if (text.empty()) {
    *number = if_empty;
  } else if (!absl::SimpleAtoi(text, number)) {
    return Internal(absl::StrCat("not a number: ", text));
  }
  return absl::OkStatus();
}

absl::Status ReadRiskDay(absl::string_view text, int32_t if_empty, int32_t* day) {
  absl::CivilDay read;
  if (text.empty()) {
    *day = if_empty;
  } else if (ParseDay(text, &read)) {
    *day = RiskDay(read);
  } else {
    return Internal(absl::StrCat("not a day: ", text));
  }
  return absl::OkStatus();
}

absl::Status ReadCodes(absl::string_view text, std::bitset<kMostRiskCode>* codes) {
  for (const absl::string_view code : absl::StrSplit(text, '/', absl::SkipEmpty())) {
    int number = 0;
    if (!absl::SimpleAtoi(code, &number) || number < 0 || number >= kMostRiskCode)
      return Internal(absl::StrCat("no code: ", code));
    codes->set(number);
  }
  return absl::OkStatus();
}

absl::StatusOr<RiskRule> RuleOf(Fields fields) {
  RiskRule rule;
  rule.name = std::string(fields[0]);
  RETURN_IF_ERROR(ReadRiskDay(fields[1], std::numeric_limits<int32_t>::min(), &rule.valid_from));
  RETURN_IF_ERROR(ReadRiskDay(fields[2], std::numeric_limits<int32_t>::max(), &rule.valid_to));
  const auto* fact = std::find(std::begin(kFactNames), std::end(kFactNames), fields[3]);
  if (fact == std::end(kFactNames)) return Internal(absl::StrCat("a rule may not ask for this fact: ", fields[3]));
  rule.fact = static_cast<RiskFact>(fact - std::begin(kFactNames));
  RETURN_IF_ERROR(ReadCodes(fields[4], &rule.codes));
  RETURN_IF_ERROR(ReadNumber(fields[5], 0, &rule.at_least));
  RETURN_IF_ERROR(ReadNumber(fields[6], kNoBound, &rule.at_most));
  RETURN_IF_ERROR(ReadNumber(fields[7], 0, &rule.within_days));
  RETURN_IF_ERROR(ReadNumber(fields[8], 1, &rule.count));
  RETURN_IF_ERROR(ReadNumber(fields[9], 0, &rule.points));
  RETURN_IF_ERROR(ReadNumber(fields[10], rule.points, &rule.most));
  rule.basis = std::string(fields[11]);
  rule.text = std::string(fields[12]);
  if (rule.points == 0 || (rule.points > 0 ? rule.most < rule.points : rule.most > rule.points))
    return Internal(absl::StrCat("points of a rule: ", rule.name));
  return rule;
}

bool Matches(const RiskRule& rule, const RiskEvidence& evidence, int32_t day) {
  return evidence.fact == rule.fact && evidence.from <= day && day <= evidence.until && evidence.number >= rule.at_least &&
         evidence.number <= rule.at_most && (rule.within_days == 0 || evidence.from > day - rule.within_days) &&
         (rule.codes.none() || rule.codes[evidence.code]);
}

}  // namespace

absl::Span<const absl::string_view> RiskFactNames() { return kFactNames; }

absl::StatusOr<RiskRules> RiskRules::Load(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::string rules, ReadDataFile(directory + "/risk-rules.csv"));
  ASSIGN_OR_RETURN(const std::string levels, ReadDataFile(directory + "/risk-levels.csv"));
  return Parse(rules, levels);
}

absl::StatusOr<RiskRules> RiskRules::Parse(absl::string_view rules, absl::string_view levels) {
  RiskRules parsed;
  RETURN_IF_ERROR(ReadCsv(rules,
                          {"rule", "valid_from", "valid_to", "fact", "codes", "at_least", "at_most", "within_days", "count",
                           "points", "most", "basis", "text"},
                          13, [&](Fields fields) -> absl::Status {
                            ASSIGN_OR_RETURN(parsed.rules_.emplace_back(), RuleOf(fields));
                            return absl::OkStatus();
                          }));
  RETURN_IF_ERROR(
      ReadCsv(levels, {"valid_from", "valid_to", "level", "at_least", "management_class"}, 5, [&](Fields fields) -> absl::Status {
        RiskStep& step = parsed.steps_.emplace_back();
        RETURN_IF_ERROR(ReadRiskDay(fields[0], std::numeric_limits<int32_t>::min(), &step.valid_from));
        RETURN_IF_ERROR(ReadRiskDay(fields[1], std::numeric_limits<int32_t>::max(), &step.valid_to));
        if (!v1::RiskLevel_Parse(std::string(fields[2]), &step.level)) return Internal(absl::StrCat("no level: ", fields[2]));
        RETURN_IF_ERROR(ReadNumber(fields[3], 0, &step.at_least));
        step.management_class = std::string(fields[4]);
        return absl::OkStatus();
      }));
  return parsed;
}

RiskScore ScoreRisk(const RiskRules& rules, absl::Span<const RiskEvidence> evidence, absl::CivilDay day) {
  const int32_t on = RiskDay(day);
  RiskScore score;
  for (const RiskRule& rule : rules.rules()) {
    if (on < rule.valid_from || rule.valid_to < on) continue;
    const size_t first = score.marks.size();
    int found = 0, left = rule.most;
    for (const RiskEvidence& one : evidence) {
      if (!Matches(rule, one, on)) continue;
      ++found;
      const int points = rule.points > 0 ? std::min(rule.points, left) : std::max(rule.points, left);
      left -= points;
      if (points != 0) score.marks.push_back({&rule, &one, points});
    }
    if (found < rule.count) score.marks.resize(first, RiskMark{});
  }
  for (const RiskMark& mark : score.marks) score.sum += mark.points;
  for (const RiskStep& step : rules.steps()) {
    const bool higher = score.step == nullptr || step.at_least > score.step->at_least;
    if (step.valid_from <= on && on <= step.valid_to && score.sum >= step.at_least && higher) score.step = &step;
  }
  return score;
}

}  // namespace sifa::corrections
