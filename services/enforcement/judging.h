// 研判: a case judged by all rules, party by party.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/enforcement/case_facts.h"
#include "services/enforcement/registers.h"
#include "services/enforcement/rules/rule.h"
#include "sifa/enforcement/v1/finding.pb.h"

namespace sifa::enforcement {

// The figures in force. `rule_set`: the id of the latest set of rules that changed them; empty: none did.
struct RuleBook {
  rules::Parameters parameters;
  std::string rule_set;
};

// Whether the form by which an entry came has a column for the field of Entry.
using Asks = std::function<bool(absl::string_view field)>;

// What is told of one party, with what the registers say of those whom it names.
absl::StatusOr<rules::Facts> FactsOf(const Case& c, const Entry& entry, const Asks& asks, Registers& registers);
// What the form asked by which the entry came: all, where it was typed here; of a file nothing is known but what it tells.
Asks AskedOf(const Entry& entry);
// The verdict of a rule, NOT_APPLICABLE where a figure takes it out of use for the sector and the place.
rules::Judgement JudgeInUse(const rules::Rule& rule, const rules::Facts& facts, const rules::Bench& bench);
// The entries by which a case is judged: none of a record that does not count.
std::vector<const Entry*> JudgedEntries(const Case& c);

struct Judged {
  std::vector<v1::Finding> findings;  // FAIL and PENDING, without times
  v1::CaseFindings rest;              // what could not be judged, was kept, or does not apply
  // By the place of each rule the worst that it says of any party: F, P (pending), U, K (kept), or - where it does not apply.
  std::string verdicts;
  std::optional<absl::CivilDay> until;  // the first day on which something that is pending ends
};
absl::StatusOr<Judged> JudgeCase(const Case& c, const RuleBook& book, const calendar::Calendar& calendar, absl::CivilDay today,
                                 Registers& registers);

}  // namespace sifa::enforcement
