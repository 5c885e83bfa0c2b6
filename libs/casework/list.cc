// Store::List: a page of objects by any combination of conditions, in a time that hangs on the page and not on how many objects
// there are, nor on what the server believes of its tables. The page is read along the sparsest of the query's conditions that an
// index holds in the order of ids (stretch.h), by an index that the statement names; the other conditions are asked of by_list
// and of the terms' primary key, never of the rows with the bodies. A list of days is in their order, for which the index by_day
// is read, unless another condition leaves few objects: these are sorted.
#include <algorithm>
#include <deque>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "libs/casework/object_index.h"
#include "libs/casework/store.h"
#include "libs/casework/stretch.h"
#include "libs/casework/where.h"
#include "libs/core/clock.h"
#include "libs/core/organisation_path.h"
#include "libs/core/region.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

constexpr size_t kMostPairs = 8;     // of a name, as conditions; the others are asked of the names themselves
constexpr size_t kMostBranches = 8;  // stretches that are merged
constexpr int kSome = 2000;          // objects of days that are looked through before another way is asked for
constexpr int kMany = 40'000;        // more are not sorted
constexpr int kLongestPage = 1000;

class Listing {
 public:
  Listing(const ObjectType& type, const ListQuery& query, const crypto::Keyring& keyring)
      : type_(type), query_(query), keyring_(keyring) {}

  absl::StatusOr<mysql::Rows> Read(mysql::Connection& connection) {
    RETURN_IF_ERROR(Understand());
    if (query_.scopes.empty()) return mysql::Rows();
    if (!query_.number.empty()) return ReadAlong(connection, {OfObjects("by_number", "d.number = ?", {Keep(query_.number)})});
    if (query_.parent) return ReadAlong(connection, {OfObjects("by_parent", "d.parent = ?", {*query_.parent})});
    const std::vector<Way> ways = Ways();
    if (ByDays()) return ReadByDays(connection, ways);
    if (ways.size() == 1) return ReadAlong(connection, ways[0]);
    ASSIGN_OR_RETURN(const Sparsest best, FindSparsest(connection, ways, query_.before));
    return ReadAlong(connection, ways[best.way]);
  }

 private:
  mysql::Value Keep(std::string text) { return mysql::Value(absl::string_view(kept_.emplace_back(std::move(text)))); }

  // Where a list of days is cut.
  struct Place {
    absl::CivilDay day;
    Id id;
  };

  bool ByDays() const { return from_ || to_; }
  absl::string_view Order() const { return ByDays() ? " ORDER BY day DESC, id DESC" : " ORDER BY id DESC"; }

  absl::Status Understand() {
    for (const auto& [text, bound] : {std::pair(&query_.day_from, &from_), std::pair(&query_.day_to, &to_)}) {
      if (!text->empty() && !ParseDay(*text, &bound->emplace())) return Internal(absl::StrCat("no day: ", *text));
    }
    if (ByDays() && !query_.before.IsZero()) {
      before_.emplace().id = query_.before;
      if (!ParseDay(query_.before_day, &before_->day)) return Internal(absl::StrCat("no day: ", query_.before_day));
    }
    if (!query_.region.empty()) {
      ASSIGN_OR_RETURN(region_, RegionCode::Parse(query_.region));
    }
    reach_.AndReach("o.organisation_path", query_.scopes,
                    type_.further ? std::vector<std::string>{type_.name} : std::vector<std::string>());
    terms_ = query_.terms;
    if (!query_.assignee.empty()) terms_.push_back({kAssignee, query_.assignee});
    for (const Term& term : query_.blind) terms_.push_back({term.kind, keyring_.BlindIndex(term.kind, term.value)});
    if (query_.name.empty()) return absl::OkStatus();
    std::vector<std::string> pairs = Pairs(query_.name);
    if (pairs.empty()) return InvalidField(query_.name_field, "NAME_TOO_SHORT", "名称或者姓名至少输入两个字");
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    const size_t asked = std::min(pairs.size(), kMostPairs);
    for (size_t i = 0; i < asked; ++i) terms_.push_back({"name", keyring_.BlindIndex("name", pairs[i * pairs.size() / asked])});
    return absl::OkStatus();
  }

  bool SeesSealed() const { return absl::c_any_of(query_.scopes, [](const std::string& s) { return IsSealed(absl::StripPrefix(s, "=")); }); }

  Stretch OfTerm(const std::string& kind, const std::string& value) {
    return {"term d FORCE INDEX (PRIMARY)",
            "d.object_id",
            "d.type = ? AND d.kind = ? AND d.value = ?",
            {type_.name, Keep(kind), Keep(value)}};
  }
  Stretch OfObjects(absl::string_view index, std::string condition, std::vector<mysql::Value> values) {
    values.insert(values.begin(), type_.name);
    return {absl::StrCat("object d FORCE INDEX (", index, ")"), "d.id", absl::StrCat("d.type = ? AND ", condition),
            std::move(values)};
  }

  // The ways in the order in which they are preferred where they are equally good.
  std::vector<Way> Ways() {
    std::vector<Way> ways;
    for (const Term& term : terms_) ways.push_back({OfTerm(term.kind, term.value)});
    if (!query_.states.empty() && query_.states.size() <= kMostBranches) {
      Way& way = ways.emplace_back();
      for (const int state : query_.states) way.push_back(OfObjects("by_state", "d.state = ?", {state}));
    }
    if (!region_.IsEmpty() && HasTerms(region_)) ways.push_back({OfTerm(kIn, region_.Prefix())});
    if (!query_.organisation.empty()) {
      ways.push_back({OfTerm(kAt, query_.organisation)});
      if (SeesSealed()) ways.back().push_back(OfTerm(kAt, SealedCode(query_.organisation)));
    }
    if (query_.scopes.size() <= kMostBranches && !absl::c_linear_search(query_.scopes, "/")) {
      Way& way = ways.emplace_back();
      for (const std::string& scope : query_.scopes) way.push_back(OfTerm(kAt, LastOrganisationOf(scope)));
    }
    if (ways.empty()) ways.push_back({{"object d FORCE INDEX (by_list)", "d.id", "d.type = ?", {type_.name}}});
    return ways;
  }

  absl::StatusOr<mysql::Rows> ReadByDays(mysql::Connection& connection, const std::vector<Way>& ways) {
    ASSIGN_OR_RETURN(const Sparsest best, FindSparsest(connection, ways, {}));
    const Way& way = ways[best.way];
    if (best.few()) return ReadAlong(connection, way);
    // The page may be full before long.
    const Stretch days = OfDays();
    ASSIGN_OR_RETURN(const auto rows,
                     connection.Query(absl::StrCat("SELECT d.day, d.id FROM ", days.table, " WHERE ", days.condition,
                                                   " ORDER BY d.day DESC, d.id DESC LIMIT 1 OFFSET ", kSome),
                                      days.values));
    if (rows.empty()) return ReadAlong(connection, {days});
    down_to_ = Place{rows[0].Day(0), rows[0].AsId(1)};
    ASSIGN_OR_RETURN(mysql::Rows near, ReadAlong(connection, {OfDays()}));
    if (static_cast<int>(near.size()) == query_.limit) return near;
    const int64_t in_days = ObjectsOfDays(down_to_->day);
    down_to_.reset();
    ASSIGN_OR_RETURN(const Sparsest shorter, FindSparsest(connection, {way}, {}, {}, std::min<int64_t>(in_days, kMany)));
    return ReadAlong(connection, shorter.few() ? way : Way{days});
  }

  // About how many objects the days have, of which the latest kSome reach down to a day.
  int64_t ObjectsOfDays(absl::CivilDay day) const {
    if (!from_ || !to_) return kMany;
    const absl::CivilDay latest = before_ ? std::min(before_->day, *to_) : *to_;
    return kSome * (latest - *from_ + 1) / (latest - day + 1);
  }

  // The page along a way.
  absl::StatusOr<mysql::Rows> ReadAlong(mysql::Connection& connection, const Way& way) {
    std::vector<std::string> parts;
    std::vector<mysql::Value> values;
    for (const Stretch& stretch : way) parts.push_back(Part(stretch, &values));
    std::string page = parts[0];
    if (parts.size() > 1) {
      page = absl::StrCat("(", absl::StrJoin(parts, ") UNION ("), ")", Order(), " LIMIT ?");
      values.push_back(query_.limit);
    }
    return connection.Query(absl::StrCat("SELECT o.id, o.version, o.body, o.link FROM (", page,
                                         ") p STRAIGHT_JOIN object o FORCE INDEX (PRIMARY)"
                                         " ON o.id = p.id ORDER BY ",
                                         ByDays() ? "p.day DESC, " : "", "p.id DESC"),
                            values);
  }

  Stretch OfDays() {
    std::string condition = "d.day IS NOT NULL";
    std::vector<mysql::Value> values;
    AddDays("d", &condition, &values);
    return OfObjects("by_day", std::move(condition), std::move(values));
  }
  void AddDays(absl::string_view table, std::string* condition, std::vector<mysql::Value>* values) const {
    const auto add = [&](absl::string_view sign, absl::CivilDay day) {
      absl::StrAppend(condition, " AND ", table, ".day ", sign, " ?");
      values->push_back(day);
    };
    const auto add_place = [&](absl::string_view sign, const Place& place) {
      add(absl::StrCat(sign, "="), place.day);
      absl::StrAppend(condition, " AND (", table, ".day ", sign, " ? OR ", table, ".id ", sign, " ?)");
      values->insert(values->end(), {place.day, place.id});
    };
    if (from_) add(">=", *from_);
    if (to_) add("<=", *to_);
    if (before_) add_place("<", *before_);
    if (down_to_) add_place(">", *down_to_);
  }

  // The ids of the page along a stretch.
  std::string Part(const Stretch& stretch, std::vector<mysql::Value>* values) {
    // Along by_day its own column is in its order.
    const absl::string_view day = absl::StrContains(stretch.table, "by_day") ? "d.day" : "o.day";
    std::string sql =
        absl::StrCat("SELECT ", stretch.id, " AS id", ByDays() ? absl::StrCat(", ", day, " AS day") : "", " FROM ", stretch.table,
                     " STRAIGHT_JOIN object o FORCE INDEX (by_list) ON o.type = ? AND o.id = ", stretch.id);
    values->push_back(type_.name);
    int joined = 0;
    for (const Term& term : terms_) {
      const std::string t = absl::StrCat("t", ++joined);
      absl::StrAppend(&sql, " STRAIGHT_JOIN term ", t, " FORCE INDEX (PRIMARY) ON ", t, ".type = ? AND ", t, ".kind = ? AND ", t,
                      ".value = ? AND ", t, ".object_id = ", stretch.id);
      values->insert(values->end(), {type_.name, Keep(term.kind), Keep(term.value)});
    }
    absl::StrAppend(&sql, " WHERE ", stretch.condition);
    values->insert(values->end(), stretch.values.begin(), stretch.values.end());
    if (!query_.before.IsZero() && !ByDays()) {
      absl::StrAppend(&sql, " AND ", stretch.id, " < ?");
      values->push_back(query_.before);
    }
    sql += Conditions(values);
    absl::StrAppend(&sql, Order(), " LIMIT ?");
    values->push_back(query_.limit);
    return sql;
  }

  std::string Conditions(std::vector<mysql::Value>* values) {
    std::string sql = absl::StrCat(" AND ", reach_.conditions());
    const std::vector<mysql::Value> reached = reach_.Values();
    values->insert(values->end(), reached.begin(), reached.end());
    const auto add = [&](absl::string_view text, mysql::Value value) {
      absl::StrAppend(&sql, " AND ", text);
      values->push_back(value);
    };
    if (!query_.organisation.empty()) add("INSTR(o.organisation_path, ?) > 0", Keep(absl::StrCat("/", query_.organisation, "/")));
    if (!region_.IsEmpty()) add("o.region LIKE ?", Keep(region_.Prefix() + "%"));
    if (query_.parent && !query_.number.empty()) add("o.parent = ?", *query_.parent);
    if (query_.open) add("o.open = ?", *query_.open);
    if (ByDays()) AddDays("o", &sql, values);
    if (!query_.states.empty()) absl::StrAppend(&sql, " AND o.state IN (", absl::StrJoin(query_.states, ","), ")");
    return sql;
  }

  const ObjectType& type_;
  const ListQuery& query_;
  const crypto::Keyring& keyring_;
  std::optional<absl::CivilDay> from_, to_;
  std::optional<Place> before_;   // the page begins after it
  std::optional<Place> down_to_;  // and is looked for so far, the place excluded
  RegionCode region_;
  Where reach_;  // of the caller
  std::vector<Term> terms_;
  std::deque<std::string> kept_;  // what the values are views of
};

}  // namespace

void ListQuery::GoOnAfter(const ObjectType& type, const Stored& last) {
  before = last.id;
  before_day = type.index ? type.index(*last.object).day : "";
}

absl::StatusOr<std::vector<Stored>> Store::ListOnce(mysql::Connection& connection, const ObjectType& type,
                                                    const ListQuery& query) const {
  ASSIGN_OR_RETURN(const auto rows, Listing(type, query, keyring_).Read(connection));
  std::vector<Stored> found;
  found.reserve(rows.size());
  for (const auto& row : rows) {
    ASSIGN_OR_RETURN(found.emplace_back(), Read(type, row));
  }
  return found;
}

absl::StatusOr<std::vector<Stored>> Store::List(mysql::Connection& connection, const ObjectType& type,
                                                const ListQuery& query) const {
  if (query.name.empty()) return ListOnce(connection, type, query);
  // That an object has the pairs of a name does not say that one name has them all, and in this order.
  std::vector<Stored> found;
  ListQuery next = query;
  for (;;) {
    ASSIGN_OR_RETURN(std::vector<Stored> page, ListOnce(connection, type, next));
    const bool last = static_cast<int>(page.size()) < next.limit;
    if (!page.empty()) next.GoOnAfter(type, page.back());
    for (Stored& stored : page) {
      if (AnyHas(type.index(*stored.object).names, query.name)) found.push_back(std::move(stored));
      if (static_cast<int>(found.size()) == query.limit) return found;
    }
    if (last) return found;
    next.limit = std::min(2 * next.limit, kLongestPage);
  }
}

}  // namespace sifa::casework
