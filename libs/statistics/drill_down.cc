#include "libs/statistics/drill_down.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/statistics/cells.h"

namespace sifa::statistics {
namespace {

constexpr int kFirstClass = 4;  // after object_id, day, region and organisation_path

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

// The contributions to the plan's cell that may be named.
void AddNamed(const Snapshot& snapshot, const Plan& plan, Statement* statement) {
  statement->Add(ContributionTable(plan));
  AddContributionConditions(snapshot, plan, plan.Summed(plan.period), statement);
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

// What the objects add to the plan's cell, at the plan's position.
absl::StatusOr<std::map<Id, std::vector<Share>>> ReadShares(const Snapshot& snapshot, const Plan& plan,
                                                            const std::vector<Id>& ids) {
  std::map<Id, std::vector<Share>> shares;
  if (ids.empty()) return shares;
  const std::string columns = GroupColumns(*plan.cube);
  Statement statement(absl::StrCat("SELECT ", columns, SumColumns(*plan.cube)));
  AddNamed(snapshot, plan, &statement);
  statement.AddList("object_id", IdBytes(ids));
  statement.Add(absl::StrCat(" GROUP BY ", columns, " HAVING ", AnySum(*plan.cube), " ORDER BY ", columns));
  ASSIGN_OR_RETURN(const auto rows, statement.Query(snapshot.connection));
  for (const auto& row : rows) shares[row.AsId(0)].push_back(ReadShare(*plan.cube, row));
  return shares;
}

absl::StatusOr<std::map<Id, std::vector<std::string>>> ReadActs(const Snapshot& snapshot, const Plan& plan,
                                                                int64_t from, int64_t to,
                                                                const std::vector<Id>& ids) {
  std::map<Id, std::vector<std::string>> acts;
  if (ids.empty()) return acts;
  Statement inner("SELECT DISTINCT c.object_id, c.position, s.id FROM (SELECT object_id, position");
  AddNamed(snapshot, plan, &inner);
  inner.Add(" AND position > ? AND position <= ?", {from, to}).AddList("object_id", IdBytes(ids));
  inner.Add(") c JOIN journal_seal s ON s.position = c.position ORDER BY c.position");
  ASSIGN_OR_RETURN(const auto rows, inner.Query(snapshot.connection));
  for (const auto& row : rows) acts[row.AsId(0)].push_back(row.AsId(2).ToString());
  return acts;
}

}  // namespace

absl::StatusOr<ObjectPage> DrillDown(Snapshot& snapshot, const Cubes& cubes, const Reference& reference,
                                     const Query& query, absl::string_view measure, const Id& after,
                                     int limit) {
  ASSIGN_OR_RETURN(const Plan plan, MakePlan(snapshot, cubes, reference, query));
  std::string having = absl::StrCat(" HAVING ", AnySum(*plan.cube));
  if (!measure.empty()) {
    const int index = MeasureIndex(*plan.cube, measure);
    if (index < 0)
      return InvalidField("measure", "MEASURE_UNKNOWN", absl::StrCat("本表没有“", measure, "”这一项"));
    having = absl::StrCat(" HAVING SUM(m", index, ") <> 0");
  }
  Statement statement("SELECT object_id");
  AddNamed(snapshot, plan, &statement);
  statement.AddText(" AND object_id > ?", after.AsBytes());
  ObjectPage page;
  page.position = plan.as_of > 0 ? plan.as_of : snapshot.position;
  ASSIGN_OR_RETURN(const auto ids, ReadIds(snapshot, statement, having, limit, &page.more));
  ASSIGN_OR_RETURN(page.total, CountObjects(snapshot, plan, having));
  ASSIGN_OR_RETURN(auto shares, ReadShares(snapshot, plan, ids));
  for (const Id& id : ids) page.objects.push_back({id, std::move(shares[id])});
  return page;
}

absl::StatusOr<ChangePage> ChangesBetween(Snapshot& snapshot, const Cubes& cubes, const Reference& reference,
                                          const Query& query, int64_t from, int64_t to, const Id& after,
                                          int limit) {
  if (to == 0) to = snapshot.position;
  ASSIGN_OR_RETURN(Plan plan, MakePlan(snapshot, cubes, reference, query));
  plan.as_of = to;
  Statement statement("SELECT object_id");
  AddNamed(snapshot, plan, &statement);
  statement.Add(" AND position > ?", {from}).AddText(" AND object_id > ?", after.AsBytes());
  ChangePage page;
  ASSIGN_OR_RETURN(const auto ids, ReadIds(snapshot, statement, "", limit, &page.more));
  ASSIGN_OR_RETURN(auto later, ReadShares(snapshot, plan, ids));
  ASSIGN_OR_RETURN(auto acts, ReadActs(snapshot, plan, from, to, ids));
  plan.as_of = from;
  std::map<Id, std::vector<Share>> earlier;
  if (from > 0) {
    ASSIGN_OR_RETURN(earlier, ReadShares(snapshot, plan, ids));
  }
  if (!ids.empty()) page.last = ids.back();
  for (const Id& id : ids) {
    ChangedObject changed{id, std::move(earlier[id]), std::move(later[id]), std::move(acts[id])};
    if (changed.before != changed.after) page.objects.push_back(std::move(changed));
  }
  return page;
}

}  // namespace sifa::statistics
