#include "services/enforcement/duplicate.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "libs/casework/acts.h"
#include "libs/core/status.h"

namespace sifa::enforcement {
namespace {

using casework::Act;
using casework::Apply;
using procedure::Row;

constexpr int kMostCandidates = 200;  // of one case, the nearest in time

constexpr procedure::Law kOnce = {"行政处罚法", "29"};

bool StandsOf(const Case& c) { return c.state() != Case::VOIDED && c.state() != Case::DUPLICATE; }

// Of the same decision the one that the organ itself reported survives, at a tie the one filed first, then the one told first.
const Case& Survivor(const Case& one, const Case& other) {
  const auto reported = [](const Case& c) {
    return std::any_of(c.entries().begin(), c.entries().end(),
                       [&](const Entry& e) { return e.source_code() == c.agency_code(); });
  };
  if (reported(one) != reported(other)) return reported(one) ? one : other;
  const auto filed = [](const Case& c) { return c.filed_on().empty() ? std::string("9") : c.filed_on(); };
  if (filed(one) != filed(other)) return filed(one) < filed(other) ? one : other;
  return one.id() < other.id() ? one : other;
}

absl::Status Settle(Duplicate& pair, const v1::SettleDuplicateRequest& r, const Act& act) {
  pair.set_verdict(r.verdict());
  pair.set_settled_on(act.occurred_on());
  if (r.verdict() != Duplicate::IS_SAME) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Case first, act.LoadUnchecked<Case>(pair.first_case(), casework::Lock::kExclusive));
  ASSIGN_OR_RETURN(const Case second, act.LoadUnchecked<Case>(pair.second_case(), casework::Lock::kExclusive));
  if (!StandsOf(first) || !StandsOf(second)) {
    return InvalidField("verdict", "CASE_NOT_STANDING", "其中一个案件已作废或者已认定为重复，不能再认定为同一决定");
  }
  const Case& survivor = Survivor(first, second);
  const std::string& other = survivor.id() == first.id() ? second.id() : first.id();
  pair.set_survivor(survivor.id());
  return act
      .ActOn<Case>(Case::SETTLE, other,
                   [&](Case& c) {
                     c.set_same_as(pair.survivor());
                     return absl::OkStatus();
                   })
      .status();
}

absl::Status Separate(Duplicate& pair, const v1::SeparateDuplicateRequest&, const Act& act) {
  const std::string& other = pair.survivor() == pair.first_case() ? pair.second_case() : pair.first_case();
  pair.clear_verdict();
  pair.clear_survivor();
  pair.set_settled_on(act.occurred_on());
  return act
      .ActOn<Case>(Case::SETTLE, other,
                   [](Case& c) {
                     c.clear_same_as();
                     return absl::OkStatus();
                   })
      .status();
}

bool IsSameAct(const Duplicate& pair) { return pair.verdict() == Duplicate::IS_SAME_ACT; }
bool IsSame(const Duplicate& pair) { return pair.verdict() == Duplicate::IS_SAME; }
bool IsDifferent(const Duplicate& pair) { return pair.verdict() == Duplicate::IS_DIFFERENT; }

int StateOfPair(const Duplicate& pair) {
  if (IsSame(pair)) return Duplicate::SAME;
  if (IsSameAct(pair)) return Duplicate::SAME_ACT;
  if (IsDifferent(pair)) return Duplicate::DIFFERENT;
  return pair.settled_on().empty() ? Duplicate::FOUND : Duplicate::SEPARATED;
}

const Row<Duplicate> kRows[] = {
    {.act = Duplicate::FIND, .from = {Duplicate::STATE_UNSPECIFIED}, .indirect = true, .law = kOnce},
    {.act = Duplicate::FIND_AGAIN,
     .from = {Duplicate::DIFFERENT, Duplicate::SEPARATED, Duplicate::SAME_ACT},
     .indirect = true,
     .law = kOnce},
    {.act = Duplicate::SETTLE,
     .from = {Duplicate::FOUND, Duplicate::DIFFERENT, Duplicate::SAME_ACT, Duplicate::SEPARATED},
     .apply = Apply<Settle>,
     .law = kOnce},
    {.act = Duplicate::SEPARATE, .from = {Duplicate::SAME}, .apply = Apply<Separate>, .law = kOnce},
};

std::string PairKey(const std::string& one, const std::string& other) {
  return absl::StrCat(std::min(one, other), "/", std::max(one, other));
}

casework::Index IndexOf(const Duplicate& pair) {
  return {.terms = {{"case", pair.first_case()}, {"case", pair.second_case()}},
          .unique = {{"pair", PairKey(pair.first_case(), pair.second_case()), Internal("a pair of cases is found twice")}}};
}

absl::Status Narrow(const v1::ListDuplicatesRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.case_().empty()) query->terms.push_back({"case", r.case_()});
  return absl::OkStatus();
}

// The agencies of both cases learn that there is one, and where.
std::vector<casework::Further> FurtherOf(const Duplicate& pair) {
  std::vector<casework::Further> further;
  for (const std::string& path : pair.concerns()) {
    if (path != pair.organisation_path()) further.push_back({path, {}});
  }
  return further;
}

// The lowest organisation above both, or the one that both have.
std::string CommonPath(const std::string& one, const std::string& other) {
  const std::vector<absl::string_view> a = absl::StrSplit(one, '/', absl::SkipEmpty()),
                                       b = absl::StrSplit(other, '/', absl::SkipEmpty());
  std::string path = "/";
  for (size_t i = 0; i < std::min(a.size(), b.size()) && a[i] == b[i]; ++i) absl::StrAppend(&path, a[i], "/");
  return path;
}

Duplicate NewPair(const Case& one, const Case& other, const Likeness& likeness) {
  Duplicate pair;
  const std::string path = CommonPath(one.organisation_path(), other.organisation_path());
  const std::vector<std::string> parts = absl::StrSplit(path, '/', absl::SkipEmpty());
  pair.set_organisation(parts.empty() ? "" : parts.back());
  pair.set_organisation_path(path);
  pair.set_region(one.region());
  pair.set_first_case(std::min(one.id(), other.id()));
  pair.set_second_case(std::max(one.id(), other.id()));
  pair.add_concerns(one.organisation_path());
  if (other.organisation_path() != one.organisation_path()) pair.add_concerns(other.organisation_path());
  pair.set_exact(likeness.exact);
  pair.set_score(likeness.score);
  *pair.mutable_grounds() = {likeness.grounds.begin(), likeness.grounds.end()};
  return pair;
}

// The cases that share a party with this one and were decided within thirty days of it.
absl::StatusOr<std::vector<Id>> CandidatesOf(const casework::Backend& backend, mysql::Connection& connection, const Case& c) {
  absl::CivilDay day;
  if (!ParseDay(c.decided_on(), &day)) return std::vector<Id>();
  std::set<std::string> blocks;
  for (const std::string& block : PartyBlocks(c)) blocks.insert(backend.keyring.BlindIndex("block", block));
  std::vector<mysql::Value> values(blocks.begin(), blocks.end());
  while (!values.empty() && (values.size() & (values.size() - 1)) != 0) values.push_back(*blocks.rbegin());
  if (values.empty()) return std::vector<Id>();
  const std::string holes = absl::StrJoin(std::vector<absl::string_view>(values.size(), "?"), ",");
  values.insert(values.end(), {day - kMostDaysApart, day + kMostDaysApart, kMostCandidates});
  std::vector<Id> ids;
  RETURN_IF_ERROR(connection.Each(absl::StrCat("SELECT DISTINCT o.id FROM term t JOIN object o ON o.id = t.object_id"
                                               " WHERE t.type = 'Case' AND t.kind = 'block' AND t.value IN (",
                                               holes, ") AND o.day >= ? AND o.day <= ? ORDER BY o.id DESC LIMIT ?"),
                                  values, [&](mysql::Row& row) {
                                    if (row.AsId(0).ToString() != c.id()) ids.push_back(row.AsId(0));
                                    return absl::OkStatus();
                                  }));
  return ids;
}

absl::StatusOr<std::optional<casework::Stored>> Known(const casework::Backend& backend, mysql::Connection& connection,
                                                      const std::string& key) {
  ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query("SELECT object_id FROM unique_term WHERE type = 'Duplicate' AND kind = 'pair' AND value = ?", {key}));
  if (rows.empty()) return std::nullopt;
  return backend.store.Load(connection, backend.objects->Of<Duplicate>(), rows[0].AsId(0), casework::Lock::kExclusive);
}

}  // namespace

absl::Status FindDuplicates(const casework::Backend& backend, mysql::Connection& connection, const casework::ActInput& cause,
                            const std::vector<Case>& cases) {
  std::map<std::string, Duplicate> pairs;
  for (const Case& c : cases) {
    if (!StandsOf(c)) continue;
    ASSIGN_OR_RETURN(const std::vector<Id> ids, CandidatesOf(backend, connection, c));
    ASSIGN_OR_RETURN(const auto candidates,
                     backend.store.LoadMany(connection, backend.objects->Of<Case>(), ids, casework::Lock::kNone));
    for (const auto& [id, stored] : candidates) {
      const auto& other = static_cast<const Case&>(*stored.object);
      const Likeness likeness = LikenessOf(c, other);
      if (!StandsOf(other) || likeness.score < kAlike) continue;
      pairs.emplace(PairKey(c.id(), other.id()), NewPair(c, other, likeness));
    }
  }
  const casework::ObjectType& type = backend.objects->Of<Duplicate>();
  std::vector<casework::ChangedObject> fresh, again;
  for (auto& [key, pair] : pairs) {
    ASSIGN_OR_RETURN(auto known, Known(backend, connection, key));
    if (!known) {
      fresh.push_back({casework::NewStored(backend, std::make_unique<Duplicate>(pair)), std::make_unique<Duplicate>(pair)});
      continue;
    }
    auto& standing = static_cast<Duplicate&>(*known->object);
    if (standing.state() == Duplicate::FOUND) continue;
    auto after = std::make_unique<Duplicate>(standing);
    after->clear_verdict();
    after->clear_settled_on();
    after->set_exact(pair.exact());
    after->set_score(pair.score());
    *after->mutable_grounds() = pair.grounds();
    again.push_back({*std::move(known), std::move(after)});
  }
  casework::ActInput input = cause;
  input.action = type.NameOf(Duplicate::FIND);
  RETURN_IF_ERROR(
      casework::ActOnMany(backend, type, casework::Actor::System(), Duplicate::FIND, input, std::move(fresh), connection));
  input.action = type.NameOf(Duplicate::FIND_AGAIN);
  return casework::ActOnMany(backend, type, casework::Actor::System(), Duplicate::FIND_AGAIN, input, std::move(again),
                             connection);
}

const procedure::Procedure<Duplicate> kDuplicateProcedure = {
    .name = "疑似重复",
    .rows = kRows,
    .terminal = {Duplicate::SAME, Duplicate::SAME_ACT, Duplicate::DIFFERENT, Duplicate::SEPARATED, Duplicate::VOIDED},
    .states = Duplicate::State_descriptor,
    .acts = Duplicate::Act_descriptor,
    .clock_kinds = Duplicate::Limit_descriptor,
    .papers = Duplicate::Document_descriptor,
    .state_of = StateOfPair,
};

const casework::Definition<Duplicate> kDuplicate = {
    .procedure = &kDuplicateProcedure,
    .index = IndexOf,
    .list = casework::ListOf<Narrow>,
    .further = FurtherOf,
};

}  // namespace sifa::enforcement
