// How rules say what they have found. Not for use outside rules/.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/calendar/periods.h"
#include "libs/core/clock.h"
#include "libs/core/money.h"
#include "libs/procedure/clocks.h"
#include "services/enforcement/rules/rule.h"

namespace sifa::enforcement::rules {

inline Judgement Pass(std::string text) { return {Verdict::kPass, std::move(text), {}}; }
inline Judgement Fail(std::string text) { return {Verdict::kFail, std::move(text), {}}; }
inline Judgement NotApplicable(std::string text) { return {Verdict::kNotApplicable, std::move(text), {}}; }
inline Judgement Pending(CivilDay until, std::string text) { return {Verdict::kPending, std::move(text), {}, until}; }
inline Judgement Unknown(absl::string_view field, std::string text = "") {
  return {Verdict::kUnknown, std::move(text), {std::string(field)}};
}
inline Judgement Is(bool lawful, std::string text) { return lawful ? Pass(std::move(text)) : Fail(std::move(text)); }

// UNKNOWN with those of the facts that nobody asked for; nullopt where there is none.
inline std::optional<Judgement> Missing(std::initializer_list<const AnyFact*> facts) {
  Judgement unknown{Verdict::kUnknown, "", {}};
  for (const AnyFact* fact : facts) {
    if (!fact->known()) unknown.missing.emplace_back(fact->field);
  }
  return unknown.missing.empty() ? std::nullopt : std::optional(std::move(unknown));
}
// The same, where an empty column says no more than none.
inline std::optional<Judgement> Untold(std::initializer_list<const AnyFact*> facts) {
  Judgement unknown{Verdict::kUnknown, "", {}};
  for (const AnyFact* fact : facts) {
    if (!fact->told) unknown.missing.emplace_back(fact->field);
  }
  return unknown.missing.empty() ? std::nullopt : std::optional(std::move(unknown));
}

inline std::string Yuan(int64_t fen) { return absl::StrCat(FormatYuan(fen), "元"); }

// The last day of a period. Provisional where the notice of its year is not out: then it may still roll over.
struct Limit {
  CivilDay due;
  bool provisional = false;
  std::string text;  // "自2024-07-05起90日，至2024-10-08"
  bool IsPastOn(CivilDay day) const { return day > procedure::LastDay(due, provisional); }
};
// nullopt where its working days cannot be counted, since no notice of the year is known.
std::optional<Limit> LimitOf(const Bench& bench, const calendar::Period& period, CivilDay event,
                             std::vector<calendar::Excluded> excluded = {});
inline Judgement CalendarUnknown() { return Unknown("calendar", "该年度的节假日安排未录入"); }
// Of what had to be done within the limit: in time, late, or not yet. `what`: "作出决定".
Judgement Within(const Bench& bench, const std::optional<Limit>& limit, const Fact<CivilDay>& done, absl::string_view what);

}  // namespace sifa::enforcement::rules
