#include "libs/casework/object_index.h"

#include <algorithm>
#include <iterator>

#include "libs/casework/references.h"
#include "libs/core/clock.h"
#include "libs/core/organisation_path.h"
#include "libs/core/text.h"
#include "libs/procedure/clocks.h"

namespace sifa::casework {
namespace {

// The characters of a UTF-8 text.
std::vector<std::string> Characters(const std::string& text) {
  std::vector<std::string> characters;
  for (unsigned char c : text) {
    if ((c & 0xc0) != 0x80) characters.emplace_back();
    if (!characters.empty()) characters.back().push_back(static_cast<char>(c));
  }
  return characters;
}

}  // namespace

Due::Due(const ObjectType& type, const Message& object, absl::CivilDay today) {
  const auto& clocks = type.ClocksOf(object);
  open = !type.terminal.Has(type.common(object).state) ? kOpen : procedure::HasRunningRight(clocks, today) ? kRightRuns : kClosed;
  const bool voided = procedure::NameOf(type.states, type.common(object).state) == "VOIDED";
  unsettled = !voided && std::any_of(clocks.begin(), clocks.end(), procedure::MayMove);
  const v1::Clock* next = procedure::NextDue(clocks, today);
  absl::CivilDay day;
  if (next != nullptr && ParseDay(next->due_on(), &day)) {
    on = day;
    at = procedure::DueAt(*next);
    end = at ? *at : absl::FromCivil(day + 1, ChinaTime());
    clock = next->kind();
    provisional = next->provisional();
  }
}

Columns::Columns(const ObjectType& type, const Message& object, const std::string& listed, std::string encrypted, absl::CivilDay today)
    : common(type.common(object)), body(std::move(encrypted)), due(type, object, today) {
  if (const auto id = ParseId(common.parent); id.ok()) parent = *id;
  if (absl::CivilDay parsed; ParseDay(listed, &parsed)) day = parsed;
}

std::vector<Term> CodeTerms(const std::string& kind, absl::string_view code, size_t step) {
  std::vector<Term> terms;
  for (size_t size = step; size <= code.size(); size += step) terms.push_back({kind, std::string(code.substr(0, size))});
  return terms;
}

std::vector<std::string> Pairs(const std::string& name) {
  const auto characters = Characters(FoldName(name));
  std::vector<std::string> pairs;
  for (size_t i = 0; i + 1 < characters.size(); ++i) pairs.push_back(characters[i] + characters[i + 1]);
  return pairs;
}

bool AnyHas(const std::vector<std::string>& names, const std::string& part) {
  const std::vector<std::string> wanted = Pairs(part);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const std::vector<std::string> pairs = Pairs(name);
    return std::search(pairs.begin(), pairs.end(), wanted.begin(), wanted.end()) != pairs.end();
  });
}

std::vector<Term> TermsOf(const ObjectType& type, const Message& object, Index index, const crypto::Keyring& keyring) {
  std::vector<Term> terms = std::move(index.terms);
  const Common common = type.common(object);
  for (const std::string& path : type.PathsOf(object)) {
    for (std::string& organisation : OrganisationsOf(path)) terms.push_back({kAt, std::move(organisation)});
  }
  for (auto region = RegionCode::Parse(common.region); region.ok() && HasTerms(*region); region = *region->Parent()) {
    terms.push_back({kIn, region->Prefix()});
  }
  terms.push_back({kAssignee, common.assignee});
  for (Term& term : ReferenceTerms(type, object)) terms.push_back(std::move(term));
  for (const v1::Clock& clock : type.ClocksOf(object)) {
    if (!clock.moved_on().empty()) terms.push_back({kMoved, clock.moved_on()});
  }
  for (const Term& term : index.blind) {
    if (!term.value.empty()) terms.push_back({term.kind, keyring.BlindIndex(term.kind, term.value)});
  }
  for (const std::string& name : index.names) {
    for (const std::string& pair : Pairs(name)) terms.push_back({"name", keyring.BlindIndex("name", pair)});
  }
  std::erase_if(terms, [](const Term& term) { return term.value.empty(); });
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

const char* WrongColumn(const ObjectType& type, const Message& object, const mysql::Row& row, int first, absl::CivilDay from,
                        absl::CivilDay to) {
  const Columns c(type, object, IndexOf(type, object).day, "", from);
  if (row.Int(first) != c.common.state) return "state";
  if (row.Bytes(first + 1) != c.common.number) return "number";
  if (row.IsNull(first + 2) ? c.parent.has_value() : row.AsId(first + 2) != c.parent) return "parent";
  if (row.Bytes(first + 3) != c.common.assignee) return "assignee";
  if (row.Time(first + 10) != c.common.created) return "created_at";
  if (row.IsNull(first + 11) ? c.day.has_value() : !c.day || row.Day(first + 11) != *c.day) return "day";
  // A limit that passes may give its place in the index to another, and a right that lapses leaves it, when the watcher comes by.
  std::vector<absl::CivilDay> days = {from};
  for (const v1::Clock& clock : type.ClocksOf(object)) {
    const absl::CivilDay last = procedure::LastDay(clock);
    if (last >= from && last < to) days.push_back(last + 1);
  }
  const char* wrong = nullptr;
  for (const absl::CivilDay day : days) {
    const Due due(type, object, day);
    wrong = row.Int(first + 4) != due.open             ? "open"
            : row.IsNull(first + 5)                    ? (due.on ? "due_on" : nullptr)
            : !due.on || row.Day(first + 5) != *due.on ? "due_on"
            : row.TimeOrNone(first + 6) != due.at      ? "due_at"
            : row.TimeOrNone(first + 12) != due.end    ? "due_end"
            : row.Bytes(first + 7) != due.clock        ? "due_clock"
            : row.Int(first + 8) != due.provisional    ? "provisional"
            : row.Int(first + 9) != due.unsettled      ? "unsettled"
                                                       : nullptr;
    if (wrong == nullptr) return nullptr;
  }
  return wrong;
}

std::string WrongTerm(const ObjectType& type, const Message& object, const crypto::Keyring& keyring, std::vector<Term> stored) {
  const std::vector<Term> right = TermsOf(type, object, IndexOf(type, object), keyring);
  std::sort(stored.begin(), stored.end());
  std::vector<Term> wrong;
  std::set_symmetric_difference(right.begin(), right.end(), stored.begin(), stored.end(), std::back_inserter(wrong));
  return wrong.empty() ? "" : wrong.front().kind;
}

}  // namespace sifa::casework
