#include "services/enforcement/rules/rule.h"

#include "services/enforcement/rules/judgements.h"

namespace sifa::enforcement::rules {
namespace {

// The article in force on the day; null where none was.
const procedure::Law* LawOn(const Rule& rule, CivilDay day) { return rule.law.HoldOn(day) ? &rule.law.On(day) : nullptr; }

}  // namespace

std::optional<int64_t> Rule::Figure(absl::string_view name, const Facts& facts, const Bench& bench, CivilDay day) const {
  return bench.parameters.Find(id, name, facts.field, facts.region, day);
}

const Rule* FindRule(absl::string_view id) {
  for (const Rule& rule : AllRules()) {
    if (rule.id == id) return &rule;
  }
  return nullptr;
}

Judgement Judge(const Rule& rule, const Facts& facts, const Bench& bench) {
  if (rule.dated != nullptr) {
    const Fact<CivilDay>& dated = facts.*rule.dated;
    if (!dated.known()) return Unknown(dated.field);
    if (dated && LawOn(rule, *dated) == nullptr) {
      return NotApplicable(absl::StrCat(FormatDay(*dated), "施行的法律没有这一规定"));
    }
  }
  return rule.judge(facts, bench, rule);
}

std::string ArticleOf(const Rule& rule, const Facts& facts, const Bench& bench) {
  const Fact<CivilDay>* dated = rule.dated == nullptr ? nullptr : &(facts.*rule.dated);
  const procedure::Law* law = LawOn(rule, dated != nullptr && *dated ? **dated : bench.today);
  return law == nullptr ? "" : law->ToString();
}

}  // namespace sifa::enforcement::rules
