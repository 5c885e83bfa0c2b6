// What the tests and the benchmark of statistics share: a cube as mediation's, and a journal written by hand,
// sealed and folded as a service does it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/crypto/keyring.h"
#include "libs/journal/follower.h"
#include "libs/journal/sealer.h"
#include "libs/journal/writer.h"
#include "libs/statistics/figure_check.h"
#include "libs/statistics/counter_snapshot.h"
#include "libs/statistics/folder.h"
#include "libs/statistics/statistics_api.h"
#include "libs/testing/test_database.h"
#include "sifa/casework/v1/casework.pb.h"

namespace sifa::statistics::test {

inline constexpr Dimension kDimensions[] = {
    {"type", "纠纷类型", "dispute_type", "dispute_group"},
    {"source", "案件来源", "case_source"},
    {"level", "级别", "mediation_level"},
    {"committee", "调解组织", "committee_type"},
};
inline constexpr Measure kMeasures[] = {
    {"accepted", "受理件数", "件"},
    {"succeeded", "调解成功件数", "件"},
    {"amount_fen", "涉及金额", "分"},
};
inline constexpr Ratio kRatios[] = {
    {"success", "调解成功率", "succeeded", "accepted", 100, 2, "%", "law 3.7: 分母为受理件数"},
    {"per_10000", "万人化解率", "accepted", kPopulation, 10000, 2, "件/万人", "law 3.7: 分母为常住人口"},
};
inline constexpr Cube kCases{.id = 1, .name = "mediation.cases", .label = "人民调解案件", .dimensions = kDimensions,
                             .measures = kMeasures, .ratios = kRatios, .share_of = "accepted", .decimals = 1};
// The same, of which some lie ahead.
inline constexpr Cube kDue{.id = 2, .name = "mediation.due", .label = "到期", .dimensions = kDimensions,
                           .measures = kMeasures, .ratios = kRatios, .ahead = true};
// The same as a stock.
inline constexpr Cube kStock{.id = 3, .name = "mediation.stock", .label = "存量", .dimensions = kDimensions,
                             .measures = kMeasures, .ratios = kRatios, .share_of = "accepted", .stock = true};
// The same, counted more finely; of those that were there or came the ones that succeeded.
inline constexpr absl::string_view kSucceeded[] = {"succeeded"};
inline constexpr Base kThereOrCame[] = {{"mediation.stock", "accepted", true}, {"mediation.cases", "accepted"}};
inline constexpr Rate kDayRates[] = {{"finished", "办结率", kSucceeded, kThereOrCame}};
inline constexpr Cube kDays{.id = 4,
                            .name = "mediation.days",
                            .label = "按日",
                            .dimensions = kDimensions,
                            .measures = kMeasures,
                            .rates = kDayRates,
                            .each = "accepted",
                            .share_of = "accepted",
                            .finest = PeriodKind::kDay};
inline constexpr Cube kQuarters{.id = 5, .name = "mediation.quarters", .label = "按刻钟", .dimensions = kDimensions,
                                .measures = kMeasures, .finest = PeriodKind::kQuarterHour};
// The same, some of it sealed.
inline constexpr Measure kPartlySealed[] = {
    {"accepted", "受理件数", "件"}, {"succeeded", "调解成功件数", "件", nullptr, true}, {"amount_fen", "涉及金额", "分"}};
inline constexpr Cube kSealedCases{
    .id = 6, .name = "mediation.sealed", .label = "封存", .dimensions = kDimensions, .measures = kPartlySealed};
static_assert(IsSound(kCases) && IsSound(kDue) && IsSound(kStock) && IsSound(kDays) && IsSound(kQuarters) &&
              IsSound(kSealedCases));

inline constexpr char kBureau[] = "/33/3307/330783/";

// One case of the cube.
struct Case {
  std::string day = "2026-01-10";
  std::string region = "330783001";
  std::string path = "/33/3307/330783/330783001/";
  std::string type = "01", source = "1", level = "1", committee = "3";
  int64_t accepted = 1, succeeded = 0, amount_fen = 0;
  std::string cube = "mediation.cases";
  int quarter_hour = 0;

  void Fill(casework::v1::Count* count) const {
    count->set_cube(cube);
    count->set_day(day);
    count->set_quarter_hour(quarter_hour);
    count->set_region(region);
    count->set_organisation_path(path);
    for (const std::string& value : {type, source, level, committee}) count->add_dimensions(value);
    for (const int64_t value : {accepted, succeeded, amount_fen}) count->add_measures(value);
  }
};

inline void Must(const absl::Status& status) {
  if (!status.ok()) testing::Die(status.ToString());
}

// A service's schema with its sealer and its follower.
class World {
 public:
  explicit World(const testing::MariaServer* server = nullptr)
      : database_(server == nullptr ? std::make_unique<testing::TestDatabase>()
                                    : std::make_unique<testing::TestDatabase>(*server)) {
    const auto migrate = [&](absl::string_view name, absl::Span<const mysql::Migration> steps) {
      Must(mysql::Migrate(database_->MigrationOptions(), name, steps));
    };
    migrate("journal", {journal::kSchema, journal::kSchemaSteps});
    migrate("statistics", {kSchema, kSchemaSteps});
    database_->GrantService();
    pool = std::make_unique<mysql::Pool>(database_->ServiceOptions());
    auto opened = crypto::Keyring::Open(dir_ / "keys", crypto::SuiteId::kInternational, true);
    Must(opened.status());
    keyring_ = *std::move(opened);
    writer_ = std::make_unique<journal::Writer>(*keyring_);
    sealer_ = std::make_unique<journal::Sealer>(*pool, *keyring_, clock,
                                                journal::Sealer::Options{"test", dir_ / "anchor", {}});
    follower = std::make_unique<journal::Follower>(*pool, kFollowerName, MakeFold(cubes));
  }

  // An act that makes the object count as `after` (nullptr: voided). Not yet sealed.
  void Act(const Id& object, const Case* after) {
    rows_.push_back(Row(object, after));
    if (rows_.size() == 500) Append();
  }
  Id Open(const Case& made) {
    const Id id = NewId(clock.Now());
    Act(id, &made);
    return id;
  }
  void Change(const Id& object, const Case& after) { Act(object, &after); }
  void Void(const Id& object) { Act(object, nullptr); }

  void Append() {
    if (rows_.empty()) return;
    Must(pool->InTransaction([&](mysql::Connection& connection) { return writer_->Append(connection, rows_); }));
    rows_.clear();
  }
  void Seal() {
    Append();
    for (int sealed = 1; sealed > 0;) {
      const auto result = sealer_->SealOnce();
      Must(result.status());
      sealed = *result;
    }
  }
  // Seals and counts all; the position.
  int64_t Settle() {
    Seal();
    for (int taken = 1; taken > 0;) {
      const auto result = follower->FollowOnce();
      Must(result.status());
      taken = *result;
    }
    return follower->Position().value();
  }
  // What the check of the figures says.
  std::vector<std::string> FigureFindings() {
    FigureCheck check(cubes);
    const auto report =
        journal::Verify(*pool, *keyring_, {.own = dir_ / "anchor"},
                        [&](auto& connection, const auto& rows, bool last) { return check.Take(connection, rows, last); });
    Must(report.status());
    std::vector<std::string> texts;
    for (const auto& finding : check.findings()) texts.push_back(absl::StrCat(finding.position, " ", finding.text));
    return texts;
  }
  const std::map<Id, Case>& cases() const { return cases_; }
  void KeepSnapshotAt(int64_t position) {
    Must(pool->InTransaction([&](mysql::Connection& connection) { return KeepSnapshot(connection, 1, position, 1); }));
  }
  void Execute(absl::string_view sql) {
    Must(pool->WithConnection(
        [&](mysql::Connection& connection) { return connection.Execute(sql, {}).status(); }));
  }

  absl::StatusOr<Result> Ask(const Query& query) {
    Result result;
    const absl::Status status = WithSnapshot(*pool, [&](Snapshot& snapshot) -> absl::Status {
      ASSIGN_OR_RETURN(result, RunQuery(snapshot, cubes, reference, query, &remembered));
      return absl::OkStatus();
    });
    return status.ok() ? absl::StatusOr<Result>(std::move(result)) : status;
  }

  ManualClock clock{absl::CivilSecond(2026, 6, 1, 9, 0, 0)};
  Cubes cubes{{&kCases, &kDue, &kStock, &kDays, &kQuarters, &kSealedCases}};
  Reference reference;
  Remembered remembered;
  std::unique_ptr<mysql::Pool> pool;
  std::unique_ptr<journal::Follower> follower;

 private:
  journal::Row Row(const Id& object, const Case* after) {
    casework::v1::ActRecord record;
    const auto before = cases_.find(object);
    if (before != cases_.end()) before->second.Fill(record.mutable_counts()->add_before());
    if (after != nullptr) {
      after->Fill(record.mutable_counts()->add_after());
      cases_[object] = *after;
    } else {
      cases_.erase(object);
    }
    journal::Row row;
    row.id = NewId(clock.Now());
    row.object_id = object;
    row.object_type = "Case";
    row.version = ++versions_[object];
    row.occurred_on = clock.Today();
    row.recorded_at = clock.Now();
    row.record = record.SerializeAsString();
    return row;
  }

  std::unique_ptr<testing::TestDatabase> database_;
  testing::TempDir dir_{"sifa-statistics"};
  std::unique_ptr<crypto::Keyring> keyring_;
  std::unique_ptr<journal::Writer> writer_;
  std::unique_ptr<journal::Sealer> sealer_;
  std::vector<journal::Row> rows_;
  std::map<Id, Case> cases_;
  std::map<Id, int64_t> versions_;
};

inline std::vector<std::string> KeysOf(const Result& result, const ResultRow& row) {
  std::vector<std::string> keys;
  for (size_t i = 0; i < result.groups; ++i) keys.push_back(result.Key(row, i));
  return keys;
}

inline Query YearOf(int year) {
  Query query;
  query.cube = "mediation.cases";
  query.from = absl::CivilDay(year, 1, 1);
  query.to = absl::CivilDay(year, 12, 31);
  query.region = "330783";
  return query;
}

}  // namespace sifa::statistics::test
