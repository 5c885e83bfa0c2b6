// The rules by which cases of others are judged (law §4.4): each a pure function of facts and calendar, with the article that it
// holds and the date that says which version of the law a case is judged by.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "libs/calendar/calendar.h"
#include "libs/procedure/procedure.h"
#include "services/enforcement/rules/facts.h"
#include "services/enforcement/rules/parameters.h"

namespace sifa::enforcement::rules {

enum class Verdict : uint8_t { kPass, kFail, kUnknown, kPending, kNotApplicable };
enum class Severity : uint8_t {
  kDefect = 1,  // 瑕疵
  kBreach = 2,  // 违法
  kVoid = 3,    // 重大违法 (行政处罚法 §38)
};

struct Judgement {
  Verdict verdict = Verdict::kNotApplicable;
  std::string text;                    // why, with the calculation
  std::vector<std::string> missing;    // UNKNOWN: fields of Entry
  std::optional<CivilDay> until = {};  // PENDING: the last day on which it is not yet broken
};

// What a case is judged by. Borrows all.
struct Bench {
  const calendar::Calendar& calendar;
  const Parameters& parameters;
  CivilDay today;
};

struct Rule {
  absl::string_view id;
  int place;  // its character in packed verdicts; never another rule's
  absl::string_view title;
  int version = 1;  // rises with each change of the function
  Severity severity = Severity::kBreach;
  // Its articles with their days; on other days it is NOT_APPLICABLE. The day is that of the act of procedure, or of the conduct
  // where the rule is of substance (行政处罚法 §37).
  procedure::Laws law;
  Fact<CivilDay> Facts::*dated = nullptr;  // null: the rule chooses for itself
  Judgement (*judge)(const Facts&, const Bench&, const Rule&) = nullptr;

  // The figure that sector and place set for it on the day; nullopt where they set none.
  std::optional<int64_t> Figure(absl::string_view name, const Facts&, const Bench&, CivilDay day) const;
};

// All rules, by id.
absl::Span<const Rule> AllRules();
const Rule* FindRule(absl::string_view id);

// The verdict of a rule: UNKNOWN names the date that would choose its version, NOT_APPLICABLE where no law of it was in force
// then.
Judgement Judge(const Rule& rule, const Facts& facts, const Bench& bench);
// The article by which a case is judged; empty where none was in force on its date.
std::string ArticleOf(const Rule& rule, const Facts& facts, const Bench& bench);

}  // namespace sifa::enforcement::rules
