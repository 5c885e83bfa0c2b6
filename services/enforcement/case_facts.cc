#include "services/enforcement/case_facts.h"

#include <algorithm>
#include <array>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "libs/core/identifiers.h"
#include "libs/core/text.h"
#include "libs/crypto/suite.h"

namespace sifa::enforcement {
namespace {

// Code tables enforcement_change and enforcement_disposal.
constexpr char kAltered[] = "1";
constexpr char kNoPenalty[] = "1";
constexpr char kDropped[] = "2";

// Light to heavy; classes that weigh the same stand side by side.
constexpr std::array kByWeight = {"99", "11", "12", "21", "22", "23", "31", "32", "41", "42", "43", "44", "33", "51"};

constexpr std::array kByProgress = {Case::OPEN,        Case::DECIDED, Case::CHANGED,    Case::CLOSED,
                                    Case::TRANSFERRED, Case::DROPPED, Case::NO_PENALTY, Case::ANNULLED};

using DayField = const std::string& (Entry::*)() const;

std::string First(const std::vector<const Entry*>& entries, DayField day) {
  std::string first;
  for (const Entry* entry : entries) {
    const std::string& found = (entry->*day)();
    if (!found.empty() && (first.empty() || found < first)) first = found;
  }
  return first;
}

// Empty where one of them lacks it.
std::string LastOfAll(const std::vector<const Entry*>& entries, DayField day) {
  std::string last;
  for (const Entry* entry : entries) {
    const std::string& found = (entry->*day)();
    if (found.empty()) return "";
    last = std::max(last, found);
  }
  return last;
}

// Of the numbers those that its entries have; a case that has lost all its entries keeps the last ones, so that it is found again.
void DeriveNumbers(Case* c) {
  if (c->entries().empty()) return;
  c->clear_decision_number();
  c->clear_filing_number();
  for (const Entry& entry : c->entries()) {
    if (!entry.decision_number().empty()) c->set_decision_number(entry.decision_number());
    if (!entry.filing_number().empty()) c->set_filing_number(entry.filing_number());
  }
}

}  // namespace

std::vector<const Entry*> StandingEntries(const Case& c) {
  std::vector<const Entry*> standing;
  for (const Entry& entry : c.entries()) {
    if (!entry.cancelled()) standing.push_back(&entry);
  }
  return standing;
}

Case::State StateOf(const Entry& entry) {
  if (!entry.change().empty() && entry.change() != kAltered) return Case::ANNULLED;
  if (!entry.disposal().empty() && entry.penalties().empty()) {
    return entry.disposal() == kNoPenalty ? Case::NO_PENALTY : entry.disposal() == kDropped ? Case::DROPPED : Case::TRANSFERRED;
  }
  const bool changed = !entry.changed_on().empty();
  if (!entry.closed_on().empty() && (!changed || entry.closed_on() >= entry.changed_on())) return Case::CLOSED;
  if (changed) return Case::CHANGED;
  return entry.decided_on().empty() && entry.decision_number().empty() ? Case::OPEN : Case::DECIDED;
}

int StateOfCase(const Case& c) {
  const auto entries = StandingEntries(c);
  if (entries.empty() || !c.voided_on().empty() || !c.joined().empty()) return Case::VOIDED;
  if (!c.same_as().empty()) return Case::DUPLICATE;
  return *absl::c_find_if(kByProgress, [&](Case::State state) {
    return absl::c_any_of(entries, [&](const Entry* entry) { return StateOf(*entry) == state; });
  });
}

std::string HeaviestOf(const Case& c) {
  auto heaviest = kByWeight.end();
  for (const Entry* entry : StandingEntries(c)) {
    for (const std::string& penalty : entry->penalties()) {
      const auto found = absl::c_find(kByWeight, penalty);
      if (found != kByWeight.end() && (heaviest == kByWeight.end() || found > heaviest)) heaviest = found;
    }
  }
  return heaviest == kByWeight.end() ? "" : *heaviest;
}

void Derive(Case* c) {
  DeriveNumbers(c);
  const auto entries = StandingEntries(*c);
  c->set_filed_on(First(entries, &Entry::filed_on));
  c->set_decided_on(First(entries, &Entry::decided_on));
  c->set_served_on(First(entries, &Entry::served_on));
  c->set_paid_on(LastOfAll(entries, &Entry::paid_on));
  c->set_closed_on(LastOfAll(entries, &Entry::closed_on));
  int64_t fine = 0, confiscated = 0;
  for (const Entry* entry : entries) {
    fine += entry->fine_fen();
    confiscated += entry->confiscated_fen();
    if (!entry->field().empty()) c->set_field(entry->field());
    if (!entry->agency_name().empty()) c->set_agency_name(entry->agency_name());
  }
  c->set_fine_fen(fine);
  c->set_confiscated_fen(confiscated);
  c->set_heaviest(HeaviestOf(*c));
}

bool IsPlaceholder(absl::string_view credit_code) { return credit_code == "00000000000000000X"; }

std::string PartyOf(const Entry& entry) {
  const std::string& code = entry.party_credit_code();
  if (!code.empty() && !IsPlaceholder(code) && CheckCreditCode(code) != CreditCodeVerdict::kMalformed)
    return absl::StrCat("code:", code);
  for (const std::string* number : {&entry.party_id_number(), &entry.registration_number(), &entry.organisation_code(),
                                    &entry.institution_number(), &entry.social_number(), &entry.tax_number()}) {
    if (!number->empty()) return absl::StrCat("number:", *number);
  }
  const std::string name = FoldName(entry.party_name());
  return name.empty() ? "" : absl::StrCat("name:", name);
}

std::string KeyOf(absl::string_view agency_code, absl::string_view number) {
  return crypto::Hex(crypto::Sha256(absl::StrCat(agency_code, "\n", number))).substr(0, 32);
}

}  // namespace sifa::enforcement
