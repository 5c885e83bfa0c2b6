// Filing a report and counting again are acts: once for each request, and in the journal.
#include "services/mediation/statistics.h"

#include "libs/core/status.h"
#include "libs/statistics/folder.h"
#include "libs/statistics/schema.h"
#include "services/mediation/test_bench.h"

namespace sifa::mediation {
namespace {

struct Reporting : Bench {
  Reporting()
      : Bench({{"statistics", absl::MakeConstSpan(statistics::kSchema, statistics::kSchemaSteps)}}),
        cubes({&kCasesCube}),
        api(*office.pool, cubes, {&codes, &regions, nullptr}, office.clock),
        service(backend(), api) {}

  statistics::v1::FreezeRequest Report(const std::string& name, const std::string& request_id) {
    statistics::v1::FreezeRequest r;
    r.set_name(name);
    r.set_request_id(request_id);
    r.mutable_query()->set_cube("mediation.cases");
    r.mutable_query()->set_from("2024-08-01");
    r.mutable_query()->set_to("2024-08-31");
    r.mutable_query()->set_region("330783");
    return r;
  }
  absl::StatusOr<statistics::v1::Report> Freeze(const statistics::v1::FreezeRequest& r) {
    auto call = Call("StatisticsService/FreezeReport", head);
    return service.Freeze(call, r);
  }
  int64_t Rows(const std::string& action) { return Count("SELECT COUNT(*) FROM journal WHERE action = '" + action + "'"); }

  statistics::Cubes cubes;
  statistics::StatisticsApi api;
  StatisticsService service;
};

}  // namespace

TEST_CASE("a report is filed once for a request, and its filing is journalled with its digest") {
  Reporting at;
  const auto first = Must(at.Freeze(at.Report("8月月报", "r-1")));
  at.office.clock.Advance(absl::Hours(1));
  const auto again = Must(at.Freeze(at.Report("8月月报", "r-1")));
  CHECK(again.SerializeAsString() == first.SerializeAsString());
  CHECK(ReasonOf(at.Freeze(at.Report("9月月报", "r-1")).status()) == "REQUEST_ID_REUSED");
  CHECK(at.Count("SELECT COUNT(*) FROM statistics_report") == 1);
  CHECK(at.Rows("FREEZE_REPORT") == 1);
  CHECK(Must(at.Freeze(at.Report("8月月报", ""))).id() != first.id());
  CHECK(at.Rows("FREEZE_REPORT") == 2);
}

TEST_CASE("counting again is journalled, by whoever asked for it") {
  Reporting at;
  auto call = at.Call("StatisticsService/RebuildStatistics", at.head);
  statistics::v1::RebuildRequest r;
  r.set_replace(true);
  CHECK(Must(at.service.Rebuild(call, r)).replaced());
  CHECK(at.Count("SELECT COUNT(*) FROM journal WHERE action = 'REBUILD_STATISTICS' AND actor = '01HEAD'") == 1);
}

}  // namespace sifa::mediation
