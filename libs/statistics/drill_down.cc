#include "libs/statistics/drill_down.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/statistics/cells.h"

namespace sifa::statistics {
namespace {

constexpr int kFirstClass = 4;  // after object_id, day, region and organisation_path
constexpr size_t kMostLookups = 4000;    // months and objects of one statement
constexpr int64_t kFewRecords = 20'000;  // whose contributions are found by their position
constexpr char kByObject[] = " FROM statistics_contribution FORCE INDEX (by_object)";

std::string GroupColumns(const Cube& cube) {
  std::string columns = "object_id, day, region, organisation_path";
  for (size_t i = 0; i < cube.dimensions.size(); ++i) absl::StrAppend(&columns, ", d", i);
  return columns;
}

Share ReadShare(const Cube& cube, const mysql::Row& row) {
  Share share{row.Day(1), RegionCode::FromPacked(static_cast<uint64_t>(row.Int(2))), row.Bytes(3)};
  int column = kFirstClass;
  for (size_t i = 0; i < cube.dimensions.size(); ++i) share.dimensions.push_back(row.Bytes(column++));
  for (size_t i = 0; i < cube.measures.size(); ++i) share.measures.push_back(row.Int(column++));
  return share;
}

std::vector<std::string> IdBytes(const std::vector<Id>& ids) {
  std::vector<std::string> bytes;
  for (const Id& id : ids) bytes.emplace_back(id.AsBytes());
  return bytes;
}

// The contributions of a period to the plan's cell that may be named.
void AddNamed(const Snapshot& snapshot, const Plan& plan, const Period& period, absl::string_view table, Statement* statement) {
  statement->Add(table);
  AddContributionConditions(snapshot, plan, period, statement);
  if (!plan.named.empty()) statement->AddReach("organisation_path", plan.named);
}

// How many objects the cell has, named or not.
absl::StatusOr<int64_t> CountObjects(const Snapshot& snapshot, const Plan& plan, absl::string_view having) {
  Statement statement("SELECT COUNT(*) FROM (SELECT object_id");
  statement.Add(ContributionTable(plan));
  AddContributionConditions(snapshot, plan, plan.Summed(plan.period), &statement);
  statement.Add(" GROUP BY object_id").Add(having).Add(") counted");
  ASSIGN_OR_RETURN(const auto rows, statement.Query(snapshot.connection));
  return rows[0].Int(0);
}

// One more than the page takes tells whether there are more.
absl::StatusOr<std::vector<Id>> ReadIds(const Snapshot& snapshot, Statement& statement,
                                        absl::string_view having, int limit, bool* more) {
  statement.Add(" GROUP BY object_id").Add(having).Add(" ORDER BY object_id LIMIT ?", {limit + 1});
  ASSIGN_OR_RETURN(const auto rows, statement.Query(snapshot.connection));
  std::vector<Id> ids;
  for (const auto& row : rows) ids.push_back(row.AsId(0));
  *more = ids.size() > static_cast<size_t>(limit);
  if (*more) ids.pop_back();
  return ids;
}

// Calls `read` for these objects, as many at a time as one statement looks up in so many months.
absl::Status InParts(const std::vector<Id>& ids, size_t months, const std::function<absl::Status(const std::vector<Id>&)>& read) {
  const size_t at_once = std::max<size_t>(1, kMostLookups / std::max<size_t>(1, months));
  for (size_t begin = 0; begin < ids.size(); begin += at_once) {
    RETURN_IF_ERROR(read({ids.begin() + begin, ids.begin() + std::min(ids.size(), begin + at_once)}));
  }
  return absl::OkStatus();
}

// What the objects add to the plan's cell, at the plan's position.
absl::StatusOr<std::map<Id, std::vector<Share>>> ReadShares(const Snapshot& snapshot, const Plan& plan,
                                                            const std::vector<Id>& ids) {
  std::map<Id, std::vector<Share>> shares;
  const Period period = plan.Summed(plan.period);
  const std::string columns = GroupColumns(*plan.cube);
  RETURN_IF_ERROR(InParts(ids, MonthsTouched(period).size(), [&](const std::vector<Id>& part) -> absl::Status {
    Statement statement(absl::StrCat("SELECT ", columns, SumColumns(*plan.cube)));
    AddNamed(snapshot, plan, period, kByObject, &statement);
    statement.AddList("object_id", IdBytes(part));
    statement.Add(absl::StrCat(" GROUP BY ", columns, " HAVING ", AnySum(*plan.cube), " ORDER BY ", columns));
    ASSIGN_OR_RETURN(const auto rows, statement.Query(snapshot.connection));
    for (const auto& row : rows) shares[row.AsId(0)].push_back(ReadShare(*plan.cube, row));
    return absl::OkStatus();
  }));
  return shares;
}

// The objects of a cell page by page, each at the first month in which it counts, or has changed since a position. A cell of few
// contributions is read whole, as are few records since; of another the months are gone through by an index of their objects,
// those that have nothing in the counters left out.
class Objects {
 public:
  Objects(Snapshot& snapshot, const Plan& plan, std::string having, int measure, int small_cell, int64_t since = 0)
      : snapshot_(snapshot),
        plan_(plan),
        having_(std::move(having)),
        measure_(measure),
        small_cell_(small_cell),
        since_(since),
        few_records_(since > 0 && plan.as_of - since <= kFewRecords),
        period_(plan.Summed(plan.period)) {}

  absl::StatusOr<std::vector<ObjectPlace>> After(const ObjectPlace& after, size_t limit) {
    if (plan_.cube->stock) return OfStock(after, limit);
    ASSIGN_OR_RETURN(const bool small, IsSmall());
    if (small) return AllAfter(after, limit);
    ASSIGN_OR_RETURN(const std::vector<int64_t> months, MonthsThatCount());
    std::vector<ObjectPlace> found;
    for (size_t i = 0; i < months.size() && found.size() < limit; ++i) {
      if (months[i] < after.month) continue;
      Id last = months[i] == after.month ? after.id : Id{};
      for (bool more = true; more && found.size() < limit;) {
        Statement statement("SELECT object_id");
        AddRecords(Within(months[i]), kByObject, &statement);
        statement.AddText(" AND object_id > ?", last.AsBytes());
        ASSIGN_OR_RETURN(std::vector<Id> ids, ReadIds(snapshot_, statement, having_, static_cast<int>(limit), &more));
        if (!ids.empty()) last = ids.back();
        ASSIGN_OR_RETURN(const std::set<Id> before, CountingIn({months.begin(), months.begin() + i}, ids));
        for (const Id& id : ids) {
          if (!before.contains(id) && found.size() < limit) found.push_back({months[i], id});
        }
      }
    }
    return found;
  }

 private:
  void AddRecords(const Period& period, absl::string_view table, Statement* statement) const {
    AddNamed(snapshot_, plan_, period, table, statement);
    if (since_ > 0) statement->Add(" AND position > ?", {since_});
  }
  absl::string_view WholeTable() const {
    return few_records_ ? ContributionTable(plan_, Known::kSince) : ContributionTable(plan_);
  }

  absl::StatusOr<bool> IsSmall() {
    if (few_records_) return true;
    Plan place = plan_;
    for (auto& filter : place.filters) filter.clear();
    Statement statement("SELECT object_id");
    statement.Add(ContributionTable(place));
    AddContributionConditions(snapshot_, place, period_, &statement);
    statement.Add(" LIMIT 1 OFFSET ?", {small_cell_});
    ASSIGN_OR_RETURN(const auto rows, statement.Query(snapshot_.connection));
    return rows.empty();
  }

  // What was there in one month and has gone in another is not there: a stock is summed over all its time.
  absl::StatusOr<std::vector<ObjectPlace>> OfStock(const ObjectPlace& after, size_t limit) {
    Statement statement("SELECT object_id");
    AddRecords(period_, WholeTable(), &statement);
    statement.AddText(" AND object_id > ?", after.id.AsBytes());
    bool more = false;
    ASSIGN_OR_RETURN(const std::vector<Id> ids, ReadIds(snapshot_, statement, having_, static_cast<int>(limit), &more));
    std::vector<ObjectPlace> found;
    for (const Id& id : ids) found.push_back({0, id});
    return found;
  }

  absl::StatusOr<std::vector<ObjectPlace>> AllAfter(const ObjectPlace& after, size_t limit) {
    Statement statement("SELECT month, object_id");
    AddRecords(period_, WholeTable(), &statement);
    statement.Add(" GROUP BY month, object_id").Add(having_).Add(" ORDER BY month, object_id");
    ASSIGN_OR_RETURN(const auto rows, statement.Query(snapshot_.connection));
    std::vector<ObjectPlace> found;
    std::set<Id> known;
    for (const auto& row : rows) {
      const ObjectPlace place{row.Int(0), row.AsId(1)};
      if (known.insert(place.id).second && place > after && found.size() < limit) found.push_back(place);
    }
    return found;
  }

  // The months of the cell in which something counts, as the counters say where they hold the cell.
  absl::StatusOr<std::vector<int64_t>> MonthsThatCount() {
    if (plan_.as_of > 0) return MonthsTouched(period_);
    Plan by_month = plan_;
    by_month.groups = {Group{Group::kMonth}};
    KeySets keys;
    ASSIGN_OR_RETURN(const Cells cells, ReadCells(snapshot_, by_month, plan_.period, &keys));
    std::set<int64_t> months;
    for (const auto& [key, measures] : cells) {
      int64_t year = 0, month = 0;
      const std::string& text = keys[0][key[0]];
      if (measure_ >= 0 && measures[measure_] == 0) continue;
      if (absl::SimpleAtoi(text.substr(0, 4), &year) && absl::SimpleAtoi(text.substr(5), &month)) months.insert(year * 100 + month);
    }
    return std::vector<int64_t>(months.begin(), months.end());
  }

  // The days of the cell in a month.
  Period Within(int64_t month) const {
    const absl::CivilMonth whole(month / 100, static_cast<int>(month % 100));
    return {std::max(period_.from, absl::CivilDay(whole)), std::min(period_.to, absl::CivilDay(whole + 1) - 1)};
  }

  // Which of the objects count in one of these months.
  absl::StatusOr<std::set<Id>> CountingIn(const std::vector<int64_t>& months, const std::vector<Id>& ids) {
    std::set<Id> counting;
    if (months.empty()) return counting;
    const Period earlier{Within(months.front()).from, Within(months.back()).to};
    RETURN_IF_ERROR(InParts(ids, months.size(), [&](const std::vector<Id>& part) -> absl::Status {
      Statement statement("SELECT month, object_id");
      AddRecords(earlier, kByObject, &statement);
      statement.AddList("object_id", IdBytes(part));
      statement.Add(" GROUP BY month, object_id").Add(having_);
      ASSIGN_OR_RETURN(const auto rows, statement.Query(snapshot_.connection));
      for (const auto& row : rows) counting.insert(row.AsId(1));
      return absl::OkStatus();
    }));
    return counting;
  }

  Snapshot& snapshot_;
  const Plan& plan_;
  const std::string having_;
  const int measure_;  // -1: any
  const int small_cell_;
  const int64_t since_;
  const bool few_records_;
  const Period period_;
};

// How many objects the cell has, named or not: by the counters, where each adds one there.
absl::StatusOr<int64_t> Total(Snapshot& snapshot, const Plan& plan, int measure, absl::string_view having) {
  const int each = MeasureIndex(*plan.cube, plan.cube->each);
  const bool counted = each >= 0 && (measure < 0 || plan.cube->measures[measure].unit == plan.cube->measures[each].unit);
  if (!counted) return CountObjects(snapshot, plan, having);
  Plan total = plan;
  total.groups.clear();
  KeySets keys;
  ASSIGN_OR_RETURN(const Cells cells, ReadCells(snapshot, total, plan.period, &keys));
  return cells.empty() ? 0 : cells.begin()->second[measure < 0 ? each : measure];
}

absl::StatusOr<std::map<Id, std::vector<std::string>>> ReadActs(const Snapshot& snapshot, const Plan& plan,
                                                                int64_t from, int64_t to,
                                                                const std::vector<Id>& ids) {
  std::map<Id, std::vector<std::string>> acts;
  if (ids.empty()) return acts;
  Statement inner("SELECT DISTINCT c.object_id, c.position, s.id FROM (SELECT object_id, position");
  AddNamed(snapshot, plan, plan.Summed(plan.period), kByObject, &inner);
  inner.Add(" AND position > ? AND position <= ?", {from, to}).AddList("object_id", IdBytes(ids));
  inner.Add(") c JOIN journal_seal s ON s.position = c.position ORDER BY c.position");
  ASSIGN_OR_RETURN(const auto rows, inner.Query(snapshot.connection));
  for (const auto& row : rows) acts[row.AsId(0)].push_back(row.AsId(2).ToString());
  return acts;
}

// One more than the page takes tells that another begins after it.
void CutPage(size_t limit, std::vector<ObjectPlace>* places, std::optional<ObjectPlace>* next) {
  if (places->size() <= limit) return;
  places->resize(limit);
  *next = places->back();
}

std::vector<Id> IdsOf(const std::vector<ObjectPlace>& places) {
  std::vector<Id> ids;
  for (const ObjectPlace& place : places) ids.push_back(place.id);
  return ids;
}

}  // namespace

absl::StatusOr<ObjectPage> DrillDown(Snapshot& snapshot, const Cubes& cubes, const Reference& reference,
                                     const Query& query, absl::string_view measure, const ObjectPlace& after,
                                     int limit, int small_cell) {
  ASSIGN_OR_RETURN(const Plan plan, MakePlan(snapshot, cubes, reference, query));
  std::string having = absl::StrCat(" HAVING ", AnySum(*plan.cube));
  int index = -1;
  if (!measure.empty()) {
    index = MeasureIndex(*plan.cube, measure);
    if (index < 0)
      return InvalidField("measure", "MEASURE_UNKNOWN", absl::StrCat("本表没有“", measure, "”这一项"));
    having = absl::StrCat(" HAVING SUM(m", index, ") <> 0");
  }
  ObjectPage page;
  page.position = plan.as_of > 0 ? plan.as_of : snapshot.position;
  ASSIGN_OR_RETURN(auto places, Objects(snapshot, plan, having, index, small_cell).After(after, static_cast<size_t>(limit) + 1));
  CutPage(static_cast<size_t>(limit), &places, &page.next);
  if (after == ObjectPlace{}) {
    ASSIGN_OR_RETURN(page.total, Total(snapshot, plan, index, having));
  }
  const std::vector<Id> ids = IdsOf(places);
  ASSIGN_OR_RETURN(auto shares, ReadShares(snapshot, plan, ids));
  for (const Id& id : ids) page.objects.push_back({id, std::move(shares[id])});
  return page;
}

absl::StatusOr<ChangePage> ChangesBetween(Snapshot& snapshot, const Cubes& cubes, const Reference& reference, const Query& query,
                                          int64_t from, int64_t to, const ObjectPlace& after, int limit, int small_cell) {
  if (to == 0) to = snapshot.position;
  ASSIGN_OR_RETURN(Plan plan, MakePlan(snapshot, cubes, reference, query));
  plan.as_of = to;
  ASSIGN_OR_RETURN(auto places, Objects(snapshot, plan, "", -1, small_cell, from).After(after, static_cast<size_t>(limit) + 1));
  ChangePage page;
  CutPage(static_cast<size_t>(limit), &places, &page.next);
  const std::vector<Id> ids = IdsOf(places);
  ASSIGN_OR_RETURN(auto later, ReadShares(snapshot, plan, ids));
  ASSIGN_OR_RETURN(auto acts, ReadActs(snapshot, plan, from, to, ids));
  plan.as_of = from;
  std::map<Id, std::vector<Share>> earlier;
  if (from > 0) {
    ASSIGN_OR_RETURN(earlier, ReadShares(snapshot, plan, ids));
  }
  for (const Id& id : ids) {
    ChangedObject changed{id, std::move(earlier[id]), std::move(later[id]), std::move(acts[id])};
    if (changed.before != changed.after) page.objects.push_back(std::move(changed));
  }
  return page;
}

}  // namespace sifa::statistics
