// Filing a report and counting again are acts: once for each request, and in the journal.
#include "libs/casework/statistics_service.h"

#include "libs/casework/test_desk.h"

namespace sifa::casework {
namespace {

struct Reporting : Desk {
  Reporting() : cubes({&kLettersCube}), api(*office.pool, cubes, {&codes, &regions, nullptr}, office.clock), service(backend(), api) {}

  statistics::v1::FreezeRequest Report(const std::string& name, const std::string& request_id) {
    statistics::v1::FreezeRequest r;
    r.set_name(name);
    r.set_request_id(request_id);
    r.mutable_query()->set_cube("caseworktest.letters");
    r.mutable_query()->set_from("2024-08-01");
    r.mutable_query()->set_to("2024-08-31");
    r.mutable_query()->set_region("330783");
    return r;
  }
  absl::StatusOr<statistics::v1::Report> Freeze(const statistics::v1::FreezeRequest& r) {
    auto call = Call("StatisticsService/FreezeReport", head);
    return service.Freeze(call, r);
  }
  absl::StatusOr<statistics::v1::RebuildResponse> Rebuild(bool replace, const std::string& request_id) {
    statistics::v1::RebuildRequest r;
    r.set_replace(replace);
    r.set_request_id(request_id);
    auto call = Call("StatisticsService/RebuildStatistics", head);
    return service.Rebuild(call, r);
  }
  int64_t Rows(const std::string& action) {
    return Count("SELECT COUNT(*) FROM journal WHERE action = '" + action + "' AND actor = '01HEAD'");
  }

  RegionTable regions = Must(RegionTable::Load(SIFA_ROOT "/data/regions"));
  CodeTables codes = Must(CodeTables::Load(SIFA_ROOT "/data/code-tables"));
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

TEST_CASE("counting again is journalled before it begins, and once more with what was found") {
  Reporting at;
  CHECK(Must(at.Rebuild(true, "")).replaced());
  CHECK(at.Rows("REBUILD_STATISTICS") == 1);
  CHECK(at.Rows("STATISTICS_REBUILT") == 1);
}

TEST_CASE("counting again is done once for a request, and a repeated one is answered as at first") {
  Reporting at;
  const auto first = Must(at.Rebuild(true, "r-1"));
  Must(at.Reply(at.Receive()));
  const auto again = Must(at.Rebuild(true, "r-1"));
  CHECK(again.SerializeAsString() == first.SerializeAsString());
  CHECK(at.Rows("REBUILD_STATISTICS") == 1);
  CHECK(ReasonOf(at.Rebuild(false, "r-1").status()) == "REQUEST_ID_REUSED");
  CHECK_FALSE(Must(at.Rebuild(false, "r-2")).replaced());
  CHECK(at.Rows("STATISTICS_REBUILT") == 2);
}

}  // namespace sifa::casework
