// Filing a report and counting again are acts: once for each request, and in the journal.
#include "libs/casework/statistics_service.h"

#include "libs/casework/letter_fixture.h"

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
    auto call = OfficeCall("StatisticsService/FreezeReport", head);
    return service.Freeze(call, r);
  }
  absl::StatusOr<statistics::v1::Rebuild> Rebuild(bool replace, const std::string& request_id, const Claims& who) {
    statistics::v1::RebuildRequest r;
    r.set_replace(replace);
    r.set_request_id(request_id);
    auto call = OfficeCall("StatisticsService/RebuildStatistics", who);
    return service.Rebuild(call, r);
  }
  absl::StatusOr<statistics::v1::Rebuild> Rebuild(bool replace, const std::string& request_id) {
    return Rebuild(replace, request_id, root);
  }
  // As the office's worker does.
  statistics::v1::Rebuild Finish(const std::string& id) {
    const auto end = [&](mysql::Connection& connection, const statistics::Rebuild& rebuild) {
      return service.JournalEnd(connection, rebuild);
    };
    const absl::Status done = statistics::ContinueRebuild(*office.pool, cubes, office.clock, end);
    if (!done.ok()) FAIL(done);
    statistics::v1::GetRebuildRequest r;
    r.set_id(id);
    return Must(api.GetRebuild(r, {"/33/"}));
  }
  int64_t Rows(const std::string& action) {
    return Count("SELECT COUNT(*) FROM journal WHERE action = '" + action + "' AND actor IN ('01HEAD', '01ROOT')");
  }

  RegionTable regions = Must(RegionTable::Load(SIFA_ROOT "/data/regions"));
  CodeTables codes = Must(CodeTables::Load(SIFA_ROOT "/data/code-tables"));
  const Claims root = testing::ClaimsOf("01ROOT", "root.system", {testing::GrantOf("head", "33", "/33/", 1, true)});
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

TEST_CASE("counting again is begun at once, goes on by itself, and is journalled as it begins and with what was found") {
  Reporting at;
  const auto begun = Must(at.Rebuild(true, ""));
  CHECK(begun.state() == statistics::v1::Rebuild::RUNNING);
  CHECK(at.Rows("REBUILD_STATISTICS") == 1);
  CHECK(at.Rows("STATISTICS_REBUILT") == 0);
  CHECK(ReasonOf(at.Rebuild(true, "").status()) == "REBUILD_RUNNING");
  CHECK(at.Rows("REBUILD_STATISTICS") == 1);
  const auto done = at.Finish(begun.id());
  CHECK(done.state() == statistics::v1::Rebuild::FINISHED);
  CHECK(done.replaced());
  CHECK(done.has_end_time());
  CHECK(at.Rows("STATISTICS_REBUILT") == 1);
  CHECK(Must(at.api.ListRebuilds({}, {"/33/"})).rebuilds_size() == 1);
}

TEST_CASE("counting again is begun once for a request, and a repeated one is answered with how it stands") {
  Reporting at;
  const auto first = Must(at.Rebuild(true, "r-1"));
  CHECK(Must(at.Rebuild(true, "r-1")).id() == first.id());
  CHECK(at.Rows("REBUILD_STATISTICS") == 1);
  CHECK(ReasonOf(at.Rebuild(false, "r-1").status()) == "REQUEST_ID_REUSED");
  at.Finish(first.id());
  CHECK(Must(at.Rebuild(true, "r-1")).state() == statistics::v1::Rebuild::FINISHED);
  CHECK_FALSE(at.Finish(Must(at.Rebuild(false, "r-2")).id()).replaced());
  CHECK(at.Rows("STATISTICS_REBUILT") == 2);
}

TEST_CASE("the figures of all are counted again by the office at the top of the tree alone (F16)") {
  Reporting at;
  CHECK(ReasonOf(at.Rebuild(true, "", at.head).status()) == "STATISTICS_OUT_OF_REACH");
  CHECK(at.Rows("REBUILD_STATISTICS") == 0);
  statistics::v1::GetRebuildRequest r;
  r.set_id(Must(at.Rebuild(false, "")).id());
  CHECK(ReasonOf(at.api.GetRebuild(r, {at.kCountyPath}).status()) == "STATISTICS_OUT_OF_REACH");
  CHECK(ReasonOf(at.api.GetRebuild(r, {"=/33/"}).status()) == "STATISTICS_OUT_OF_REACH");
  CHECK(at.api.GetRebuild(r, {"/33/"}).ok());
  CHECK(ReasonOf(at.api.ListRebuilds({}, {at.kCountyPath}).status()) == "STATISTICS_OUT_OF_REACH");
}

}  // namespace sifa::casework
