#include "libs/statistics/compare.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/core/status.h"
#include "libs/statistics/schema.h"
#include "libs/statistics/statement.h"

namespace sifa::statistics {
namespace {

constexpr size_t kMostShown = 100;

class Comparer {
 public:
  Comparer(mysql::Connection& connection, const Cube& cube, int64_t counted, int64_t recomputed,
           RebuildReport* report)
      : connection_(connection), cube_(cube), counted_(counted), recomputed_(recomputed), report_(report) {}

  // One slice at a time, so that the server groups in memory.
  absl::Status Run(const std::function<absl::Status()>& between) {
    ASSIGN_OR_RETURN(
        const auto slices,
        connection_.Query(
            "SELECT DISTINCT shape, period_kind, period_start DIV 1000000 FROM statistics_counter"
            " WHERE generation IN (?, ?) AND cube_number = ?",
            {counted_, recomputed_, cube_.id}));
    for (const auto& slice : slices) {
      RETURN_IF_ERROR(CompareCounters(slice.Int(0), slice.Int(1), slice.Int(2)));
      RETURN_IF_ERROR(between());
    }
    ASSIGN_OR_RETURN(
        const auto months,
        connection_.Query(
            "SELECT DISTINCT month FROM statistics_contribution WHERE generation IN (?, ?) AND cube_number = ?",
            {counted_, recomputed_, cube_.id}));
    for (const auto& month : months) {
      RETURN_IF_ERROR(CompareContributions(month.Int(0)));
      RETURN_IF_ERROR(between());
    }
    return Count();
  }

 private:
  std::string Classes() const {
    std::string columns;
    for (size_t i = 0; i < cube_.dimensions.size(); ++i) absl::StrAppend(&columns, ", d", i);
    return columns;
  }

  // The generations stand in the text: they are numbers of our own, and each measure names them.
  std::string SumsOf(int64_t generation) const {
    std::string sums;
    for (size_t i = 0; i < cube_.measures.size(); ++i) {
      absl::StrAppend(&sums, ", SUM(CASE WHEN generation = ", generation, " THEN m", i, " ELSE 0 END)");
    }
    return sums;
  }
  std::string Differs() const {
    std::vector<std::string> sums;
    for (size_t i = 0; i < cube_.measures.size(); ++i) {
      sums.push_back(absl::StrCat("COALESCE(SUM(CASE WHEN generation = ", counted_, " THEN m", i, " ELSE -m",
                                  i, " END), 0) <> 0"));
    }
    return absl::StrJoin(sums, " OR ");
  }

  absl::Status CompareCounters(int64_t shape, int64_t kind, int64_t month) {
    const std::string key = absl::StrCat("period_start, place", Classes());
    Statement statement(absl::StrCat(
        "SELECT ", key, SumsOf(counted_), SumsOf(recomputed_),
        " FROM statistics_counter WHERE generation IN (?, ?) AND cube_number = ? AND shape = ? AND period_kind = ?"
        " AND period_start >= ? AND period_start < ?"));
    statement.Add("", {counted_, recomputed_, cube_.id, shape, kind, month * 1000000, (month + 1) * 1000000});
    statement.Add(absl::StrCat(" GROUP BY ", key, " HAVING ", Differs()));
    ASSIGN_OR_RETURN(const auto rows, statement.Query(connection_));
    for (const auto& row : rows) {
      std::string where = absl::StrCat(ShortStart(static_cast<PeriodKind>(kind), row.Int(0)), " ", row.Bytes(1).substr(1));
      for (size_t i = 0; i < cube_.dimensions.size(); ++i) {
        const std::string& code = row.Bytes(2 + static_cast<int>(i));
        if (!code.empty()) absl::StrAppend(&where, " ", cube_.dimensions[i].name, "=", code);
      }
      AddDifference(std::move(where), row, 2 + static_cast<int>(cube_.dimensions.size()));
    }
    return absl::OkStatus();
  }

  absl::Status CompareContributions(int64_t month) {
    const std::string key =
        absl::StrCat("position, ordinal, region, day, quarter_hour, organisation_path, object_id", Classes());
    Statement statement(
        absl::StrCat("SELECT ", key, SumsOf(counted_), SumsOf(recomputed_),
                     " FROM statistics_contribution WHERE generation IN (?, ?) AND cube_number = ? AND month = ?"));
    statement.Add("", {counted_, recomputed_, cube_.id, month});
    statement.Add(absl::StrCat(" GROUP BY ", key, " HAVING COUNT(*) <> 2 OR ", Differs()));
    ASSIGN_OR_RETURN(const auto rows, statement.Query(connection_));
    for (const auto& row : rows) {
      AddDifference(absl::StrCat("position ", row.Int(0), " object ", row.AsId(6).ToString()), row,
                    7 + static_cast<int>(cube_.dimensions.size()));
    }
    return absl::OkStatus();
  }

  void AddDifference(std::string where, const mysql::Row& row, int first) {
    ++report_->difference_count;
    if (report_->differences.size() >= kMostShown) return;
    CounterDifference difference{std::string(cube_.name), std::move(where)};
    const int measures = static_cast<int>(cube_.measures.size());
    for (int i = 0; i < measures; ++i) {
      difference.counted.push_back(row.Int(first + i));
      difference.recomputed.push_back(row.Int(first + measures + i));
    }
    report_->differences.push_back(std::move(difference));
  }

  absl::Status Count() {
    ASSIGN_OR_RETURN(
        const auto counters,
        connection_.Query("SELECT COUNT(*) FROM statistics_counter WHERE generation = ? AND cube_number = ?",
                          {recomputed_, cube_.id}));
    ASSIGN_OR_RETURN(
        const auto contributions,
        connection_.Query("SELECT COUNT(*) FROM statistics_contribution WHERE generation = ? AND cube_number = ?",
                          {recomputed_, cube_.id}));
    report_->counters += counters[0].Int(0);
    report_->contributions += contributions[0].Int(0);
    return absl::OkStatus();
  }

  mysql::Connection& connection_;
  const Cube& cube_;
  const int64_t counted_, recomputed_;
  RebuildReport* const report_;
};

}  // namespace

absl::Status CompareGenerations(mysql::Connection& connection, const Cubes& cubes, int64_t counted,
                                int64_t recomputed, const std::function<absl::Status()>& between,
                                RebuildReport* report) {
  for (const Cube* cube : cubes.all()) {
    RETURN_IF_ERROR(Comparer(connection, *cube, counted, recomputed, report).Run(between));
  }
  return absl::OkStatus();
}

}  // namespace sifa::statistics
