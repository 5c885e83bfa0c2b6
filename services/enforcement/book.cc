#include "services/enforcement/book.h"

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "services/enforcement/case.h"

namespace sifa::enforcement {

void Book::Add(const Id& id, Case c, std::vector<Telling> tellings) {
  if (!c.decision_number().empty()) decided_[KeyOf(c.agency_code(), c.decision_number())] = id;
  pages_[id] = {std::move(c), false, false, std::move(tellings)};
}

bool Book::HasEntry(const Id& id, const std::string& key) const {
  return absl::c_any_of(pages_.at(id).c.entries(), [&](const Entry& entry) { return entry.key() == key; });
}

Id Book::Make(const Told& told, absl::Time now) {
  const Id id = NewId(now);
  pages_[id] = {NewCase(*told.agency), /*fresh=*/true, true, {}};
  return id;
}

void Book::Join(const Id& from, const std::string& key, const Id& to) {
  Page &filing = pages_.at(from), &decision = pages_.at(to);
  const std::string entry = absl::HexStringToBytes(key);
  auto* entries = filing.c.mutable_entries();
  const auto moved = absl::c_find_if(*entries, [&](const Entry& e) { return e.key() == key; });
  if (!HasEntry(to, key)) *decision.c.add_entries() = *moved;
  entries->erase(moved);
  for (Telling telling : filing.tellings) {
    if (telling.entry != entry) continue;
    telling.case_id = to;
    decision.tellings.push_back(std::move(telling));
  }
  std::erase_if(filing.tellings, [&](const Telling& telling) { return telling.entry == entry; });
  for (Telling& telling : told_) {
    if (telling.case_id == from && telling.entry == entry) telling.case_id = to;
  }
  if (entries->empty()) filing.c.set_joined(to.ToString());
  Derive(&filing.c);
  filing.changed = decision.changed = true;
  moves_.push_back({from, to, entry});
}

// The case of a filing that is not decided; of several decisions of one filing the one that has the party.
Id Book::Filed(const Told& told, absl::Time now) {
  for (const bool undecided : {true, false}) {
    for (const auto& [id, page] : pages_) {
      if (page.c.agency_code() != told.entry.agency_code() || page.c.filing_number() != told.entry.filing_number()) continue;
      if (undecided ? page.c.decision_number().empty() && page.c.joined().empty() : HasEntry(id, told.entry.key())) return id;
    }
  }
  return Make(told, now);
}

Id Book::Decided(const Told& told, absl::Time now) {
  const std::string key = KeyOf(told.entry.agency_code(), told.entry.decision_number());
  const auto known = decided_.find(key);
  Id filing;
  for (const auto& [id, page] : pages_) {
    const bool of_filing = !told.entry.filing_number().empty() && page.c.decision_number().empty() && page.c.joined().empty() &&
                           page.c.agency_code() == told.entry.agency_code() && page.c.filing_number() == told.entry.filing_number();
    if (of_filing && HasEntry(id, told.entry.key())) filing = id;
  }
  if (filing.IsZero()) return known != decided_.end() ? known->second : decided_[key] = Make(told, now);
  if (known == decided_.end() && pages_.at(filing).c.entries_size() == 1) return decided_[key] = filing;
  const Id decision = known != decided_.end() ? known->second : decided_[key] = Make(told, now);
  Join(filing, told.entry.key(), decision);
  return decision;
}

v1::BatchRow::Verdict Book::Tell(Told told, absl::Time now, Id* case_id) {
  *case_id = told.entry.decision_number().empty() ? Filed(told, now) : Decided(told, now);
  Page& page = pages_.at(*case_id);
  Telling& telling = told.telling;
  telling.case_id = *case_id;
  const bool seen = absl::c_any_of(page.tellings, [&](const Telling& t) { return t.entry == telling.entry && t.digest == telling.digest; });
  const bool known = absl::c_any_of(page.tellings, [&](const Telling& t) { return t.entry == telling.entry; });
  page.tellings.push_back(telling);
  const Telling* standing = Standing(page.tellings, telling.entry);
  const bool stands = standing->source == telling.source && standing->row == telling.row;
  if (stands && !seen) {
    PutEntry(std::move(told.entry), &page.c);
    page.changed = true;
  }
  told_.push_back(telling);
  if (seen) return v1::BatchRow::UNCHANGED;
  return !known ? v1::BatchRow::FRESH : stands ? v1::BatchRow::CHANGED : v1::BatchRow::EARLIER;
}

}  // namespace sifa::enforcement
